"""Who is where: all learners, and the members of a group."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from courses.models import Enrolment
from courses.queries.progress import CourseProgress
from meetings.queries.showing_up import ShowingUp
from portal.tables.empty import NOTHING
from portal.wording import how_long_ago


class LearnersTable(tables.Table):
    """Who learns, by alias, and how far they are. `progress` maps enrolment ids to `CourseProgress`."""

    alias = tables.Column(verbose_name=_("Name in the group"))
    course = tables.Column(accessor="course__title", verbose_name=_("Course"))
    cohort = tables.Column(accessor="cohort__name", verbose_name=_("Group"), default="–")
    progress = tables.Column(accessor="pk", verbose_name=_("Progress"), orderable=False)
    started_at = tables.DateColumn(verbose_name=_("Started"), format="j F Y")
    status = tables.Column(verbose_name=_("Status"))
    help = tables.LinkColumn(
        "recovery_code",
        args=[tables.A("learner_id")],
        text=_("Help back in"),
        verbose_name=_("Locked out?"),
        orderable=False,
    )

    class Meta:
        model = Enrolment
        fields = ("alias", "course", "cohort", "progress", "started_at", "status", "help")
        attrs = {"class": "stack-table"}
        template_name = "portal/table.html"
        empty_text = _("Nobody has started yet. Learners appear here when they start a course.")
        order_by = "alias"

    def __init__(self, *args: Any, progress: dict, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.progress = progress

    def render_progress(self, record: Enrolment) -> str:
        course = self.progress[record.pk]
        return format_html(
            '{} <progress value="{}" max="{}" aria-label="{}"></progress>',
            _("%(done)s of %(total)s lessons") % {"done": course.lessons_done, "total": course.lessons_total},
            course.lessons_done,
            max(course.lessons_total, 1),
            _("Progress of %(alias)s") % {"alias": record.alias},
        )


@dataclass(frozen=True)
class MemberLine:
    """Somebody in a group: where they were last, how far they are, when they were last here."""

    alias: str
    alias_sorted: str
    where: str
    place: tuple[int, int]
    lessons_done: int
    lessons_total: int
    came: ShowingUp
    last_busy: datetime
    ago: str
    status: str


def member_lines(
    progress: Iterable[CourseProgress], came: Mapping[tuple[int, UUID], ShowingUp], now: datetime
) -> list[MemberLine]:
    """A line per enrolment (`with_last_busy`, and its lesson `here`), in the order given. `came`: by group and learner."""
    return [
        MemberLine(
            alias=course.enrolment.alias,
            alias_sorted=course.enrolment.alias.casefold(),
            where=_where(course.enrolment),
            place=_place(course.enrolment),
            lessons_done=course.lessons_done,
            lessons_total=course.lessons_total,
            came=came.get((course.enrolment.cohort_id, course.enrolment.learner_id), ShowingUp(0, 0)),
            last_busy=course.enrolment.last_seen or course.enrolment.last_busy,
            ago=_last_seen(course.enrolment, now),
            status=str(course.enrolment.get_status_display()),
        )
        for course in progress
    ]


def _last_seen(enrolment: Any, now: datetime) -> str:
    return str(_("not begun")) if enrolment.last_seen is None else how_long_ago(enrolment.last_seen, now)


def _where(enrolment: Enrolment) -> str:
    here = enrolment.here
    return f"{here.session.local_title}: {here.local_title}" if here else str(_("not begun"))


def _place(enrolment: Enrolment) -> tuple[int, int]:
    here = enrolment.here
    return (here.session.position, here.position) if here else (-1, -1)


class MembersTable(tables.Table):
    """Who of a group is where (`MemberLine`). Every column is plain words: the file holds what the screen shows."""

    alias = tables.Column(verbose_name=_("Name in the group"), order_by=("alias_sorted",))
    where = tables.Column(verbose_name=_("Was last in"), order_by=("place",))
    lessons = tables.Column(
        accessor="lessons_done", verbose_name=_("Done"), order_by=("lessons_done", "alias_sorted")
    )
    meetings = tables.Column(
        accessor="came", verbose_name=_("Meetings"), order_by=("came__there", "alias_sorted")
    )
    ago = tables.Column(verbose_name=_("Last seen"), order_by=("last_busy",))
    status = tables.Column(verbose_name=_("Status"))

    class Meta:
        attrs = {"class": "stack-table"}
        template_name = "portal/table.html"
        empty_text = _("Nobody is here yet, or nobody fits what you chose.")
        order_by = "alias"

    def render_meetings(self, value: ShowingUp) -> str:
        return (
            _("%(there)s of %(held)s") % {"there": value.there, "held": value.held} if value.held else NOTHING
        )

    def render_lessons(self, record: MemberLine) -> str:
        return _("%(done)s of %(total)s lessons") % {
            "done": record.lessons_done,
            "total": record.lessons_total,
        }
