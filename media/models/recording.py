"""Video and audio of our own, with captions and a transcript."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.search import index
from wagtailmedia.models import AbstractMedia

from media.models.private import PrivateFile, PrivateFileField, random_name


class Recording(PrivateFile, AbstractMedia):
    """A video or audio file. `captions` is a WebVTT text, looked into before it is kept."""

    door = "opname"

    # What wagtailmedia has and we do not ask for.
    thumbnail = None
    width = None
    height = None

    file = PrivateFileField(_("file"), upload_to=random_name)
    language = models.CharField(
        _("language spoken"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    captions = models.TextField(blank=True, editable=False)
    transcript = models.TextField(
        _("transcript"),
        blank=True,
        help_text=_(
            "All that is said, and what is heard or seen that matters. Shown beside the player; who cannot play it reads this. "
            "Leave it empty to take it from the captions."
        ),
    )

    # Searching within one's own asks for it.
    search_fields = [*AbstractMedia.search_fields, index.FilterField("id")]

    admin_form_fields = ("title", "file", "language", "captions_file", "transcript", "duration", "tags")

    class Meta(AbstractMedia.Meta):
        verbose_name = _("recording")
        verbose_name_plural = _("recordings")
        constraints = [
            # How much of it was played is a share of this.
            models.CheckConstraint(
                condition=models.Q(duration__gt=0), name="media_recording_lasts_for_some_time"
            ),
        ]

    def clean(self, *args: Any, **kwargs: Any) -> None:
        """The form looks into the file itself, and says all that there is to say of one that it refuses."""

    def __str__(self) -> str:
        return self.title
