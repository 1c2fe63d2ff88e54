"""What the safety strip and the footer need on every page, and the menu of who works here."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from people.models import User
from people.rules import is_coordinator, is_editor, is_trainer


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


def own_links(user: User) -> list[tuple[str, str]]:
    """What trainers, coordinators and editors have beside their own learning place. One query."""
    links = []
    if is_trainer(user) or is_coordinator(user):
        links.append((_("Learners"), reverse("learners")))
        links.append((_("Groups"), reverse("groups")))
        links.append((_("For trainers"), reverse("training")))
        links.append((_("Certificates"), reverse("certificates")))
    if is_trainer(user) or is_editor(user):
        links.append((_("Write"), reverse("wagtailadmin_home")))
    return links
