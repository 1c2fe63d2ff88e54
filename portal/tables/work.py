"""What was handed in, what was given, and how packages went."""

from typing import Any

import django_tables2 as tables
from django.template.defaultfilters import floatformat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from certification.models import Award
from courses.models import Submission
from courses.queries.packages import Played
from portal.tables.empty import NOTHING


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

    def render_alias(self, value: str | None, record: Award) -> str:
        return str(_("holder's details removed")) if record.erased_at else value or NOTHING

    def render_points(self, record: Award) -> str:
        # What was withdrawn or replaced brings none; what only expired has brought them.
        counting = record.points.all() if record.status == Award.Status.VALID else ()
        return (
            ", ".join(f"{each.register.name} {floatformat(each.points, -1)}" for each in counting) or NOTHING
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
