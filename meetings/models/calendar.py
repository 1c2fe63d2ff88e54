from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class CalendarFeed(models.Model):
    """An address from which somebody's calendar reads their meetings, without signing in. Only its digest is kept.

    Whoever has the address reads when and where somebody goes: a new one ends the old, and taking it back ends both.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="calendar_feed"
    )
    token_digest = models.CharField(max_length=64, unique=True)
    full_titles = models.BooleanField(_("write out what it is"), default=False)
    created_at = models.DateTimeField()

    # No row of Wagtail's reference index names a person.
    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d}"
