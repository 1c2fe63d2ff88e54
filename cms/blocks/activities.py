"""One block per kind of activity. A block turns what a trainer wrote into the fields of `courses.activities`."""

from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from courses.activities.survey import CONSTRUCT

from .activity import ActivityBlock, list_items
from .assignment import AssignmentBlock
from .dialogue import DialogueBlock
from .package_activity import PackageBlock

MOST_OF_NAME = 62  # characters of a short name
GROUP_CHECK = _("Checks")
GROUP_SELF = _("For yourself")


class OptionBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("Answer"), max_length=500)
    right = blocks.BooleanBlock(label=_("This is right"), required=False)
    feedback = blocks.TextBlock(
        label=_("What you say to who chooses this"),
        rows=2,
        help_text=_("Teach kindly. Say why, and where a better thought begins; do not give the answer away."),
    )

    class Meta:
        label_format = "{text}"


class ChoiceFields(ActivityBlock):
    question = blocks.TextBlock(label=_("Question"), rows=2)
    options = blocks.ListBlock(OptionBlock(), label=_("Answers"), min_num=2, max_num=10)

    def fields_of(self, value: Any) -> dict[str, Any]:
        return {"question": value["question"], "options": list_items(value["options"])}


CHOICE_PREVIEW = {
    "required": True,
    "question": _("Samira asks you to manage her money. What do you do?"),
    "options": [
        {"text": _("You do it, just this once."), "right": False, "feedback": _("Understandable.")},
        {"text": _("You look together for who can."), "right": True, "feedback": _("Yes.")},
    ],
}


class SingleChoiceBlock(ChoiceFields):
    kind = "single_choice"

    class Meta:
        icon = "radio-full"
        label = _("Choose one")
        group = GROUP_CHECK
        description = _("A question with one right answer. Every answer gets its own reaction.")
        preview_value = CHOICE_PREVIEW


class MultipleChoiceBlock(ChoiceFields):
    kind = "multiple_choice"

    class Meta:
        icon = "list-ul"
        label = _("Choose more than one")
        group = GROUP_CHECK
        description = _("A question with several right answers.")
        preview_value = CHOICE_PREVIEW


class TrueFalseBlock(ActivityBlock):
    kind = "true_false"
    statement = blocks.TextBlock(label=_("Statement"), rows=2)
    right = blocks.ChoiceBlock(
        label=_("Is it true?"), choices=[("true", _("True")), ("false", _("Not true"))], default="true"
    )
    feedback_true = blocks.TextBlock(label=_("What you say to who chooses “true”"), rows=2)
    feedback_false = blocks.TextBlock(label=_("What you say to who chooses “not true”"), rows=2)

    class Meta:
        icon = "check"
        label = _("True or not")
        label_format = "{statement}"
        group = GROUP_CHECK
        description = _("A statement that is true or not.")
        preview_value = {
            "required": True,
            "statement": _("A buddy has to report to Veilig Thuis."),
            "right": "false",
            "feedback_true": _("That duty is for professionals."),
            "feedback_false": _("Right: you go to your contact person."),
        }


class StepBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("Step"), max_length=300)


class OrderBlock(ActivityBlock):
    kind = "order"
    question = blocks.TextBlock(label=_("Question"), rows=2)
    items = blocks.ListBlock(
        StepBlock(),
        label=_("Steps, in the right order"),
        min_num=2,
        max_num=10,
        help_text=_("Write them in the right order; learners see them mixed."),
    )
    feedback_right = blocks.TextBlock(label=_("What you say when the order is right"), rows=2)
    feedback_wrong = blocks.TextBlock(label=_("What you say when it is not yet"), rows=2)

    def fields_of(self, value: Any) -> dict[str, Any]:
        return {**value, "items": list_items(value["items"])}

    class Meta:
        icon = "order"
        label = _("Put in order")
        group = GROUP_CHECK
        description = _("Steps that belong in one order.")
        preview_value = {
            "required": True,
            "question": _("In which order?"),
            "items": [{"text": _("First")}, {"text": _("Then")}, {"text": _("Last")}],
            "feedback_right": _("Yes."),
            "feedback_wrong": _("Not quite yet."),
        }


class PairBlock(blocks.StructBlock):
    left = blocks.CharBlock(label=_("This"), max_length=300)
    right = blocks.CharBlock(label=_("belongs to"), max_length=200)


