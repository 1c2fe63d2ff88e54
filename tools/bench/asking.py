"""Asking for a page as gunicorn does: the WSGI application, without network and without a test client's own work."""

import gzip
import io
import itertools
import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.wsgi import get_wsgi_application
from django.test import Client, RequestFactory

from courses.models import ActivityVersion
from people.models import User

from .data import posted

CSRF = "a" * 32
application = get_wsgi_application()


class Unexpected(Exception):
    """The site answered something else than the page that was to be measured."""


def cookies_of(person: User | None) -> str:
    """The Cookie header of a browser in which somebody is signed in."""
    client = Client()
    if person is not None:
        client.force_login(person)
    cookies = [f"{morsel.key}={morsel.value}" for morsel in client.cookies.values()]
    return "; ".join([*cookies, f"{settings.CSRF_COOKIE_NAME}={CSRF}"])


def fetch(environ: dict) -> bytes:
    """The body as sent. Raises `Unexpected` for anything but 200."""
    answer: list[str] = []
    environ["wsgi.input"].seek(0)
    response = application(environ, lambda status, headers: answer.append(status))
    try:
        body = b"".join(response)
    finally:
        response.close()
    if not answer[0].startswith("200"):
        raise Unexpected(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}: {answer[0]}")
    return body


def page(path: str, person: User | None = None) -> Callable[[], bytes]:
    """Something that asks for a page each time it is called."""
    environ = RequestFactory().get(path, HTTP_COOKIE=cookies_of(person), HTTP_ACCEPT_ENCODING="gzip").environ
    environ["wsgi.input"] = io.BytesIO()
    return lambda: fetch({**environ})


def answers(person: User, versions: list[ActivityVersion]) -> Callable[[], bytes]:
    """Something that gives the next answer each time it is called: a new form, the activities in turn."""
    environs: Iterator[dict] = itertools.cycle([form_post(person, version) for version in versions])

    def ask() -> bytes:
        environ = {**next(environs)}
        body = environ.pop("form") + f"&uuid={uuid.uuid4()}".encode()
        return fetch({**environ, "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)})

    return ask


def form_post(person: User, version: ActivityVersion) -> dict:
    environ = (
        RequestFactory()
        .post(
            f"/antwoord/{version.activity_id}/",
            HTTP_COOKIE=cookies_of(person),
            HTTP_HX_REQUEST="true",
            HTTP_ACCEPT_ENCODING="gzip",
            content_type="application/x-www-form-urlencoded",
        )
        .environ
    )
    fixed = urlencode({"csrfmiddlewaretoken": CSRF, "version": version.pk})
    return {**environ, "form": f"{fixed}&{posted(version).urlencode()}".encode()}


def weight(body: bytes) -> tuple[int, int]:
    """Bytes on the wire of a page (HTML as sent; styles, scripts and pictures compressed), and of its fonts."""
    html = gzip.decompress(body).decode()
    names = set(re.findall(rf'(?:href|src)="{settings.STATIC_URL}([^"]+)"', html))
    files = {name: Path(finders.find(name)) for name in names}
    fonts = sum(path.stat().st_size for name, path in files.items() if name.endswith(".woff2"))
    rest = sum(
        len(gzip.compress(path.read_bytes())) for name, path in files.items() if not name.endswith(".woff2")
    )
    return len(body) + rest, fonts
