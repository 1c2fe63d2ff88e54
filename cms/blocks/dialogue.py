"""A conversation with an invented client, as a trainer writes it: a list of scenes with sentences to choose from."""

from typing import Any

from django.forms import CheckboxSelectMultiple
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from courses.activities import SpecificationError
from courses.activities.dialogue_graph import BIGGEST_MOVE, HIGHEST, LOWEST, MEASURES
from courses.activities.dialogue_writing import MEASURE_NAMES, MOST_CHOICES, MOST_SCENES
from courses.activities.miti import CODES

from .activity import ActivityBlock, list_items
from .dialogue_picture import picture_of

GROUP_TALK = _("Conversations")
COMPARISON_NAMES = [
    (">=", _("is at least")),
    ("<=", _("is at most")),
    (">", _("is more than")),
    ("<", _("is less than")),
    ("=", _("is exactly")),
]


class SceneNameBlock(blocks.CharBlock):
    """The name by which sentences find a scene. The same in every language, so translators do not get to see it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field.widget.attrs |= self.for_the_script()

    def for_the_script(self) -> dict[str, Any]:
        """By which `static/editor/scenes.js` knows the field, with the words that it needs."""
        return {"data-scene-name": ""}

    def get_translatable_segments(self, value: str) -> list:
        return []

    def restore_translated_segments(self, value: str, segments: list) -> str:
        return value


class SceneChoiceBlock(SceneNameBlock):
    """The name of a scene that is there: the script offers them all, and without it one types the name."""

    def for_the_script(self) -> dict[str, Any]:
        return {
            "data-scene-choice": "",
            "data-none": _("Choose a scene"),
            "data-missing": _("{name} (not written yet)"),
            "data-other": _("A scene that is not written yet…"),
            "data-typed": _("Name of the scene that is not written yet"),
        }


def _state_block(label: Any, default: int) -> blocks.IntegerBlock:
    return blocks.IntegerBlock(label=label, default=default, min_value=LOWEST, max_value=HIGHEST)


def _move_block(label: Any) -> blocks.IntegerBlock:
    return blocks.IntegerBlock(
        label=label, default=0, required=False, min_value=-BIGGEST_MOVE, max_value=BIGGEST_MOVE
    )


class ConditionBlock(blocks.StructBlock):
    measure = blocks.ChoiceBlock(label=_("When"), choices=list(MEASURE_NAMES.items()), default="trust")
    comparison = blocks.ChoiceBlock(label=_("Comparison"), choices=COMPARISON_NAMES, default=">=")
    number = _state_block(_("number"), 5)


class VariantBlock(blocks.StructBlock):
    when = blocks.ListBlock(
        ConditionBlock(), label=_("Only when all of this holds"), min_num=1, max_num=len(MEASURES)
    )
    text = blocks.TextBlock(label=_("the client says"), rows=2, max_length=2000)


class SentenceBlock(blocks.StructBlock):
    """One thing the learner may say. Its id is its identity: the record of a talk is a row of these ids."""

    text = blocks.TextBlock(label=_("What the learner says"), rows=2, max_length=1000)
    to = SceneChoiceBlock(label=_("Leads to scene"), max_length=80)
    codes = blocks.MultipleChoiceBlock(
        label=_("What kind of sentence is this?"),
        choices=list(CODES.items()),
        widget=CheckboxSelectMultiple,
        help_text=_("Learners see this after the talk, beside their sentences."),
    )
    trust = _move_block(_("Trust: how much more or less"))
    shame = _move_block(_("Shame: how much more or less"))
    change = _move_block(_("Change talk: how much more or less"))
    feedback = blocks.TextBlock(
        label=_("What you say to who chooses this"),
        rows=2,
        max_length=2000,
        help_text=_("What this sentence is, and what it did to the client. Kindly; nobody fails here."),
    )

    class Meta:
        label_format = "{text} → {to}"


class SceneBlock(blocks.StructBlock):
    name = SceneNameBlock(
        label=_("Name of the scene"), max_length=80, help_text=_("Only trainers see it. Keep it short.")
    )
    says = blocks.TextBlock(label=_("What the client says"), rows=2, max_length=2000)
    variants = blocks.ListBlock(
        VariantBlock(),
        label=_("Other words, if the client feels otherwise"),
        min_num=0,
        max_num=6,
        default=[],
        help_text=_("May stay empty. The first one whose conditions hold is said."),
    )
    choices = blocks.ListBlock(
        SentenceBlock(),
        label=_("What the learner can say"),
        min_num=0,
        max_num=MOST_CHOICES,
        default=[],
        help_text=_("Two to four sentences that a sensible person might say. None where the talk ends."),
    )
    end = blocks.TextBlock(
        label=_("Closing words"),
        rows=2,
        required=False,
        max_length=2000,
        help_text=_("Only where the talk ends: what happens then. An end is never a failure."),
    )

    class Meta:
        label_format = _("Scene: {name}")  # a row that is folded says what it is, also while it is empty


def _preview_sentence(text: Any, to: str, code: str, feedback: Any) -> dict[str, Any]:
    return {
        "text": text,
        "to": to,
        "codes": [code],
        "trust": 1,
        "shame": 0,
        "change": 0,
        "feedback": feedback,
    }


PREVIEW = {
    "required": True,
    "question": _("Kemal comes for the first time. He is invented. What do you say?"),
    "client": "Kemal",
    "trust": 3,
    "shame": 6,
    "change": 2,
    "figures": True,
    "scenes": [
        {
            "name": "1",
            "says": _("I am here because I have to be."),
            "variants": [],
            "choices": [
                _preview_sentence(
                    _("You did not choose this yourself."),
                    "2",
                    "complex_reflection",
                    _("You give back what you hear."),
                ),
                _preview_sentence(
                    _("What happened?"), "2", "question", _("A question one understands; it comes early.")
                ),
            ],
            "end": "",
        },
        {
            "name": "2",
            "says": _("That is right."),
            "variants": [],
            "choices": [],
            "end": _("Kemal sits down."),
        },
    ],
}


class DialogueBlock(ActivityBlock):
    kind = "dialogue"
    question = blocks.TextBlock(
        label=_("The situation"),
        rows=4,
        max_length=3000,
        help_text=_("Who comes, why, and who the learner is. Say that the client is invented."),
    )
    client = blocks.CharBlock(label=_("Name of the client"), max_length=40)
    trust = _state_block(_("Trust at the beginning, 0 to 10"), 3)
    shame = _state_block(_("Shame at the beginning, 0 to 10"), 5)
    change = _state_block(_("Change talk at the beginning, 0 to 10"), 2)
    scenes = blocks.ListBlock(
        SceneBlock(),
        label=_("Scenes"),
        min_num=2,
        max_num=MOST_SCENES,
        collapsed=True,
        help_text=_(
            "The first scene is the beginning. The preview shows a picture of how they hang together."
        ),
    )

    figures = blocks.BooleanBlock(
        label=_("Show MITI at the end"),
        required=False,
        default=False,
        help_text=_(
            "What kind of sentence each one was, and reflections beside questions. For who has learned these words."
        ),
    )

    def bulk_to_python(self, values: Any) -> Any:
        """A conversation from before one could leave MITI out goes on showing it."""
        return super().bulk_to_python([{"figures": True, **value} for value in values])

    def fields_of(self, value: Any) -> dict[str, Any]:
        return {**value, "scenes": [_scene_fields(scene) for scene in list_items(value["scenes"])]}

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """With a picture of the scenes and with what is not finished, for the trainer who is writing."""
        context = super().get_context(value, parent_context)
        fields = self.fields_of(value)
        context["picture"] = picture_of(fields["scenes"])
        try:
            self.specification(value)
        except SpecificationError as error:
            context["unfinished"] = error.messages
        return context

    class Meta:
        icon = "comment"
        label = _("Practise a conversation")
        group = GROUP_TALK
        description = _("A talk with an invented client. What the learner says changes how the client feels.")
        preview_value = PREVIEW


def _scene_fields(scene: dict[str, Any]) -> dict[str, Any]:
    return {
        **scene,
        "variants": [
            {**variant, "when": [dict(condition) for condition in variant["when"]]}
            for variant in scene["variants"]
        ],
        "choices": list_items(scene["choices"]),
    }
