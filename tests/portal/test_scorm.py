"""Where a SCORM package in a lesson plays, and what is handed over to whom."""

import json
from urllib.parse import urlsplit

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from courses.models import Activity, Attempt, Lesson, ResumePoint
from media.flows import import_package
from media.packages.packing import pack_scorm
from tests.cms import made_pages as made
from tests.factories import PersonFactory
from tests.media.played_packages import made_version

AS_JSON = {"accept": "application/json"}


@pytest.fixture
def scorm(db, now, settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }
    file = ContentFile(pack_scorm("scorm2004"), "les.zip")
    return import_package(file=file, title="Luisteren", now=now).version


@pytest.fixture
def page(site, scorm):
    return made.make_lesson(made.make_session(site.page, "Oefenen"), "Probeer", made.package(scorm.package))


@pytest.fixture
def activity(page, learner):
    return Activity.objects.get(lesson__key=page.translation_key)


def launch(client, activity):
    return client.get(reverse("player", args=[activity.pk]), headers=AS_JSON)


def test_the_page_is_told_where_it_plays_and_what_to_hand_over(client, activity, enrolment, now):
    version = activity.versions.get()
    for part, state in (("0", '{"status":"passed"}'), ("whole", "null")):
        ResumePoint.objects.create(
            enrolment=enrolment,
            activity=activity,
            version=version,
            part=part,
            data=state,
            revision=4,
            saved_at=now,
        )
    response = launch(client, activity)
    told = response.json()
    assert (response["Cache-Control"], told["kind"]) == ("no-store", "scorm")
    assert urlsplit(told["address"])._replace(path="").geturl() == told["origin"]
    assert urlsplit(told["origin"]).hostname.endswith(".localhost")
    assert urlsplit(told["address"]).path.endswith("/speel/nl/")
    assert told["start"] == {
        "told": {"version": version.pk, "revisions": {"0": 4, "whole": 4}},
        "places": {"0": '{"status":"passed"}'},
    }


def test_its_document_is_not_on_our_own_host(client, activity):
    assert client.get(reverse("player", args=[activity.pk])).status_code == 404


def test_without_a_host_for_packages_it_plays_nowhere(client, activity, settings, scorm):
    settings.CONTENT_HOST = ""
    assert launch(client, activity).status_code == 404
    client.force_login(PersonFactory(is_superuser=True))
    assert "<iframe" not in client.get(reverse("packages:detail", args=[scorm.package_id])).content.decode()


def test_who_is_not_in_the_course_is_told_nothing(client, activity):
    client.force_login(PersonFactory())
    assert launch(client, activity).status_code == 404
    client.logout()
    assert launch(client, activity).status_code == 302


def test_h5p_still_plays_at_the_same_address(client, site, learner):
    session = made.make_session(site.page, "Ander")
    page = made.make_lesson(session, "Ander", made.package(made_version().package))
    activity = Activity.objects.get(lesson=Lesson.objects.get(key=page.translation_key))
    address = reverse("player", args=[activity.pk])
    assert launch(client, activity).json() == {"kind": "h5p", "address": address, "origin": "null"}


def test_what_it_reports_counts_like_any_package(client, activity):
    statement = {
        "verb": {"id": "http://adlnet.gov/expapi/verbs/passed"},
        "object": {"definition": {}},
        "result": {"completion": True, "success": True, "score": {"min": 0, "raw": 80, "max": 100}},
    }
    body = {"version": activity.versions.get().pk, "uuid": "11111111-1111-4111-8111-111111111111"}
    response = client.post(
        reverse("statement", args=[activity.pk]),
        json.dumps({**body, "statement": statement}),
        content_type="application/json",
    )
    assert response.status_code == 200
    attempt = Attempt.objects.get()
    assert (attempt.score, attempt.passed, attempt.self_reported) == (80, True, True)


def test_a_trainer_tries_it_with_nothing_to_hand_over(client, page, scorm):
    client.force_login(PersonFactory(is_superuser=True))
    address = reverse("try_player", args=[page.pk, page.body[0].id])
    told = client.get(address, headers=AS_JSON).json()
    assert told["start"] == {"told": {"version": 1, "revisions": {}}, "places": {}}
    detail = client.get(reverse("packages:detail", args=[scorm.package_id]))
    assert "frame-src 'self' http://*.localhost" in detail["Content-Security-Policy"]
    assert 'sandbox="allow-scripts allow-same-origin allow-forms"' in detail.content.decode()
    assert "/speel/nl/#proef" in detail.content.decode()
    assert "2 onderdelen: Wat luisteren is; Twee vragen." in detail.content.decode()
