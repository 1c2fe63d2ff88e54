"""What a browser, or somebody with more time than good will, can send: nothing of it is believed, and nothing breaks."""

import functools
import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from certification.signing.demo import make_badge_key, make_signing_key
from cms.publishing import NAVIGATION_KEY
from courses.models import Activity, ActivityVersion, Attempt, Cohort, Enrolment, Reflection
from courses.services.attempts import Recorded
from courses.services.enrolments import enrol
from people.models import User
from tests.factories import PASSWORD, PersonFactory, right_answer, wrong_answer
from tests.figures import figure
from tests.security.conftest import House, signed_in
from tests.security.test_matrix import LOGIN, OWN, own_path

FORM = "application/x-www-form-urlencoded"
EVIL = "https://kwaad.example"


def send(client: Client, path: str, fields: dict[str, str | list[str]]):
    """A form as bytes: characters that are no text (lone surrogates) go out as somebody's own program would send them."""
    pairs = [
        (name, value)
        for name, values in fields.items()
        for value in ([values] if isinstance(values, str) else values)
    ]
    body = "&".join(
        f"{quote(name, errors='surrogatepass')}={quote(value, errors='surrogatepass')}"
        for name, value in pairs
    )
    return client.post(path, body, content_type=FORM)


@pytest.fixture
def newcomer(house: House, now):
    """Somebody in both courses who has answered nothing yet, signed in as `client`."""
    person = PersonFactory(email="nieuw@example.org")
    for side in (house.a, house.b):
        enrol(learner=person, course=side.course, alias="Nieuw", now=now)
    client = signed_in(Client(raise_request_exception=False), person)
    client.person = person
    return client


def version_of(house: House, kind: str) -> ActivityVersion:
    """A question of the first course of this kind; one is made where the course has none."""
    from courses.activities import kind_of
    from tests.factories import ActivityVersionFactory
    from tests.security.test_answer_keys import ORDERS, SWAPPED, steps

    activity = Activity.objects.filter(lesson__session__course=house.a.course, kind=kind).first()
    if activity is not None:
        return activity.versions.get(locale="nl")
    value = steps(ORDERS[0]) if kind == "order" else SWAPPED[kind][0]
    fields = {
        name: [{**item["value"], "id": item["id"]} for item in given_] if isinstance(given_, list) else given_
        for name, given_ in value.items()
    }
    activity = Activity.objects.create(
        lesson=house.a.lesson, key=uuid.uuid4(), kind=kind, required=False, position=99
    )
    return ActivityVersionFactory(activity=activity, specification=kind_of(kind).specification(fields))


def answer_path(version: ActivityVersion) -> str:
    return reverse("answer", args=[version.activity_id])


def filled(version: ActivityVersion, **fields) -> dict:
    return {"uuid": str(uuid.uuid4()), "version": str(version.pk)} | fields


# --- forged fields --------------------------------------------------------------------------------------------------
NO_NUMBERS = [
    "",
    "0",
    "-1",
    "1.5",
    "1e3",
    "NaN",
    "Infinity",
    "٣",
    "9" * 5000,
    str(2**63),
    str(2**62 + 1),
    "null",
    "[1]",
    "\x00",
    "\ud800",
]
NO_TEXTS = [
    "",
    "\x00",
    "\ud800",
    "9" * 5000,
    "null",
    "[]",
    "{}",
    "x" * 100_000,
    "<script>",
    "' OR 1=1 --",
    "../../etc/passwd",
]


@pytest.mark.parametrize("field", ["uuid", "version"])
def test_a_form_that_is_not_ours_is_not_found_and_leaves_nothing(house: House, newcomer, field):
    version = house.a.version
    values = (
        NO_NUMBERS
        if field == "version"
        else [value for value in {*NO_TEXTS, *NO_NUMBERS} if value != "0" * 32]
    )
    for value in values:
        response = send(
            newcomer, answer_path(version), filled(version, **right_answer(version)) | {field: value}
        )
        assert response.status_code == 404, repr(value[:20])
    assert not Attempt.objects.filter(learner=newcomer.person).exists()
    figure(f"{len(values)} of {len(values)} forged values of {field} not found")


def test_a_wording_of_another_question_is_not_found(house: House, newcomer):
    version, other = house.a.version, house.b.version
    response = newcomer.post(answer_path(version), filled(other, **right_answer(version)))
    assert response.status_code == 404
    for activity_id in (0, 10**18, 2**63 - 1, 2**63, 10**30, "9" * 5000):
        response = newcomer.post(f"/antwoord/{activity_id}/", filled(version, **right_answer(version)))
        assert response.status_code == 404, activity_id


