"""Questions that wait to be drawn."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from cms.blocks import BANK_BLOCKS
from courses.models import Programme


class QuestionBank(models.Model):
    """Questions that tests draw from. A lesson holds a frozen copy: changing a bank changes no test until its lesson is
    published again.
    """

    # What a programme's text knows it by; a bank made in Wagtail has one by chance.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    title = models.CharField(_("title"), max_length=255)
    programme = models.ForeignKey(
        Programme,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("programme"),
    )
    questions = StreamField(BANK_BLOCKS, verbose_name=_("questions"), blank=True)

    panels = [FieldPanel("title"), FieldPanel("programme"), FieldPanel("questions")]

    class Meta:
        verbose_name = _("question bank")
        verbose_name_plural = _("question banks")
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def size(self) -> int:
        return len(self.questions)
