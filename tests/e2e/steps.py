"""What visitors do on the way, step by step. Steps find things by address, name and id, never by the interface's words."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from courses.models import ActivityVersion, Cohort, Course, Enrolment, Lesson
from courses.services.enrolments import enrol
from courses.services.teams import assign_trainers
from people.models import Role, User
from people.services.roles import grant_role
from tests.factories import PASSWORD, PersonFactory, right_answer

CODE = re.compile(r"^ {4}(\S+)$", re.MULTILINE)


def main_form(page: Page) -> Locator:
    """The first form of the page's own content: the exit's stands before it."""
    return page.locator("#inhoud form").first


def submit(form: Locator) -> None:
    """Press the form's own button and see the page that comes."""
    with form.page.expect_navigation():
        form.locator("button[type=submit]").first.click()


def follow(link: Locator) -> None:
    with link.page.expect_navigation():
        link.click()


def mailed_code(*, to: str) -> str:
    """The code in the last mail to somebody; the mail tells nothing of the programme."""
    message = [message for message in mail.outbox if message.to == [to]][-1]
    assert "maatje" not in (message.subject + message.body).lower()
    return CODE.search(message.body)[1]


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.goto("/account/login/")
    page.locator("#id_login").fill(email)
    page.locator("#id_password").fill(password)
    submit(main_form(page))
    expect(page.locator("body[data-personal]")).to_have_count(1)


def signed_in(page: Page, email: str) -> None:
    """Somebody who signed in some time ago; for what begins behind the door."""
    client = Client()
    client.force_login(User.objects.get(email=email))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": settings.SITE_URL}])


def sign_out(page: Page) -> None:
    page.goto("/account/logout/")
    submit(main_form(page))
    expect(page.locator("body:not([data-personal])")).to_have_count(1)


def fill(form: Locator, data: Mapping[str, Any]) -> None:
    """Fill an activity in as a hand does: options pressed, places chosen, texts typed."""
    for name, value in data.items():
        if name == "confirmed":
            continue  # the button itself says so
        if name == "text" or name.startswith("write-"):
            form.locator(f'textarea[name="{name}"]').fill(value)
        elif name.startswith("gap-"):
            form.locator(f'input[name="{name}"]').fill(value)
        elif name.startswith(("place-", "match-", "label-")):
            form.locator(f'select[name="{name}"]').select_option(value)
        elif name.startswith("survey-") and form.locator(f'textarea[name="{name}"]').count():
            form.locator(f'textarea[name="{name}"]').fill(value)
        else:
            values = value if isinstance(value, list) else [value]
            for box in form.locator(f'input[name="{name}"][type=checkbox]:checked').all():
                if box.get_attribute("value") not in values:
                    box.uncheck()
            for wanted in values:
                form.locator(f'input[name="{name}"][value="{wanted}"]').check()


def activity_form(page: Page, activity_id: int) -> Locator:
    return page.locator(f"#a-{activity_id}")


def answer(page: Page, activity_id: int, data: Mapping[str, Any], *, js: bool = True) -> Locator:
    """Answer an activity and wait for what comes of it: a form with a new identity at the same place."""
    form = activity_form(page, activity_id)
    uuid = form.locator("input[name=uuid]")
    before = uuid.input_value()
    fill(form, data)
    button = form.locator("button[type=submit]").first
    if js:
        button.click()
    else:
        with page.expect_navigation():
            button.click()
        assert page.url.endswith(f"#a-{activity_id}")
    expect(uuid).not_to_have_value(before)
    return form


def talk(page: Page, activity_id: int, *, js: bool = True) -> Locator:
    """Talk a conversation through to an end, with the first sentence that is offered every time."""
    form = activity_form(page, activity_id)
    while form.locator("button[name=say]").count():
        uuid = form.locator("input[name=uuid]")
        before = uuid.input_value()
        sentence = form.locator("button[name=say]").first
        if js:
            sentence.click()
        else:
            follow(sentence)
        expect(uuid).not_to_have_value(before)
    return form


def activity_ids(page: Page) -> list[int]:
    """The activities of a lesson, as they stand on the page."""
    ids = page.locator("form[data-activity]").evaluate_all("forms => forms.map(form => form.id)")
    return [int(identity.removeprefix("a-")) for identity in ids]


def versions_of(ids: list[int]) -> dict[int, ActivityVersion]:
    """The newest wording of activities, by activity."""
    versions = ActivityVersion.objects.filter(activity__in=ids).select_related("activity").order_by("number")
    return {version.activity_id: version for version in versions}


def rights_of(ids: list[int]) -> dict[int, Mapping[str, Any]]:
    """A right answer to each activity."""
    return {pk: right_answer(version) for pk, version in versions_of(ids).items()}


def lesson_with(*kinds: str) -> Lesson:
    """The first lesson of the maatjestraining that has activities of these kinds."""
    lessons = Lesson.objects.filter(session__course=the_course())
    for kind in kinds:
        lessons = lessons.filter(activities__kind=kind, activities__retired_at=None)
    return lessons.order_by("session__position", "position").first()


def address(lesson: Lesson) -> str:
    return reverse("lesson", args=[lesson.short_key])


def in_order(lesson: Lesson, kind: str = "") -> list[ActivityVersion]:
    """What is asked in a lesson, from top to bottom."""
    activities = lesson.activities.filter(retired_at=None).order_by("position")
    ids = list((activities.filter(kind=kind) if kind else activities).values_list("pk", flat=True))
    versions = versions_of(ids)
    return [versions[pk] for pk in ids]


def the_course() -> Course:
    return Course.objects.get(programme__key="maatjestraining")


def enrolled(person: User, *, now: datetime) -> Enrolment:
    return enrol(learner=person, course=the_course(), alias=person.alias, code="", now=now)


def a_trainer(*, now: datetime) -> User:
    """Somebody who trains a group in every course, and writes them."""
    person = PersonFactory(alias="Trainer", email="trainer@example.org")
    grant_role(user=person, role=Role.TRAINER, organisation=the_course().programme.organisation, now=now)
    for course in Course.objects.filter(archived_at=None):
        assign_trainers(cohort=Cohort.objects.create(course=course, name="Groep"), trainers=[person], now=now)
    return person