def refused_fields(version: ActivityVersion) -> list[dict]:
    """No answers to this question, whatever they look like."""
    spec = version.specification
    match version.activity.kind:
        case "single_choice" | "true_false" | "multiple_choice":
            return [{}, *({"choice": value} for value in NO_TEXTS)]
        case "scale":
            numbers = [*NO_NUMBERS, "11", "--5", "5-", "+5", " 5", "5 ", "0x5"]
            return [{"value": value} for value in numbers if value != "0"]
        case "order":
            right = right_answer(version)
            same = dict.fromkeys(right, "1")
            forged = [
                {**right, name: value}
                for name in list(right)[:1]
                for value in ("0", "99", "1.0", "٢", *NO_TEXTS)
            ]
            return [{}, same, dict(list(right.items())[1:]), *forged]
        case "match":
            right = right_answer(version)
            forged = [
                {**right, name: value} for name in list(right)[:1] for value in ("r0", "r99", *NO_TEXTS)
            ]
            return [{}, dict(list(right.items())[1:]), *forged]
        case "reflection":
            return [{}, {"text": "   \r\n "}, {"text": "\x00"}, {"text": "x" * 10_001}]
    assert spec
    return []


@pytest.mark.parametrize(
    "kind", ["single_choice", "multiple_choice", "true_false", "order", "match", "scale", "reflection"]
)
def test_what_is_no_answer_is_refused_in_words_and_leaves_nothing(house: House, newcomer, kind):
    version = version_of(house, kind)
    refused = refused_fields(version)
    for fields in refused:
        response = send(newcomer, answer_path(version), filled(version) | fields)
        assert response.status_code == 422, (kind, {name: value[:20] for name, value in fields.items()})
        assert 'role="alert"' in response.text
    assert not Attempt.objects.filter(learner=newcomer.person).exists()
    assert not Reflection.objects.filter(enrolment__learner=newcomer.person).exists()
    figure(f"{kind}: {len(refused)} of {len(refused)} refused")


def test_a_text_with_characters_that_no_database_keeps_is_kept_without_them(house: House, newcomer):
    version = version_of(house, "reflection")
    response = send(newcomer, answer_path(version), filled(version, text="Rust\x00 aan\ud800 zee\r\n\u202e"))
    assert response.status_code == 302
    reflection = Reflection.objects.get(enrolment__learner=newcomer.person)
    shown = newcomer.get(reverse("reflection", args=[reflection.pk])).text
    assert "\x00" not in shown
    assert "zee" in shown


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"choice": "a", "version": 1}', "application/json"),
        (b"[]", "application/json"),
        (b"null", "application/json"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "application/json"),
        (b"choice=a", "text/plain"),
        (b"<a/>", "application/xml"),
        (b"choice=\xff\xfe\x80&uuid=\xc3\x28", FORM),
        (b"choice=a", f"{FORM}; charset=nergens"),
        (b"choice=a", f"{FORM}; charset=utf-16"),
        (b"geen grens", "multipart/form-data"),
        (b"--x\r\nonzin", "multipart/form-data; boundary=x"),
        (
            b'--x\r\nContent-Disposition: form-data; name="uuid"\r\n\r\n\xff\r\n--x--',
            "multipart/form-data; boundary=x",
        ),
        (b"&".join(b"a%d=1" % number for number in range(10_050)), FORM),
        (b"text=" + b"x" * 3_000_000, FORM),
        (b"", ""),
    ],
)
def test_bodies_of_another_kind_break_nothing(house: House, newcomer, body, content_type):
    for path in (
        answer_path(house.a.version),
        reverse("profile"),
        reverse("legal_name"),
        reverse("account_reauthenticate"),
    ):
        response = newcomer.generic("POST", path, body, content_type=content_type)
        assert response.status_code in {200, 400, 404, 413, 422}, path
    assert not Attempt.objects.filter(learner=newcomer.person).exists()


