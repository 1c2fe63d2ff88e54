"""What the safety strip and the footer need on every page."""

from django.conf import settings
from django.http import HttpRequest


def safety(request: HttpRequest) -> dict[str, object]:
    """`exit_url`, `help_phone` and `contact_person` (name, phone) of who is signed in. No query beyond the user's own."""
    user = getattr(request, "user", None)
    contact = getattr(user, "contact", None) if user is not None and user.is_authenticated else None
    person = (
        {"name": contact.person_name, "phone": contact.person_phone}
        if contact and contact.person_name
        else None
    )
    return {"exit_url": settings.EXIT_URL, "help_phone": settings.HELP_PHONE, "contact_person": person}
