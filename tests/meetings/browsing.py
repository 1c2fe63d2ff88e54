"""Pages as a browser would have them: somebody's own, and their form as it stands there."""

from bs4 import BeautifulSoup
from django.test import Client
from wagtail.test.utils.form_data import querydict_from_html

from people.models import User


def browser_of(person: User) -> Client:
    """Sign in after the clock was moved: a session does not last for days."""
    client = Client()
    client.force_login(person)
    return client


def stands_in(page: str) -> dict[str, str]:
    """What the form of a meeting sends if nobody touches it."""
    form = BeautifulSoup(page, "html.parser").find("input", {"name": "day"}).find_parent("form")
    return querydict_from_html(str(form)).dict()