# --- somebody else's ------------------------------------------------------------------------------------------------
def test_the_learner_and_the_score_come_from_the_server(house: House, newcomer):
    """Mass assignment: whatever else a form claims, it is the signed-in learner's own answer, graded here."""
    version, victim = house.a.version, house.a
    before = Attempt.objects.filter(learner=victim.learner).count()
    claims = {
        "learner": str(victim.learner.pk),
        "learner_id": str(victim.learner.pk),
        "enrolment": str(victim.enrolment.pk),
        "enrolment_id": str(victim.enrolment.pk),
        "passed": "true",
        "score": "100",
        "max_score": "0",
        "pass_score": "0",
        "received_at": "1999-01-01",
        "self_reported": "true",
    }
    response = newcomer.post(answer_path(version), filled(version, **wrong_answer(version)) | claims)
    assert response.status_code == 302
    attempt = Attempt.objects.get(learner=newcomer.person)
    assert (attempt.enrolment.learner, attempt.passed, attempt.score) == (newcomer.person, False, 0.0)
    assert (attempt.max_score, attempt.pass_score, attempt.self_reported) == (1.0, 1.0, False)
    assert attempt.received_at.year >= 2026
    assert Attempt.objects.filter(learner=victim.learner).count() == before


def test_another_learners_uuid_is_ones_own_answer_and_says_nothing_of_theirs(house: House, newcomer):
    version = house.a.version
    theirs = Attempt.objects.get(learner=house.a.learner, activity=version.activity_id)
    sent = filled(version, **wrong_answer(version)) | {"uuid": str(theirs.uuid)}
    response = newcomer.post(answer_path(version), sent, headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert Attempt.objects.filter(uuid=theirs.uuid).count() == 2
    assert Attempt.objects.get(uuid=theirs.uuid, learner=newcomer.person).passed is False
    assert [word for word in (*house.a.secrets, house.a.alias) if word in response.text] == []


def test_the_profile_takes_its_own_fields_only(house: House, newcomer):
    claims = {
        "form": "profile",
        "alias": "Ander",
        "legal_name": "",
        "is_superuser": "on",
        "is_staff": "on",
        "is_active": "",
        "email": "kwaad@example.org",
        "id": str(house.a.learner.pk),
        "pk": str(house.a.learner.pk),
        "user": str(house.a.learner.pk),
        "password": "x",
        "groups": "1",
    }
    assert newcomer.post(reverse("profile"), claims).status_code == 302
    person = User.objects.get(pk=newcomer.person.pk)
    assert (person.alias, person.email, person.is_staff, person.is_superuser) == (
        "Ander",
        "nieuw@example.org",
        False,
        False,
    )
    assert person.is_active
    assert person.check_password(PASSWORD)
    assert not person.groups.exists()
    assert User.objects.get(pk=house.a.learner.pk).alias == house.a.alias


def test_starting_a_course_takes_a_name_and_a_code_only(house: House, now):
    person = PersonFactory()
    client = signed_in(Client(), person)
    invited = Cohort.objects.create(course=house.a.course, name="Met een code", way_in="code", code="GEHEIM")
    claims = {
        "alias": "Bes",
        "status": "completed",
        "completed_at": "2026-01-01",
        "cohort": str(invited.pk),
        "cohort_id": str(invited.pk),
        "learner": str(house.a.learner.pk),
        "course_version": str(house.b.enrolment.course_version_id),
    }
    assert client.post(reverse("start_course", args=[house.a.course.short_key]), claims).status_code == 302
    enrolment = Enrolment.objects.get(learner=person)
    # The course's open group, as for anybody.
    assert (enrolment.status, enrolment.completed_at, enrolment.cohort) == ("active", None, house.a.cohort)
    assert enrolment.course_version.course_id == house.a.course.pk


def test_signing_up_takes_no_rights_along(house: House):
    claims = {
        "email": "vers@example.org",
        "alias": "Vers",
        "password1": "een-lang-geheim-77",
        "is_superuser": "on",
    }
    Client().post(
        reverse("account_signup"), claims | {"is_staff": "on", "groups": "1", "mailbox_unsafe": "on"}
    )
    person = User.objects.get(email="vers@example.org")
    assert (person.is_superuser, person.is_staff, person.mailbox_unsafe) == (False, False, False)
    assert not person.groups.exists()


def test_taking_ones_data_along_and_erasing_ask_for_the_password_first(house: House):
    """Whoever finds the screen unattended gets neither; with the password the download comes."""
    client = Client()
    client.force_login(house.a.learner)
    for name in ("erase_me", "download_my_data"):
        asked = client.post(reverse(name), {"sure": "on"}, follow=True)
        question, status = asked.redirect_chain[-1]
        assert (status, question.startswith(reverse("account_reauthenticate"))) == (302, True)
    assert User.objects.filter(pk=house.a.learner.pk).exists()
    client.post(question, {"password": PASSWORD})
    given_ = client.post(reverse("download_my_data"))
    assert given_["Content-Type"] == "application/json"
    held = json.loads(given_.content)
    assert house.a.secrets[2] in json.dumps(held, ensure_ascii=False)
    assert [word for word in house.b.secrets if word in given_.text] == []


# --- redirects ------------------------------------------------------------------------------------------------------
ELSEWHERE = [
    EVIL,
    "//kwaad.example",
    "/\\kwaad.example",
    "\\\\kwaad.example",
    "///kwaad.example",
    "https:kwaad.example",
    "https:///kwaad.example",
    "javascript:alert(1)",
    "data:text/html,x",
    " https://kwaad.example",
    "\thttps://kwaad.example",
    "https://testserver@kwaad.example/",
    "http://testserver.kwaad.example/",
    "/\t/kwaad.example",
    "\x00//kwaad.example",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_sent_elsewhere(house: House, target):
    credentials = {"login": house.a.secrets[0], "password": PASSWORD}
    reader = house.client("learner_a")
    visited = [
        Client().post(reverse("account_login"), credentials | {"next": target}),
        Client().post(f"{reverse('account_login')}?{urlencode({'next': target})}", credentials),
        reader.get(f"{reverse('account_login')}?{urlencode({'next': target})}"),
        reader.post(reverse("set_language"), {"language": "en", "next": target}),
        reader.post(reverse("set_language"), {"language": "en"}, headers={"Referer": target}),
        reader.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": target}),
        Client().get(f"/cms/login/?{urlencode({'next': target})}"),
        Client().get(f"/_util/login/?{urlencode({'next': target})}"),
        Client().get(f"/cms/?{urlencode({'next': target})}"),
        house.client("trainer_a").get(f"/schrijven/?{urlencode({'next': target})}"),
        house.client("trainer_a").get(f"/cms/account/?{urlencode({'next': target})}"),
        house.client("learner_b").post(reverse("account_logout"), {"next": target}),
    ]
    for response in visited:
        if response.status_code in {301, 302, 303}:
            path = response["Location"].partition("?")[0]
            assert path.startswith("/"), path
            assert not path.startswith(("//", "/\\")), path
        else:
            assert response.status_code == 200
            assert f'href="{target}"' not in response.text


def test_the_exit_goes_where_the_settings_say(house: House):
    response = house.client("learner_a").post("/weg/", {"next": EVIL, "url": EVIL}, headers={"Referer": EVIL})
    assert (response.status_code, response["Location"]) == (303, settings.EXIT_URL)
    assert response["Clear-Site-Data"] == '"cache", "cookies", "storage"'


# --- what people write is text --------------------------------------------------------------------------------------
class Markup(HTMLParser):
    """What a browser would run or style from a page: inline scripts, styles, handlers, and addresses that are scripts."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.inline: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._inside = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        for name, value in attrs:
            if name.startswith(("on", "hx-on")) or name == "style":
                self.inline.append(f"<{tag} {name}={value}>")
            if name in {"href", "src", "action", "formaction"} and (value or "").strip().lower().startswith(
                ("javascript:", "data:text", "vbscript:")
            ):
                self.inline.append(f"<{tag} {name}={value}>")
        is_data = attributes.get("type") in {"application/json", "application/ld+json"}
        if tag == "style" or (tag == "script" and "src" not in attributes and not is_data):
            self.inline.append(f"<{tag}>")
        if tag in {"iframe", "object", "embed", "base"}:
            self.inline.append(f"<{tag}>")


HOSTILE = "\"><script>alert(1)</script><img src=x onerror=alert(2)>'{{7*7}}"


def test_names_and_texts_are_shown_as_text(house: House, now):
    """Alias, legal name, contact person, cohort, reflection: wherever they are shown."""
    person = PersonFactory(alias=HOSTILE[:40], legal_name=HOSTILE)
    client = signed_in(Client(), person)
    contact = {"form": "contact", "channel": "mail", "person_name": HOSTILE, "person_phone": "06 1"}
    assert client.post(reverse("profile"), contact).status_code == 302
    start = reverse("start_course", args=[house.a.course.short_key])
    assert client.post(start, {"alias": HOSTILE[:40]}).status_code == 302
    house.a.cohort.name = HOSTILE
    house.a.cohort.save()
    Enrolment.objects.filter(learner=person).update(cohort=house.a.cohort)
    version = version_of(house, "reflection")
    assert client.post(answer_path(version), filled(version, text=HOSTILE)).status_code == 302
    reflection = Reflection.objects.get(enrolment__learner=person)
    own = [reverse(name) for name in ("leerplek", "profile", "reflections", "legal_name", "my_data")]
    own += [
        reverse("reflection", args=[reflection.pk]),
        reverse("lesson", args=[version.activity.lesson.short_key]),
    ]
    own += [
        reverse("my_course", args=[house.a.course.short_key]),
        reverse("stop_course", args=[house.a.course.short_key]),
    ]
    seen = [(path, client.get(path)) for path in own]
    bad_alias = client.post(
        reverse("profile"), {"form": "profile", "alias": HOSTILE * 9, "legal_name": HOSTILE * 9}
    )
    seen.append(("profile, refused", bad_alias))
    coordinator = house.client("coordinator_a")
    seen += [
        (path, coordinator.get(path))
        for path in (reverse("learners"), reverse("recovery_code", args=[person.pk]))
    ]
    shown = 0
    for path, response in seen:
        assert response.status_code in {200, 422}, path
        assert Markup(response.text).inline == [], path
        assert "<script>alert" not in response.text
        assert "<img src=x" not in response.text
        assert "49" not in response.text.replace("&#x27;", "").partition("{{7*7}}")[1]
        shown += "&lt;script&gt;" in response.text
    figure(f"hostile words shown as text on {shown} of {len(seen)} pages, run on none")
    assert shown >= 8


# --- headers --------------------------------------------------------------------------------------------------------
STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "media-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self' https://www.knmi.nl/; frame-ancestors 'self'"
)


# What is handed out of a lesson runs nothing, whatever it holds.
A_FILE = "default-src 'none'; sandbox"


def directives(policy: str) -> dict[str, str]:
    return {name: values for name, _, values in (part.strip().partition(" ") for part in policy.split(";"))}


@dataclass(frozen=True)
class Seen:
    """What somebody got at an address; `markup` where that is a page."""

    role: str
    path: str
    status_code: int
    headers: Mapping[str, str]
    markup: str | None


@pytest.fixture(scope="module")
def every_page(house_of_the_module: House) -> Callable[[], list[Seen]]:
    """GET of every screen of ours as everybody it answers, public pages, and the pages that say no: asked once."""
    house = house_of_the_module

    def seen(role: str, path: str, response: HttpResponseBase) -> Seen:
        is_page = "text/html" in response.get("Content-Type", "") and not response.streaming
        if response.streaming:
            b"".join(response.streaming_content)  # reading a file to its end closes it
        return Seen(role, path, response.status_code, response.headers, response.text if is_page else None)

    def ask_all() -> Iterator[Seen]:
        for role in ("anonymous", "learner_a", "trainer_a", "coordinator_a", "editor"):
            client = house.client(role)
            for route in OWN:
                if not route.startswith("cms/"):  # the editor's own doors: see below
                    path = own_path(route, house.a)
                    yield seen(role, path, client.get(path))
            for path in ("/bestaat-niet/", "/bewijs/onzin/", "/les/bestaatniet/", "/media/x", "/cms2/"):
                yield seen(role, path, client.get(path))
            for page in (house.catalogue, house.standard, house.course_page):
                yield seen(role, page.url, client.get(page.url))
                yield seen(role, f"/en{page.url}", client.get(f"/en{page.url}"))
            refusing = house.client(role, enforce_csrf_checks=True)
            yield seen(role, "csrf", refusing.post(reverse("profile")))

    return functools.cache(lambda: list(ask_all()))


def test_every_page_has_the_strict_policy_and_nothing_that_it_would_refuse(house: House, every_page):
    pages = 0
    for page in every_page():
        where = (page.role, page.path)
        assert page.status_code < 500, where
        policy = directives(page.headers["Content-Security-Policy"])
        is_file = page.path.startswith("/bestand/") and page.status_code == 200
        assert policy == directives(A_FILE if is_file else STRICT), where
        assert "Content-Security-Policy-Report-Only" not in page.headers
        if page.markup is not None:
            assert Markup(page.markup).inline == [], where
            pages += 1
    figure(f"{pages} pages parsed: nothing inline in any of them")
    assert pages > 150


# Keys and lists that software of others asks for: the same for everybody, and nothing of anybody.
FOR_SOFTWARE = ("/.well-known/did.json", "/bewijs/status/")


def test_every_page_has_the_other_headers(house: House, every_page):
    for page in every_page():
        where = (page.role, page.path)
        assert page.headers["X-Content-Type-Options"] == "nosniff", where
        assert page.headers["Referrer-Policy"] == "same-origin", where
        assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin", where
        if page.status_code != 301:  # made before anything else runs, and not shown
            assert page.headers["X-Frame-Options"] == "SAMEORIGIN", where
        assert "geolocation=()" in page.headers["Permissions-Policy"], where
        if page.role != "anonymous" and not page.path.startswith(FOR_SOFTWARE):
            assert "no-store" in page.headers["Cache-Control"], where


def test_pages_for_strangers_are_asked_for_again(house: House):
    for page in (house.home, house.catalogue, house.course_page, house.standard):
        assert Client().get(page.url)["Cache-Control"] == "no-cache"
        # A browser that was signed in a moment ago still sends the cookie.
        stale = Client()
        stale.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
        assert "no-store" in stale.get(page.url)["Cache-Control"]


def test_the_editors_weaker_policy_holds_in_the_editor_only(house: House):
    client = house.client("trainer_a")
    editor = client.get(f"/cms/pages/{house.lesson_page.pk}/edit/")
    assert directives(editor["Content-Security-Policy"])["script-src"] == "'self' 'unsafe-inline'"
    assert "no-store" in editor["Cache-Control"]
    assert directives(client.get("/cmsx/")["Content-Security-Policy"]) == directives(STRICT)


def test_cookies_are_not_for_scripts_nor_for_other_sites(house: House):
    client = Client()
    client.post(reverse("account_login"), {"login": house.a.secrets[0], "password": PASSWORD})
    client.get(reverse("lesson", args=[house.a.lesson.short_key]))
    kept = {name: client.cookies[name] for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)}
    assert {name: (cookie["httponly"], cookie["samesite"]) for name, cookie in kept.items()} == {
        settings.SESSION_COOKIE_NAME: (True, "Lax"),
        settings.CSRF_COOKIE_NAME: (True, "Lax"),
    }
    assert {cookie["max-age"] for cookie in kept.values()} == {""}  # gone with the browser


def test_signing_in_makes_a_new_session(house: House):
    """A session that somebody planted before the sign-in is worth nothing after it."""
    client = Client()
    client.get(reverse("account_login"))
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    client.post(reverse("account_login"), {"login": house.a.secrets[0], "password": PASSWORD})
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert key != "a" * 32
    planted = Client()
    planted.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    assert planted.get(reverse("leerplek")).status_code == 302


@pytest.mark.parametrize(
    "host", ["kwaad.example", "testserver.kwaad.example", "testserver:80@kwaad.example", "", "a b", "\x00"]
)
def test_a_forged_host_is_refused(house: House, host):
    cookies = house.client("learner_a").cookies
    client = Client(raise_request_exception=False)
    client.cookies = cookies
    for path in ("/", reverse("leerplek"), reverse("account_login"), "/cms/"):
        response = client.get(path, headers={"Host": host})
        # Nothing in the Host at all is the server's own name.
        assert response.status_code == (400 if host else response.status_code), path
        assert "kwaad" not in response.text


def test_another_host_in_forwarded_headers_is_not_believed(house: House):
    client = house.client("anonymous")
    headers = {
        "X-Forwarded-Host": "kwaad.example",
        "Forwarded": "host=kwaad.example",
        "X-Original-URL": "/cms/",
    }
    for path in ("/", reverse("account_reset_password")):
        assert "kwaad" not in client.get(path, headers=headers).text


# --- production -----------------------------------------------------------------------------------------------------
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "alleen-voor-deze-proef-" + "k7Qm2" * 10,
    "RECORD_KEY": "alleen-voor-deze-proef",
    "REFLECTION_KEYS": "alleen-voor-deze-proef",
    "ALLOWED_HOSTS": "leerhuis.example",
    "SITE_URL": "https://leerhuis.example",
    "EMAIL_URL": "smtp://localhost:25",
    "SIGNING_KEY_PASSPHRASE": "alleen-voor-deze-proef",
    "BADGE_KEY_PASSPHRASE": "alleen-voor-deze-proef",
}


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Everything that the site needs to know in production, and keys."""
    folder = tmp_path_factory.mktemp("production")
    inherited = {
        name: value
        for name, value in os.environ.items()
        # The journeys set the last one for their own process.
        if name not in {*PRODUCTION, "DATABASE_URL", "DEBUG", "DJANGO_ALLOW_ASYNC_UNSAFE"}
    }
    keys = {"SIGNING_KEY_FILE": folder / "signing_key.p12", "BADGE_KEY_FILE": folder / "badge_key.pem"}
    for make, path in zip((make_signing_key, make_badge_key), keys.values(), strict=True):
        make(path, passphrase=PRODUCTION["SIGNING_KEY_PASSPHRASE"].encode(), organisation="Leerhuis")
    files = {name: str(path) for name, path in keys.items()}
    return {**inherited, **PRODUCTION, **files, "VAR_DIR": str(folder), "PYTHONWARNINGS": "ignore"}


def in_production(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


# What `manage.py` does, and questions to the site that it loaded.
CHECKED_AND_ASKED = """
import json, runpy, sys
sys.argv = ["manage.py", "check", "--deploy", "--fail-level", "INFO"]
runpy.run_path("manage.py", run_name="__main__")
from django.conf import settings
from django.test import Client
values = {name: getattr(settings, name) for name in %r}
plain = Client().get("/account/login/", headers={"Host": "leerhuis.example"})
values["plain"] = [plain.status_code, plain["Location"]]
values["policy"] = "upgrade-insecure-requests" in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
print(json.dumps(values))
"""


def test_django_finds_nothing_to_say_about_production_and_everything_goes_over_https(production):
    asked = [
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SECURE_SSL_REDIRECT",
        "SECURE_HSTS_SECONDS",
        "SECURE_HSTS_INCLUDE_SUBDOMAINS",
        "SECURE_HSTS_PRELOAD",
        "SECURE_CONTENT_TYPE_NOSNIFF",
        "DEBUG",
    ]
    ran = in_production(production, "-c", CHECKED_AND_ASKED % asked)
    assert ran.returncode == 0, ran.stderr
    checked, values = ran.stdout.splitlines()
    assert "no issues" in checked
    assert json.loads(values) == {
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        "SECURE_HSTS_PRELOAD": True,
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "DEBUG": False,
        "plain": [301, "https://leerhuis.example/account/login/"],
        "policy": True,
    }


@pytest.mark.parametrize("name", [name for name in PRODUCTION if name != "DJANGO_SETTINGS_MODULE"])
def test_a_missing_secret_is_said_by_name_at_the_start(production, name):
    without = {each: value for each, value in production.items() if each != name}
    ran = in_production(without, "manage.py", "check")
    assert ran.returncode != 0
    assert f'"{name}"' in ran.stderr


# --- never a server error -------------------------------------------------------------------------------------------
FIELDS = [
    *(
        "uuid",
        "version",
        "choice",
        "value",
        "text",
        "alias",
        "legal_name",
        "mailbox_unsafe",
        "form",
        "channel",
        "sure",
    ),
    *(
        "safe_from",
        "safe_until",
        "person_name",
        "person_phone",
        "code",
        "email",
        "password",
        "password1",
        "login",
    ),
    *(
        "oldpassword",
        "password2",
        "next",
        "language",
        "visible",
        "pdf",
        "session",
        "action_add",
        "action_send",
    ),
    *("action_remove", "action_primary", "action", "sort", "page", "nummer", "shown", "csrfmiddlewaretoken"),
]
PLAUSIBLE = [
    "on",
    "profile",
    "contact",
    "mail",
    "nl",
    "en",
    "10:00",
    "25:99",
    "a@example.org",
    "1",
    "true",
    "false",
]
words = st.one_of(
    st.sampled_from([*NO_TEXTS, *NO_NUMBERS, *PLAUSIBLE, HOSTILE, *ELSEWHERE]),
    st.text(alphabet=st.characters(), max_size=40),
    st.uuids().map(str),
)
forms = st.dictionaries(st.sampled_from(FIELDS), st.one_of(words, st.lists(words, max_size=3)), max_size=8)
MENUS = [f"{NAVIGATION_KEY}:{language}" for language, _name in settings.LANGUAGES]


def forget_who_asked() -> None:
    """Limits have tests of their own. Nothing stays in the cache but the menu, which is one for all: making it anew is
    half of what a page costs."""
    kept = cache.get_many(MENUS)
    cache.clear()
    cache.set_many(kept)


SMALL = hypothesis_settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.large_base_example,
    ],
)
POSTED = [
    route
    for route, (_get, post) in OWN.items()
    if any(answer not in (405, LOGIN) for answer in post.values())
]


@pytest.mark.parametrize("route", POSTED)
def test_no_form_whatever_is_in_it_is_a_server_error(house: House, route):
    cookies = {role: house.client(role).cookies for role in ("learner_a", "anonymous", "coordinator_a")}

    @SMALL
    @given(fields=forms, role=st.sampled_from(list(cookies)))
    def post_it(fields, role):
        forget_who_asked()
        client = Client(raise_request_exception=False)
        client.cookies = deepcopy(cookies[role])
        with transaction.atomic():
            response = send(client, own_path(route, house.a), fields)
            transaction.set_rollback(True)
        assert response.status_code < 500, (route, role, fields)

    post_it()


@pytest.mark.parametrize(
    "kind", ["single_choice", "multiple_choice", "true_false", "order", "match", "scale", "reflection"]
)
def test_no_answer_whatever_is_in_it_is_a_server_error(house: House, newcomer, kind):
    version = version_of(house, kind)
    names = ["choice", "value", "text", *(name for name in right_answer(version))]

    @SMALL
    @given(
        fields=st.dictionaries(
            st.sampled_from(names), st.one_of(words, st.lists(words, max_size=3)), max_size=6
        )
    )
    def post_it(fields):
        with transaction.atomic():
            response = send(newcomer, answer_path(version), filled(version) | fields)
            transaction.set_rollback(True)
        assert response.status_code in {302, 422}, fields

    post_it()


ODD = [
    "%00",
    "a%00b",
    "%ff%fe",
    "%ED%A0%80",
    "..%2f..%2fetc",
    "%2e%2e",
    "9" * 400,
    "%F0%9F%92%A9",
    "<script>",
    "a" * 5000,
    "-1",
    "%0d%0aX:1",
]


@pytest.mark.parametrize("role", ["anonymous", "learner_a"])
def test_no_address_whatever_is_in_it_is_a_server_error(house: House, role):
    client, asked = house.client(role), 0
    prefixes = [
        "",
        "en/",
        "bewijs/",
        "bewijs/mijn/",
        "les/",
        "les/sessie/",
        "leerplek/",
        "leerplek/teksten/",
        "leerplek/cursus/",
    ]
    prefixes += [
        "leerplek/start/",
        "antwoord/",
        "deelnemers/",
        "account/",
        "static/",
        "media/",
        "cms/",
        "cms/pages/",
        "_util/",
    ]
    for prefix in prefixes:
        for odd in ODD:
            for rest in ("/", "/pdf/") if prefix == "bewijs/" else ("", "/"):
                forget_who_asked()
                response = client.get(f"/{prefix}{odd}{rest}")
                asked += 1
                assert response.status_code < 500, f"/{prefix}{odd}{rest}"
    figure(f"{asked} odd addresses as {role}: no server error")


@pytest.mark.parametrize("role", ["anonymous", "learner_a", "coordinator_a"])
def test_no_question_in_an_address_is_a_server_error(house: House, role):
    client = house.client(role)
    for route in OWN:
        for odd in ("%00", "%ED%A0%80", "9" * 5000, "-1", "NaN", "%27", "a%5B%5D=1"):
            forget_who_asked()
            asked = "&".join(
                f"{name}={odd}" for name in ("page", "sort", "next", "nummer", "shown", "language", "q")
            )
            response = client.get(f"{own_path(route, house.a)}?{asked}")
            if response.streaming:
                b"".join(response.streaming_content)
            assert response.status_code < 500, (route, odd)


@pytest.mark.parametrize(
    "name", [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "django_language", "messages"]
)
def test_no_cookie_whatever_is_in_it_is_a_server_error(house: House, name):
    for odd in ["", "\x00", "a" * 32, "é" * 32, "' OR 1=1", "9" * 4000, "../../x", "nl\x00", "%00", '"\\"']:
        client = Client(raise_request_exception=False)
        client.cookies[name] = odd
        for path in ("/", reverse("leerplek"), reverse("account_login"), "/cms/", "/bestaat-niet/"):
            assert client.get(path).status_code < 500, (odd, path)
        assert (
            client.post(reverse("account_login"), {"login": "a@example.org", "password": "x"}).status_code
            < 500
        )


def test_recorded_is_what_the_answer_says():
    """The fields that a form could claim do not exist in what records an answer."""
    assert set(Recorded.__annotations__) == {"attempt", "created", "result", "response"}
