"""Tables on the trainers' and coordinators' screens."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import django_tables2 as tables
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from certification.models import Award
from courses.item_analysis import Verdict
from courses.models import Enrolment, Submission
from courses.queries.packages import Played
from courses.queries.progress import CourseProgress
from courses.queries.questions import QuestionLine
from courses.queries.surveys import Average, ConstructResult
from meetings.queries.showing_up import ShowingUp
from portal.wording import how_long_ago

NOTHING = "–"


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
    """A line per enrolment (with `last_busy` and its lesson `here`), in the order given. `came`: by group and learner."""
    return [
        MemberLine(
            alias=course.enrolment.alias,
            alias_sorted=course.enrolment.alias.casefold(),
            where=_where(course.enrolment),
            place=_place(course.enrolment),
            lessons_done=course.lessons_done,
            lessons_total=course.lessons_total,
            came=came.get((course.enrolment.cohort_id, course.enrolment.learner_id), ShowingUp(0, 0)),
            last_busy=course.enrolment.last_busy,
            ago=how_long_ago(course.enrolment.last_busy, now),
            status=str(course.enrolment.get_status_display()),
        )
        for course in progress
    ]


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


class SurveyTable(tables.Table):
    """Averages per construct (`ConstructResult`), hidden where they are of too few people."""

    text = tables.Column(verbose_name=_("Question"))
    before = tables.Column(verbose_name=_("At the start"))
    looking_back = tables.Column(verbose_name=_("The start, looking back"))
    after = tables.Column(verbose_name=_("At the end"))
    change = tables.Column(verbose_name=_("Change"), empty_values=())
    later = tables.Column(verbose_name=_("Three months later"))

    class Meta:
        attrs = {"class": "stack-table"}
        template_name = "portal/table.html"
        empty_text = _("This course asks nothing before and after.")
        orderable = False

    def render_before(self, value: Average, record: ConstructResult) -> str:
        asked_at_the_end_only = value.value is None and record.after.value is not None
        return NOTHING if asked_at_the_end_only else _shown(value)

    def render_after(self, value: Average) -> str:
        return _shown(value)

    def render_looking_back(self, value: Average) -> str:
        return NOTHING if value.value is None else _shown(value)

    def render_later(self, value: Average) -> str:
        return NOTHING if value.value is None else _shown(value)

    def render_change(self, record: ConstructResult) -> str:
        return NOTHING if record.change is None else number_format(f"{record.change:+.1f}")


def _shown(average: Average) -> str:
    if average.value is None:
        return str(_("too few answers"))
    return ngettext("%(number)s (%(people)s person)", "%(number)s (%(people)s people)", average.people) % {
        "number": number_format(f"{average.value:.1f}"),
        "people": average.people,
    }


@dataclass(frozen=True)
class ResultLine:
    """A construct as it is drawn, on a line from 0 to 100: what it says, from where to where, and both in words."""

    text: str
    start: float
    end: float
    words: str


def result_lines(results: Iterable[ConstructResult]) -> list[ResultLine]:
    """Lines to draw, of what may be shown. The scale runs from 0 to 10 as the evaluation's rulers do."""
    return [
        ResultLine(
            text=result.text,
            start=result.before.value * 10,
            end=result.after.value * 10,
            words=f"{number_format(f'{result.before.value:.1f}')} → {number_format(f'{result.after.value:.1f}')}",
        )
        for result in results
        if result.before.value is not None and result.after.value is not None
    ]


VERDICTS = {
    Verdict.TURNED: _(
        "Who does well on the rest gets this one wrong more often. Check which answer is marked as right, and the wording."
    ),
    Verdict.HARD: _("Hardly anybody has this right. Does the lesson say it clearly?"),
    Verdict.WEAK: _("This question hardly tells apart who knows more and who knows less."),
    Verdict.EASY: _("Nearly everybody knows this. That may be what you want."),
    Verdict.FINE: _("This question does its work."),
    Verdict.TOO_FEW: _("Asked of too few people to say anything."),
}