class MatchBlock(ActivityBlock):
    kind = "match"
    question = blocks.TextBlock(label=_("Question"), rows=2)
    pairs = blocks.ListBlock(
        PairBlock(),
        label=_("Pairs"),
        min_num=2,
        max_num=12,
        help_text=_("The right side may return on several lines."),
    )
    feedback_right = blocks.TextBlock(label=_("What you say when all lines are right"), rows=2)
    feedback_wrong = blocks.TextBlock(label=_("What you say when they are not yet"), rows=2)

    def fields_of(self, value: Any) -> dict[str, Any]:
        return {**value, "pairs": list_items(value["pairs"])}

    class Meta:
        icon = "link"
        label = _("Match")
        group = GROUP_CHECK
        description = _("Which belongs to which: learners choose on every line.")
        preview_value = {
            "required": True,
            "question": _("Where does this belong?"),
            "pairs": [{"left": _("A"), "right": _("One")}, {"left": _("B"), "right": _("Two")}],
            "feedback_right": _("Yes."),
            "feedback_wrong": _("Not quite yet."),
        }


class ItemBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("This"), max_length=300)
    group = blocks.CharBlock(label=_("belongs in the group"), max_length=80)


class SortBlock(ActivityBlock):
    kind = "sort"
    question = blocks.TextBlock(label=_("Question"), rows=2)
    items = blocks.ListBlock(
        ItemBlock(),
        label=_("Lines to sort"),
        min_num=3,
        max_num=20,
        help_text=_("Write the name of a group the same way every time. Two to five groups."),
    )
    feedback_right = blocks.TextBlock(label=_("What you say when all lines are right"), rows=2)
    feedback_wrong = blocks.TextBlock(label=_("What you say when they are not yet"), rows=2)

    def fields_of(self, value: Any) -> dict[str, Any]:
        return {**value, "items": list_items(value["items"])}

    class Meta:
        icon = "folder-open-1"
        label = _("Sort into groups")
        group = GROUP_CHECK
        description = _("Every line belongs in one group: learners choose with a button.")
        preview_value = {
            "required": True,
            "question": _("Keep it to yourself, or share it?"),
            "items": [
                {"text": _("Your address"), "group": _("Keep")},
                {"text": _("How you started to sport again"), "group": _("Share")},
                {"text": _("Your sister’s name"), "group": _("Keep")},
            ],
            "feedback_right": _("Yes."),
            "feedback_wrong": _("Not quite yet."),
        }


class FillBlock(ActivityBlock):
    kind = "fill"
    question = blocks.TextBlock(label=_("Question"), rows=2)
    text = blocks.TextBlock(
        label=_("Text with gaps"),
        rows=4,
        help_text=_(
            "Put the answer of a gap between double square brackets: [[answer]]. "
            "More than one good answer: [[answer|another answer]]. Capitals and full stops do not matter."
        ),
    )
    feedback_right = blocks.TextBlock(label=_("What you say when all gaps are right"), rows=2)
    feedback_wrong = blocks.TextBlock(label=_("What you say when they are not yet"), rows=2)

    class Meta:
        icon = "edit"
        label = _("Fill in")
        group = GROUP_CHECK
        description = _("A text with gaps for short answers from the lesson.")
        preview_value = {
            "required": True,
            "question": _("Fill in the words."),
            "text": "Een open vraag begint vaak met [[hoe|wat]].",
            "feedback_right": _("Yes."),
            "feedback_wrong": _("Not quite yet."),
        }


class LineBlock(blocks.StructBlock):
    speaker = blocks.CharBlock(label=_("Who says it"), max_length=60)
    text = blocks.TextBlock(label=_("What is said"), rows=2)
    label = blocks.CharBlock(
        label=_("Label"),
        max_length=80,
        required=False,
        default="",
        help_text=_("One of the labels above. Leave it empty for a line that is only there to be read."),
    )
    why = blocks.TextBlock(
        label=_("Why this label"),
        rows=2,
        required=False,
        default="",
        help_text=_("Shown to who chose another label."),
    )


class LabelBlock(ActivityBlock):
    kind = "label"
    question = blocks.TextBlock(label=_("Question"), rows=2)
    labels = blocks.ListBlock(
        blocks.CharBlock(label=_("Label"), max_length=80), label=_("Labels"), min_num=2, max_num=10
    )
    lines = blocks.ListBlock(LineBlock(), label=_("The conversation, line by line"), min_num=4, max_num=60)

    def fields_of(self, value: Any) -> dict[str, Any]:
        return {**value, "labels": list(value["labels"]), "lines": list_items(value["lines"])}

    class Meta:
        icon = "tag"
        label = _("Label a conversation")
        group = GROUP_CHECK
        description = _("What does somebody do in each sentence? Learners compare with your labels.")
        preview_value = {
            "required": True,
            "question": _("What does Mirjam do in every sentence?"),
            "labels": [_("open question"), _("reflection")],
            "lines": [
                {"speaker": "Ans", "text": "Er is niks aan de hand."},
                {"speaker": "Mirjam", "text": "U wilt rust.", "label": _("reflection"), "why": "."},
                {"speaker": "Mirjam", "text": "Hoe slaapt u?", "label": _("open question"), "why": "."},
                {"speaker": "Mirjam", "text": "U bent moe.", "label": _("reflection"), "why": "."},
                {"speaker": "Mirjam", "text": "Wat helpt u?", "label": _("open question"), "why": "."},
            ],
        }


class CheckBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("Point to look at"), max_length=300)


class OpenBlock(ActivityBlock):
    kind = "open"
    question = blocks.TextBlock(label=_("Question"), rows=2)
    model = blocks.TextBlock(
        label=_("Example answer"), rows=3, help_text=_("Shown once the learner has written something.")
    )
    checks = blocks.ListBlock(
        CheckBlock(),
        label=_("Points to look at in one’s own answer"),
        min_num=1,
        max_num=5,
        help_text=_("Learners tick what they see in their own words. Nothing is graded."),
    )

    def fields_of(self, value: Any) -> dict[str, Any]:
        return {**value, "checks": list_items(value["checks"])}

    class Meta:
        icon = "pilcrow"
        label = _("Open question")
        group = GROUP_SELF
        description = _("Own words first, then an example answer to compare with.")
        preview_value = {
            "required": True,
            "question": _("Turn this closed question into a reflection."),
            "model": "‘U bent boos, en u houdt ook van hem.’",
            "checks": [{"text": _("My sentence ends with a full stop.")}],
        }


class BandBlock(blocks.StructBlock):
    first = blocks.IntegerBlock(label=_("From"))
    last = blocks.IntegerBlock(label=_("up to and including"))
    feedback = blocks.TextBlock(label=_("What you say to who is here"), rows=2)


class ScaleBlock(ActivityBlock):
    kind = "scale"
    question = blocks.TextBlock(label=_("Question"), rows=2)
    minimum = blocks.IntegerBlock(label=_("Lowest number"), default=0)
    maximum = blocks.IntegerBlock(label=_("Highest number"), default=10)
    low_label = blocks.CharBlock(label=_("The lowest number means"), max_length=80)
    high_label = blocks.CharBlock(label=_("The highest number means"), max_length=80)
    bands = blocks.ListBlock(BandBlock(), label=_("Reactions"), min_num=1, max_num=6)

    def fields_of(self, value: Any) -> dict[str, Any]:
        return {**value, "bands": [dict(band) for band in value["bands"]]}

    class Meta:
        icon = "cogs"
        label = _("Ruler")
        group = GROUP_SELF
        description = _("A number on a ruler, without a right answer.")
        preview_value = {
            "required": True,
            "question": _("How ready do you feel?"),
            "minimum": 0,
            "maximum": 10,
            "low_label": _("not at all"),
            "high_label": _("fully"),
            "bands": [{"first": 0, "last": 10, "feedback": _("Why not a lower number?")}],
        }


class ReflectionBlock(ActivityBlock):
    kind = "reflection"
    required = blocks.BooleanBlock(
        label=_("Counts for finishing the lesson"),
        required=False,
        default=False,
        help_text=_("Leave this off: nobody has to write about themselves."),
    )
    question = blocks.TextBlock(label=_("Question"), rows=2)
    hint = blocks.TextBlock(label=_("Hint"), rows=2, required=False)

    class Meta:
        icon = "edit"
        label = _("Write for yourself")
        group = GROUP_SELF
        description = _("Only the learner can read this. It may always be skipped.")
        preview_value = {
            "required": False,
            "question": _("How do you notice that you are back in your window?"),
            "hint": _("A few words are enough."),
        }


class FieldBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("Question"), max_length=300)


class WorksheetBlock(ActivityBlock):
    kind = "worksheet"
    required = blocks.BooleanBlock(
        label=_("Counts for finishing the lesson"),
        required=False,
        default=False,
        help_text=_("Leave this off: nobody has to write about themselves."),
    )
    question = blocks.TextBlock(label=_("Title or introduction"), rows=2)
    fields = blocks.ListBlock(FieldBlock(), label=_("Questions"), min_num=2, max_num=12)

    def fields_of(self, value: Any) -> dict[str, Any]:
        return {**value, "fields": list_items(value["fields"])}

    class Meta:
        icon = "form"
        label = _("Worksheet")
        group = GROUP_SELF
        description = _("Questions with room to write. Only the learner can read it, and may print it.")
        preview_value = {
            "required": False,
            "question": _("My support map"),
            "fields": [{"text": _("Whom do I call?")}, {"text": _("Where can I go?")}],
        }


