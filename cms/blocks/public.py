"""What the public pages are made of."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from .lesson import AsideBlock, TextBlock


class TitledTextBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=120)
    text = blocks.TextBlock(label=_("Text"), rows=3)

    class Meta:
        icon = "list-ol"
        label = _("Title and text")


class FactBlock(blocks.StructBlock):
    label = blocks.CharBlock(label=_("What"), max_length=60)
    text = blocks.CharBlock(label=_("Answer"), max_length=200)

    class Meta:
        icon = "info-circle"
        label = _("Fact")


class DoorBlock(blocks.StructBlock):
    """A way into one course. `course` is the course page, chosen by its type's name."""

    title = blocks.CharBlock(label=_("Title"), max_length=120)
    text = blocks.TextBlock(label=_("Text"), rows=3)
    small = blocks.CharBlock(label=_("Small print"), max_length=200, required=False)
    course = blocks.PageChooserBlock(label=_("Course"), page_type="cms.CoursePage")

    class Meta:
        icon = "home"
        label = _("Door")


FACT_BLOCKS = [("fact", FactBlock())]
DOOR_BLOCKS = [("door", DoorBlock())]
STEP_BLOCKS = [("step", TitledTextBlock())]
PROMISE_BLOCKS = [("promise", TitledTextBlock())]
STANDARD_BLOCKS = [
    ("text", TextBlock(features=["h2", "h3", "bold", "italic", "ol", "ul", "link"])),
    ("aside", AsideBlock()),
]
