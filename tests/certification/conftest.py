"""A small course with all that a certificate counts: two lessons with work, a live meeting, and one just for reading."""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation
from pytest_django import Settings

from certification.flows import award_and_queue
from certification.models import Award, Scheme
from certification.services.documents import produce
from courses.activities import kind_of
from courses.models import Activity, CourseVersionItem, Enrolment
from courses.services import syllabus
from courses.services.attempts import record_answer
from courses.services.enrolments import enrol
from courses.services.progress import refresh
from people.models import User
from tests.courses.activity_samples import FIELDS
from tests.factories import PersonFactory, asked_of, right_answer

START = datetime(2026, 9, 1, 19, 0, tzinfo=UTC)
END = datetime(2026, 11, 12, 20, 30, tzinfo=UTC)
OPTIONS = [
    {"id": "a", "text": "Luisteren", "right": True, "feedback": "Ja."},
    {"id": "b", "text": "Sturen", "right": False, "feedback": "Nog niet."},
]
CHOICE = {"question": "Wat doe je eerst?", "options": OPTIONS}
READ = {"statement": "Ik heb dit gelezen."}


@pytest.fixture(autouse=True)
def private_files(settings: Settings, tmp_path: Path) -> Path:
    """Documents of one test stay its own."""
    folder = tmp_path / "private"
    settings.STORAGES = settings.STORAGES | {
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": folder},
        }
    }
    return folder


@transaction.atomic
def make_course(
    *,
    audience: str = "professionals",
    graded: bool = True,
    title: str = "Motiverende gespreksvoering",
    also: tuple[str, ...] = (),
) -> Any:
    """A course; `also` are kinds of activity in its last lesson that a scheme may ask for, not required otherwise."""
    wording = syllabus.Wording(locale="nl", is_source=True)
    programme = syllabus.publish_programme(
        key=f"programma-{uuid.uuid4().hex[:8]}",
        name="Programma",
        neutral_name="Avondcursus",
        organisation="leerhuis",
        organisation_name="Leerhuis",
        audience=audience,
    )
    course = syllabus.publish_course(
        key=uuid.uuid4(),
        wording=wording,
        title=title,
        live=True,
        values={
            "programme": programme,
            "discreet_title": "Avondcursus",
            "hours_label": "online deel",
            "open_enrolment": True,
        },
        now=START,
    )
    session = syllabus.publish_session(
        key=uuid.uuid4(),
        wording=wording,
        title="Sessie 1",
        live=True,
        values={"course": course, "position": 0, "meeting": ""},
        now=START,
    )
    checked = ("single_choice", CHOICE) if graded else ("read", READ)
    lessons = [
        ("before", 10, [("read", READ, True), (*checked, True)]),
        ("live", 150, [("read", READ, True)]),
        ("after", 15, [(*checked, True), ("read", READ, False)]),
        ("after", 40, [("read", READ, False), *((kind, FIELDS[kind], False) for kind in also)]),
    ]
    for position, (part, minutes, activities) in enumerate(lessons):
        syllabus.publish_lesson(
            key=uuid.uuid4(),
            wording=wording,
            title=f"Les {position + 1}",
            values={"session": session, "position": position, "part": part, "minutes": minutes},
            activities=[
                syllabus.ActivityDraft(uuid.uuid4(), kind, required, kind_of(kind).specification(fields))
                for kind, fields, required in activities
            ],
            now=START,
        )
    return course


def answer(enrolment: Enrolment, item: CourseVersionItem, *, right: bool = True, now: datetime = END) -> None:
    """One answer, recorded and carried into the progress."""
    options = item.activity_version.specification.get("options", [])
    choice = next((option["key"] for option in options if option["right"] is right), "")
    record_answer(
        enrolment=enrolment,
        version=item.activity_version,
        data={"choice": choice},
        uuid=uuid.uuid4(),
        now=now,
    )
    refresh(enrolment=enrolment, activity_id=item.activity_id, now=now)


@transaction.atomic
def do(enrolment: Enrolment, kind: str, *, now: datetime = END) -> Activity:
    """Do the activity of a kind that the scheme asks for, rightly."""
    activity = Activity.objects.get(lesson__session__course=enrolment.course, kind=kind)
    version = asked_of(enrolment, activity.versions.get())
    record_answer(
        enrolment=enrolment,
        version=activity.versions.select_related("activity").get(),
        data=right_answer(version),
        uuid=uuid.uuid4(),
        now=now,
    )
    refresh(enrolment=enrolment, activity_id=activity.pk, now=now)
    return activity


def make_scheme(course: Any, *, requirements: dict | None = None, **fields: Any) -> Scheme:
    return Scheme.objects.create(
        course=course,
        requirements={"activities": {}} if requirements is None else requirements,
        neutral=fields.pop("neutral", False),
        **fields,
    )


def items_of(enrolment: Enrolment) -> list[CourseVersionItem]:
    return list(
        enrolment.course_version.items.select_related("activity_version__activity").order_by("activity_id")
    )


@transaction.atomic
def complete(enrolment: Enrolment, *, but: int = 0) -> Enrolment:
    """Do what is required, except the last `but` activities."""
    items = items_of(enrolment)
    for item in items[: len(items) - but]:
        answer(enrolment, item)
    return enrolment


@pytest.fixture
def record() -> SimpleNamespace:
    """What the tests of this folder do to a course."""
    return SimpleNamespace(
        make_course=make_course,
        make_scheme=make_scheme,
        answer=answer,
        do=do,
        items_of=items_of,
        complete=complete,
        start=START,
        end=END,
    )


@pytest.fixture
def learner(db: None) -> User:
    return PersonFactory(legal_name="Sanne de Vries")


@pytest.fixture
def enrolment(learner: User) -> Enrolment:
    return enrol(learner=learner, course=make_course(), alias="Roos", now=START)


@pytest.fixture
def completed(enrolment: Enrolment) -> Enrolment:
    return complete(enrolment)


@pytest.fixture
def award(completed: Enrolment) -> Award:
    """An award whose document waits."""
    return award_and_queue(enrolment=completed, now=END)


@pytest.fixture
def finished(award: Award) -> Award:
    """An award with its document."""
    assert produce(award_id=award.pk, now=END)
    return Award.objects.select_related("document").get(pk=award.pk)


@pytest.fixture
def other_award(db: None) -> Callable[..., Award]:
    """Make an award of a new learner, with its document."""

    def make(*, audience: str = "professionals", legal_name: str = "Ander Mens", **course: Any) -> Award:
        person = PersonFactory(legal_name=legal_name)
        enrolled = enrol(
            learner=person, course=make_course(audience=audience, **course), alias="A", now=START
        )
        made = award_and_queue(enrolment=complete(enrolled), now=END)
        assert produce(award_id=made.pk, now=END)
        return Award.objects.select_related("document").get(pk=made.pk)

    return make


@pytest.fixture
def dutch() -> Iterator[None]:
    with translation.override("nl"):
        yield