class ReadBlock(ActivityBlock):
    kind = "read"
    statement = blocks.CharBlock(label=_("Text of the button"), max_length=120, default="Ik heb dit gelezen")

    class Meta:
        icon = "view"
        label = _("I have read this")
        label_format = "{statement}"
        group = GROUP_SELF
        description = _("One button at the end of a lesson without questions.")
        preview_value = {"required": True, "statement": _("I have read this")}


def _short(words: str) -> str:
    """A short name of these words; empty where they have no letter or digit."""
    return slugify(words.replace("_", "-"))[:MOST_OF_NAME].strip("-")


class SurveyItemBlock(blocks.StructBlock):
    construct = blocks.RegexBlock(
        label=_("Short name"),
        regex=r"^[a-z0-9]([a-z0-9-]{0,60}[a-z0-9])?$",
        help_text=_("Small letters, digits and dashes. The same name at T0 and T1 is compared."),
        error_messages={"invalid": _("Use small letters, digits and dashes only.")},
    )
    form = blocks.ChoiceBlock(
        label=_("How it is answered"),
        choices=[("scale", _("A number on the ruler")), ("open", _("Own words"))],
        default="scale",
    )
    reversed = blocks.BooleanBlock(
        label=_("A higher number is worse"),
        required=False,
        help_text=_("As with shame: turned round in results."),
    )
    text = blocks.TextBlock(label=_("Question"), rows=2)

    def clean(self, value: Any) -> Any:
        """A short name that is none is made into one, so that no draft is refused for it; without one, of the words.

        A draft may leave it empty: the words are still being typed.
        """
        typed = str(value.get("construct") or "").strip()
        words = "" if self.is_deferred_validation else str(value.get("text") or "")
        value["construct"] = typed if CONSTRUCT.fullmatch(typed) else _short(typed) or _short(words)
        return super().clean(value)

    class Meta:
        label_format = "{text}"


class SurveyBlock(ActivityBlock):
    kind = "survey"
    question = blocks.TextBlock(
        label=_("Introduction"),
        rows=2,
        help_text=_("Why you ask this, and that every question may be skipped."),
    )
    moment = blocks.ChoiceBlock(
        label=_("When it is asked"),
        choices=[("T0", _("At the start (T0)")), ("T1", _("At the end (T1)")), ("", _("On its own"))],
        required=False,
        default="",
    )
    minimum = blocks.IntegerBlock(label=_("Lowest number"), default=0)
    maximum = blocks.IntegerBlock(label=_("Highest number"), default=10)
    low_label = blocks.CharBlock(label=_("The lowest number means"), max_length=80)
    high_label = blocks.CharBlock(label=_("The highest number means"), max_length=80)
    items = blocks.ListBlock(SurveyItemBlock(), label=_("Questions"), min_num=1, max_num=30)

    def fields_of(self, value: Any) -> dict[str, Any]:
        return {**value, "items": list_items(value["items"])}

    class Meta:
        icon = "list-ol"
        label = _("Survey")
        group = GROUP_SELF
        default = {"required": False}  # whoever may skip every question may leave the whole
        description = _("Scales and open questions, each of which may be skipped. Kept without a name.")
        help_text = _(
            "The answers stand with each group under “For trainers”, at “Surveys”: averages of five people or more, "
            "once its trainer has closed the round. A survey on its own has a round of its own."
        )
        preview_value = {
            "required": False,
            "question": _("How are you now? Skip what you want."),
            "moment": "T0",
            "minimum": 0,
            "maximum": 10,
            "low_label": _("not at all"),
            "high_label": _("fully"),
            "items": [{"construct": "inzicht", "form": "scale", "text": _("I understand myself.")}],
        }


ACTIVITY_BLOCKS = [
    ("single_choice", SingleChoiceBlock()),
    ("multiple_choice", MultipleChoiceBlock()),
    ("true_false", TrueFalseBlock()),
    ("order", OrderBlock()),
    ("match", MatchBlock()),
    ("scale", ScaleBlock()),
    ("reflection", ReflectionBlock()),
    ("read", ReadBlock()),
    ("sort", SortBlock()),
    ("fill", FillBlock()),
    ("label", LabelBlock()),
    ("open", OpenBlock()),
    ("worksheet", WorksheetBlock()),
    ("survey", SurveyBlock()),
    ("dialogue", DialogueBlock()),
    ("assignment", AssignmentBlock()),
    ("h5p", PackageBlock()),
]
