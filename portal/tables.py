"""Tables on the trainers' and coordinators' screens."""

from typing import Any

import django_tables2 as tables
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from courses.models import Enrolment, Submission
from courses.queries.surveys import Average


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


class SurveyTable(tables.Table):
    """Averages per construct (`ConstructResult`), hidden where they are of too few people."""

    text = tables.Column(verbose_name=_("Question"), orderable=False)
    before = tables.Column(verbose_name=_("At the start"), orderable=False)
    after = tables.Column(verbose_name=_("At the end"), orderable=False)
    change = tables.Column(verbose_name=_("Change"), orderable=False)

    class Meta:
        attrs = {"class": "stack-table"}
        template_name = "portal/table.html"
        empty_text = _("This course asks nothing before and after.")

    def render_before(self, value: Average) -> str:
        return _shown(value)

    def render_after(self, value: Average) -> str:
        return _shown(value)

    def render_change(self, value: Average) -> str:
        return _shown(value, sign="+")


def _shown(average: Average, sign: str = "") -> str:
    if average.value is None:
        return str(_("too few answers"))
    number = number_format(f"{average.value:{sign}.1f}")
    return ngettext("%(number)s (%(people)s person)", "%(number)s (%(people)s people)", average.people) % {
        "number": number,
        "people": average.people,
    }


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
