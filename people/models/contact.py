from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ContactPreference(models.Model):
    """How somebody may be reached safely, and whom they call themselves. Read it through `people.backends`, which joins it."""

    class Channel(models.TextChoices):
        MAIL = "mail", _("by e-mail")
        NONE = "none", _("only on this site")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="contact", primary_key=True
    )
    channel = models.CharField(_("messages"), max_length=10, choices=Channel.choices, default=Channel.MAIL)
    # Reminders and the like stay away; what somebody must know, such as that a meeting moves, still comes.
    only_needed = models.BooleanField(_("only messages I need"), default=False)
    # Local time (Europe/Amsterdam), whole hours. A message that falls due outside waits for the next safe hour.
    safe_from = models.TimeField(_("safe from"), null=True, blank=True)
    safe_until = models.TimeField(_("safe until"), null=True, blank=True)
    person_name = models.CharField(_("your own contact person"), max_length=80, blank=True)
    person_phone = models.CharField(_("their phone number"), max_length=30, blank=True)

    # No row of Wagtail's reference index names a person.
    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            # Half a window is no window.
            models.CheckConstraint(
                condition=models.Q(safe_from__isnull=True, safe_until__isnull=True)
                | models.Q(safe_from__isnull=False, safe_until__isnull=False),
                name="people_contact_safe_hours_both",
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)
