"""Pages as a browser would have them: somebody's own, and their form as it stands there."""

import re

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


def as_shown(page: str) -> dict[str, str]:
    """What a browser sends of a form of attendance that nobody touched."""
    data = {}
    for tag in re.findall(r"<input[^>]*>", page.partition('class="attend')[2].partition("</form>")[0]):
        field = dict(re.findall(r'([a-z]+)="([^"]*)"', tag))
        if field["type"] != "radio" or "checked" in tag:
            data[field["name"]] = field.get("value", "")
    return data
