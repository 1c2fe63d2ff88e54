"""Pages for everybody."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from cms.blocks import DOOR_BLOCKS, PROMISE_BLOCKS, STANDARD_BLOCKS, STEP_BLOCKS


class HomePage(Page):
    """The front door: who this is for, and the next step."""

    max_count_per_parent = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms.CataloguePage", "cms.StandardPage"]

    lead = models.TextField(_("lead"), blank=True)
    doors = StreamField(DOOR_BLOCKS, verbose_name=_("doors"), blank=True)
    steps_title = models.CharField(_("title of the steps"), max_length=120, blank=True)
    steps = StreamField(STEP_BLOCKS, verbose_name=_("steps"), blank=True)
    promises_title = models.CharField(_("title of the promises"), max_length=120, blank=True)
    promises = StreamField(PROMISE_BLOCKS, verbose_name=_("promises"), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("lead"),
        FieldPanel("doors"),
        FieldPanel("steps_title"),
        FieldPanel("steps"),
        FieldPanel("promises_title"),
        FieldPanel("promises"),
    ]

    class Meta:
        verbose_name = _("home page")


class CataloguePage(Page):
    """All courses on offer."""

    max_count_per_parent = 1
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.CoursePage"]

    lead = models.TextField(_("lead"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("lead")]

    class Meta:
        verbose_name = _("catalogue")


class StandardPage(Page):
    """A page of text: safe browsing, privacy, accessibility, colophon."""

    parent_page_types = ["cms.HomePage"]
    subpage_types: list[str] = []

    lead = models.TextField(_("lead"), blank=True)
    body = StreamField(STANDARD_BLOCKS, verbose_name=_("text"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]

    class Meta:
        verbose_name = _("standard page")
