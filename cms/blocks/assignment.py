"""An assignment as a trainer writes it: what to hand in, and the rubric by which trainers answer."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from courses.activities.assignment import MOST_CRITERIA, MOST_DAYS

from .activity import ActivityBlock, list_items

GROUP_TRAINER = _("With the trainer")


class CriterionBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("What you look at"), max_length=120)
    must = blocks.BooleanBlock(
        label=_("This has to be enough"),
        required=False,
        help_text=_("Mark exactly one: nothing else can make up for it. Safety, for example."),
    )
    not_yet = blocks.TextBlock(label=_("Not yet: what you see then"), rows=2)
    enough = blocks.TextBlock(label=_("Good enough: what you see then"), rows=2)
    strong = blocks.TextBlock(label=_("Strong: what you see then"), rows=2)


class AssignmentBlock(ActivityBlock):
    kind = "assignment"
    question = blocks.TextBlock(
        label=_("Assignment"),
        rows=4,
        help_text=_("What to hand in, in a few sentences. Never anything about real clients."),
    )
    upload = blocks.BooleanBlock(
        label=_("A file may come along"),
        required=False,
        help_text=_("A document, a picture or a recording, at most 20 MB. There is always room for text."),
    )
    days = blocks.IntegerBlock(
        label=_("Days for the trainer to answer"),
        default=14,
        min_value=0,
        max_value=MOST_DAYS,
        help_text=_(
            "After that it counts without an answer, so that nobody has to wait. 0: it counts at once."
        ),
    )
    criteria = blocks.ListBlock(CriterionBlock(), label=_("Criteria"), min_num=1, max_num=MOST_CRITERIA)

    def fields_of(self, value: Any) -> dict[str, Any]:
        return {**value, "criteria": list_items(value["criteria"])}

    class Meta:
        icon = "upload"
        label = _("Assignment")
        group = GROUP_TRAINER
        description = _("Something to hand in. A trainer answers by a rubric; it may be handed in again.")
        preview_value = {
            "required": True,
            "question": _("Describe a conversation you had. Leave out names and places."),
            "upload": False,
            "days": 14,
            "criteria": [
                {
                    "title": _("Contact"),
                    "must": True,
                    "not_yet": _("I read what you said, not yet what the other said."),
                    "enough": _("I read how you listened."),
                    "strong": _("I read how you listened, and what that did."),
                }
            ],
        }
