"""How an organisation looks on paper."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Organisation

MOST_LOGO_BYTES = 300_000
COLOUR = RegexValidator(
    r"\A#[0-9a-f]{6}\Z", _("Write a colour as # and six digits or letters, such as #0e5158.")
)


class Mark(models.Model):
    """The logo and colours of an organisation from some day on. Never edit one: a paper keeps the look it was made with.

    The logo is a PNG that `services.marks` drew anew from what was uploaded; nothing else of that file is kept.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="marks", verbose_name=_("organisation")
    )
    action = models.CharField(_("colour"), max_length=7, default="#0e5158", validators=[COLOUR])
    warm = models.CharField(_("second colour"), max_length=7, default="#9c4326", validators=[COLOUR])
    logo = models.BinaryField(_("logo"), blank=True, default=b"")
    created_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("look on paper")
        verbose_name_plural = _("looks on paper")

    def __str__(self) -> str:
        return f"{self.organisation}, {self.created_at:%Y-%m-%d}"
