"""Questions that wait to be drawn."""

import uuid
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from cms.blocks import BANK_BLOCKS
from cms.models.teaching import programmes_written_by, writes_all
from courses.models import Programme


class QuestionBankQuerySet(models.QuerySet["QuestionBank"]):
    def visible_to(self, user: Any) -> "QuestionBankQuerySet":
        """Those of the programmes that somebody writes; for who writes all, those without a programme too."""
        return self if writes_all(user) else self.filter(programme__in=programmes_written_by(user))


class QuestionBankForm(WagtailAdminModelForm):
    """A bank is put with a programme that one writes; only who writes all may leave that open."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "programme" in self.fields and not writes_all(self.for_user):
            self.fields["programme"].queryset = programmes_written_by(self.for_user)
            self.fields["programme"].required = True


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
    base_form_class = QuestionBankForm

    objects = QuestionBankQuerySet.as_manager()

    class Meta:
        verbose_name = _("question bank")
        verbose_name_plural = _("question banks")
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def size(self) -> int:
        return len(self.questions)
