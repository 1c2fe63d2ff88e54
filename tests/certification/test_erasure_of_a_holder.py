"""Somebody with a record, a reflection and a certificate is erased: through all floors, in every table and file."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from certification.models import Award
from courses.services.reflections import keep_reflection
from people.models import User
from people.privacy.traces import find_traces
from people.services.privacy import erase_person, export_person
from tests.factories import PASSWORD, ActivityFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner() -> User:
    return PersonFactory(
        email="annabel@uniek.example", alias="Annabel-bijnaam", legal_name="Annabel Uniekenaam"
    )


@pytest.fixture
def words(finished: Award, learner: User, record) -> list[str]:
    """A whole record, and the words that would betray whose it was."""
    activity = ActivityFactory(
        kind="reflection", lesson=finished.enrolment.course.sessions.first().lessons.first()
    )
    text = "Ik was bang voor de uniekevogel"
    keep_reflection(enrolment=finished.enrolment, version=activity.versions.get(), text=text, now=record.end)
    Client().post(reverse("account_login"), {"login": learner.email, "password": PASSWORD})
    names = [learner.email, learner.alias, learner.legal_name, "uniekevogel"]
    return [*names, str(learner.pk), learner.pk.hex]


def test_nothing_of_a_holder_is_left_but_a_certificate_without_a_name(
    finished: Award, learner: User, words: list[str], record, private_files: Path
):
    export = export_person(user=learner, now=record.end)
    assert [row["ciphertext"] for row in export["holdings"]["courses.Reflection"]] == [
        "Ik was bang voor de uniekevogel"
    ]
    assert len(export["holdings"]["certification.Award"]) == 1
    report = erase_person(user=learner, now=record.end)
    assert report.traces == []
    assert find_traces(words) == []
    assert [path for path in private_files.rglob("*") if path.is_file()] == []
    kept = Award.objects.get()
    assert (kept.public_id, kept.status, kept.holder, kept.enrolment, kept.holder_name) == (
        finished.public_id,
        "valid",
        None,
        None,
        "",
    )
