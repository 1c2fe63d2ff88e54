"""How the questions of tests went."""

import django_tables2 as tables
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from courses.item_analysis import Verdict
from courses.queries.questions import QuestionLine
from portal.tables.empty import NOTHING

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