class QuestionsTable(tables.Table):
    """The questions of a test, those to look at first. Where fewer than five people were asked it shows no numbers."""

    text = tables.Column(verbose_name=_("Question"))
    verdict = tables.Column(verbose_name=_("What you can make of it"))
    asked = tables.Column(accessor="statistics", verbose_name=_("Asked"))
    right = tables.Column(accessor="statistics", verbose_name=_("Right"))
    wrong_option = tables.Column(verbose_name=_("Most chosen wrong answer"), empty_values=())
    discrimination = tables.Column(accessor="statistics", verbose_name=_("Discrimination"))

    class Meta:
        attrs = {"class": "stack-table"}
        template_name = "portal/table.html"
        orderable = False

    def render_verdict(self, value: Verdict) -> str:
        return VERDICTS[value]

    def render_asked(self, record: QuestionLine) -> str:
        return _numbers(record, _("%(number)s times") % {"number": record.statistics.asked})

    def render_right(self, record: QuestionLine) -> str:
        return _numbers(record, f"{record.statistics.share_right:.0%}")

    def render_wrong_option(self, record: QuestionLine) -> str:
        if not record.wrong_option:
            return NOTHING
        told = _("%(answer)s (%(number)s times)")
        count = record.statistics.commonest_wrong_count
        return _numbers(record, told % {"answer": record.wrong_option, "number": count})

    def render_discrimination(self, record: QuestionLine) -> str:
        value = record.statistics.discrimination
        return NOTHING if value is None else _numbers(record, number_format(value, 2))


def _numbers(line: QuestionLine, words: str) -> str:
    """The words, unless so few people were asked that they would tell what somebody answered."""
    return NOTHING if line.verdict == Verdict.TOO_FEW else words


class SubmissionsTable(tables.Table):
    """What was handed in (`courses.queries.submissions.for_review`), in that order."""

    alias = tables.LinkColumn(
        "submission", args=[tables.A("pk")], accessor="enrolment__alias", verbose_name=_("Name in the group")
    )
    course = tables.Column(accessor="enrolment__course__local_title", verbose_name=_("Course"))
    lesson = tables.Column(
        accessor="attempt__version__activity__lesson__local_title", verbose_name=_("Lesson")
    )
    handed_in_at = tables.DateColumn(verbose_name=_("Handed in"), format="j F Y")
    answered = tables.Column(verbose_name=_("Answer"))

    class Meta:
        attrs = {"class": "stack-table"}
        template_name = "portal/table.html"
        empty_text = _("Nothing has been handed in yet in the groups that you train.")
        orderable = False

    def render_answered(self, record: Submission) -> str:
        if record.answered:
            return str(_("answered"))
        return str(_("counts without an answer") if record.waited_out_at else _("waits for you"))


class AwardsTable(tables.Table):
    """Certificates: who has what, until when, and with which points."""

    alias = tables.LinkColumn(
        "award_record",
        args=[tables.A("public_id")],
        accessor="enrolment__alias",
        verbose_name=_("Name in the group"),
        empty_values=(),
    )
    serial = tables.Column(verbose_name=_("Number"), order_by=("serial_year", "serial_number"))
    title = tables.Column(verbose_name=_("Course"))
    cohort = tables.Column(accessor="enrolment__cohort__name", verbose_name=_("Group"), default=NOTHING)
    issued_at = tables.DateColumn(verbose_name=_("Issued on"), format="j F Y")
    valid_until = tables.DateColumn(verbose_name=_("Valid until"), format="j F Y", default=_("for good"))
    state = tables.Column(accessor="state_label", verbose_name=_("Today"), orderable=False)
    points = tables.Column(verbose_name=_("Points"), accessor="pk", orderable=False)

    class Meta:
        attrs = {"class": "stack-table"}
        template_name = "portal/table.html"
        empty_text = _("No certificates here.")
        order_by = "-issued_at"

    def render_alias(self, value: str | None) -> str:
        return value or NOTHING

    def render_points(self, record: Award) -> str:
        return (
            ", ".join(f"{each.register.name} {number_format(each.points)}" for each in record.points.all())
            or NOTHING
        )


class PlayedTable(tables.Table):
    """Who did something in a package (`courses.queries.packages.Played`), with the score that counts by its policy."""

    alias = tables.Column(accessor="enrolment__alias", verbose_name=_("Name in the group"))
    score = tables.Column(accessor="counted", verbose_name=_("Reported score"), empty_values=())
    tries = tables.Column(verbose_name=_("Tries"))
    done = tables.Column(verbose_name=_("Done"))

    class Meta:
        attrs = {"class": "stack-table"}
        template_name = "portal/table.html"
        empty_text = _("Nobody in your care has done anything in this package yet.")
        orderable = False

    def __init__(self, *args: Any, activity_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.activity_id = activity_id

    def render_alias(self, record: Played) -> str:
        address = reverse("played_by_learner", args=[self.activity_id, record.enrolment.pk])
        return format_html('<a href="{}">{}</a>', address, record.enrolment.alias)

    def render_score(self, record: Played) -> str:
        return record.counted.readable if record.counted else NOTHING

    def render_done(self, value: bool) -> str:
        return str(_("yes") if value else _("not yet"))
