"""A test in a lesson, and the questions of the bank it draws from."""

from types import SimpleNamespace
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import BlockGroup
from wagtail.snippets.blocks import SnippetChooserBlock

from .activities import (
    GROUP_CHECK,
    ActivityBlock,
    MultipleChoiceBlock,
    SingleChoiceBlock,
    TrueFalseBlock,
)


class InBank(blocks.StructBlock):
    """A question that waits in a bank: the test it is drawn for decides what counts."""

    required = None
    alternative = None

    def get_form_layout(self) -> BlockGroup:
        return BlockGroup(list(self.child_blocks))

    def get_preview_value(self) -> Any:
        own = {name: value for name, value in self.meta.preview_value.items() if name in self.child_blocks}
        return self.normalize(own)


class BankSingleChoiceBlock(InBank, SingleChoiceBlock):
    pass


class BankMultipleChoiceBlock(InBank, MultipleChoiceBlock):
    pass


class BankTrueFalseBlock(InBank, TrueFalseBlock):
    pass


BANK_BLOCKS = [
    ("single_choice", BankSingleChoiceBlock()),
    ("multiple_choice", BankMultipleChoiceBlock()),
    ("true_false", BankTrueFalseBlock()),
]


class QuizBlock(ActivityBlock):
    """Publishing the lesson freezes the bank as it is then."""

    kind = "quiz"
    question = blocks.TextBlock(label=_("What this test is about"), rows=2)
    bank = SnippetChooserBlock(
        "cms.QuestionBank",
        label=_("Question bank"),
        help_text=_(
            "The test uses the questions as they are when you publish this lesson. "
            "After changing the bank, publish the lesson again."
        ),
    )
    draw = blocks.IntegerBlock(
        label=_("How many questions"),
        min_value=1,
        default=15,
        help_text=_("Every try draws this many questions from the bank, each time anew."),
    )
    pass_score = blocks.IntegerBlock(label=_("How many right to pass"), min_value=1, default=11)
    attempts = blocks.IntegerBlock(
        label=_("How many tries"),
        min_value=0,
        default=0,
        help_text=_("0 is as many as people like. Who has no tries left cannot finish the course alone."),
    )

    def fields_of(self, value: Any) -> dict[str, Any]:
        bank = value.get("bank")
        questions = [_as_fields(child) for child in bank.questions] if bank is not None else []
        fields = {name: value.get(name) for name in ("question", "draw", "pass_score", "attempts")}
        return {**fields, "questions": questions}

    def get_preview_value(self) -> Any:
        """With a bank of one question, so that the block chooser shows what learners will see."""
        value = super().get_preview_value()
        sample = BankSingleChoiceBlock().get_preview_value()
        questions = blocks.StreamBlock(BANK_BLOCKS).normalize([("single_choice", sample)])
        value["bank"] = SimpleNamespace(questions=questions)
        return value

    class Meta:
        icon = "clipboard-list"
        label = _("Test")
        group = GROUP_CHECK
        description = _(
            "Questions drawn from a bank, anew at every try. Passed from a number of right answers."
        )
        preview_value = {
            "required": True,
            "question": _("Fifteen questions about all lessons."),
            "bank": None,
            "draw": 1,
            "pass_score": 1,
            "attempts": 0,
        }


def _as_fields(child: Any) -> dict[str, Any]:
    """A question of the bank, in the author's fields of its kind."""
    return {"id": child.id, "kind": child.block.kind, "fields": child.block.fields_of(child.value)}
