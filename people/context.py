"""What the safety strip and the footer need on every page, and the menu of who works here."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from people.models import User
from people.rules import is_coordinator, is_editor, is_trainer

# What learners open all day, and who works here has no screen of: their queries are counted, so nothing is asked for it.
WITHOUT_MENU = {"lesson", "session", "my_group"}


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


def menu(request: HttpRequest) -> dict[str, object]:
    """`own_links` for the main menu of every page but those of learners. Asked when a page draws its menu, not before."""
    user = getattr(request, "user", None)
    match = request.resolver_match
    if user is None or not user.is_authenticated or (match and match.view_name in WITHOUT_MENU):
        return {}
    return {"own_links": SimpleLazyObject(lambda: own_links(user))}


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
