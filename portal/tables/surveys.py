"""What was answered before and after, as averages."""

from collections.abc import Iterable
from dataclasses import dataclass

import django_tables2 as tables
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from courses.queries.surveys import Average, ConstructResult
from portal.tables.empty import NOTHING


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
