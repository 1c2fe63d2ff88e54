from django.conf import settings
from django.db import models


class SignIn(models.Model):
    """That somebody signed in, for their own eyes: somebody else may know the password. No address, no device number.

    Kept for thirty days (`people.services.retention`).
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sign_ins")
    at = models.DateTimeField()
    # "Firefox (Android)"; empty where the browser says nothing known.
    browser = models.CharField(max_length=60, blank=True)

    # No row of Wagtail's reference index names a person.
    wagtail_reference_index_ignore = True

    class Meta:
        indexes = [models.Index(fields=["user", "-at"], name="people_signin_latest")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.browser}"
