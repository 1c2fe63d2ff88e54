"""What a lesson is made of, beside its activities."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from cms.programmes.notation import DRAWINGS

from .activities import ACTIVITY_BLOCKS
from .quiz import QuizBlock
from .recordings import FILE_BLOCKS

GROUP_TEXT = _("Text and drawings")
DRAWING_LABELS = {
    "raam": _("Window of tolerance"),
    "spiraal": _("Spiral with exits"),
    "cirkels": _("Circles of support"),
    "fasen": _("Four phases of contact"),
    "stappen": _("Five steps of the reporting code"),
    "weegschaal": _("Giving and receiving"),
    "verandering": _("Stages of change"),
    "liniaal": _("Ruler"),
    "loyaliteit": _("Loyalty"),
    "driehoek": _("Triangle of responsibility"),
    "grens": _("Four steps of a limit"),
    "schaam-schuld": _("Shame and guilt"),
}
DRAWING_CHOICES = [(name, DRAWING_LABELS[name]) for name in DRAWINGS]
TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "blockquote"]


class TextBlock(blocks.RichTextBlock):
    class Meta:
        icon = "pilcrow"
        label = _("Text")
        group = GROUP_TEXT
        template = "cms/blocks/text.html"
        preview_template = "cms/blocks/preview.html"
        description = _("Running text with headings and lists. Short sentences.")
        preview_value = "<p>Stel je een raam voor. Zolang je erdoorheen kijkt, kun je voelen én nadenken.</p>"


class AsideBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=120)
    text = blocks.RichTextBlock(label=_("Text"), features=TEXT_FEATURES)

    class Meta:
        icon = "openquote"
        label = _("Box beside the text")
        group = GROUP_TEXT
        template = "cms/blocks/aside.html"
        preview_template = "cms/blocks/preview.html"
        description = _("An example, an agreement or a phone number.")
        preview_value = {"title": _("An invented example"), "text": "<p>Henk drinkt koffie met Ans.</p>"}


class GroundingBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=120)
    text = blocks.RichTextBlock(label=_("Steps"), features=TEXT_FEATURES)

    class Meta:
        icon = "rotate"
        label = _("Exercise to land")
        group = GROUP_TEXT
        template = "cms/blocks/grounding.html"
        preview_template = "cms/blocks/preview.html"
        description = _("A short exercise that brings somebody back to here and now.")
        preview_value = {"title": _("Back to here and now"), "text": "<ol><li>Voeten op de grond.</li></ol>"}


class DrawingBlock(blocks.StructBlock):
    name = blocks.ChoiceBlock(label=_("Drawing"), choices=DRAWING_CHOICES)
    text = blocks.TextBlock(label=_("The drawing in words"), rows=3)

    class Meta:
        icon = "image"
        label = _("Drawing")
        group = GROUP_TEXT
        template = "cms/blocks/drawing.html"
        preview_template = "cms/blocks/preview.html"
        description = _("One of the house's own drawings, with the same in words.")
        preview_value = {"name": "raam", "text": _("The line is your tension through the day.")}


LESSON_BLOCKS = [
    ("text", TextBlock(features=TEXT_FEATURES)),
    ("aside", AsideBlock()),
    ("grounding", GroundingBlock()),
    ("drawing", DrawingBlock()),
    *ACTIVITY_BLOCKS,
    ("quiz", QuizBlock()),
    *FILE_BLOCKS,
]
