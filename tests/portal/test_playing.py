"""A recording in a lesson: its address is one learner's, it plays in parts, and playing it counts for what it was."""

import json
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.models import Activity, ActivityState, Attempt, Enrolment, Lesson, ResumePoint
from courses.services.enrolments import enrol, withdraw
from courses.services.progress import rebuild_progress
from media.models import Recording
from tests.cms import made_pages as made
from tests.courses.activity_samples import FIELDS
from tests.factories import PersonFactory
from tests.recordings import CAPTIONS, FILES, file_for, make_recording

pytestmark = pytest.mark.django_db
VIDEO = (FILES / "gesprek.webm").read_bytes()


@pytest.fixture(autouse=True)
def private_files(settings, tmp_path):
    files = {**settings.STORAGES["private"], "OPTIONS": {"location": tmp_path / "private"}}
    settings.STORAGES = {**settings.STORAGES, "private": files}


def file_block(kind):
    return made.block(kind, {**FIELDS[kind], "required": True, **file_for(kind)})


@pytest.fixture
def site(db, now):
    """A lesson with a video, a recording to listen to and a document, and a lesson without."""
    _home, catalogue = made.make_site()
    session = made.make_session(made.make_course(catalogue))
    page = made.make_lesson(session, "Kijken", *map(file_block, ("video", "audio", "download")))
    plain = made.make_lesson(session, "Lezen", made.reading())
    lesson = Lesson.objects.select_related("session__course").get(key=page.translation_key)
    video, audio, download = Activity.objects.filter(lesson=lesson).order_by("position")
    return SimpleNamespace(
        page=page,
        lesson=lesson,
        plain=Lesson.objects.get(key=plain.translation_key),
        video=video,
        audio=audio,
        download=download,
        recording=Recording.objects.get(type="video"),
    )


@pytest.fixture
def learner(site, client, now):
    person = PersonFactory()
    enrol(learner=person, course=site.lesson.session.course, alias="Maan", now=now)
    client.force_login(person)
    return person


def page_of(client, lesson):
    return client.get(reverse("lesson", args=[lesson.short_key])).content.decode()


def addresses(html):
    """Video, captions, audio, document: as they stand in the lesson."""
    return re.findall(r'(?:src|href)="(/bestand/[^"]+)"', html)


@pytest.fixture
def report(client, site, now):
    def send(at, played, revision, *, later=0.0, activity=None, by=None, **more):
        activity = activity or site.video
        body = {
            "version": activity.versions.order_by("-number").first().pk,
            "revision": revision,
            "at": at,
            "played": played,
            **more,
        }
        with time_machine.travel(now + timedelta(seconds=later), tick=False):
            return (by or client).post(
                reverse("keep_place", args=[activity.pk]), json.dumps(body), content_type="application/json"
            )

    return send


# --- files ----------------------------------------------------------------------------------------------------------
def test_the_lesson_gives_out_every_file_and_each_is_what_it_says(client, learner, site):
    video, captions, audio, document = addresses(page_of(client, site.lesson))
    answers = [client.get(address) for address in (video, captions, audio, document)]
    assert [answer.status_code for answer in answers] == [200] * 4
    assert [answer["Content-Type"] for answer in answers] == [
        "video/webm",
        "text/vtt; charset=utf-8",
        "audio/mpeg",
        "application/pdf",
    ]
    assert {answer["X-Content-Type-Options"] for answer in answers} == {"nosniff"}
    assert {answer["Cache-Control"] for answer in answers} == {"private, no-store"}
    assert {answer["Content-Security-Policy"] for answer in answers} == {"default-src 'none'; sandbox"}
    assert answers[0].getvalue() == VIDEO
    assert answers[1].content.decode() == CAPTIONS
    assert [answers[2].getvalue(), answers[3].getvalue()] == [
        (FILES / name).read_bytes() for name in ("rust.mp3", "blad.pdf")
    ]
    assert answers[3]["Content-Disposition"].startswith('attachment; filename="blad-')
    assert "kaart" not in answers[3]["Content-Disposition"]


def test_no_file_has_an_address_beside_that(client, learner, site):
    assert site.recording.file.name not in page_of(client, site.lesson)
    video, *_others = addresses(page_of(client, site.lesson))
    assert client.get(video).getvalue() == VIDEO
    for address in (f"/media/{site.recording.file.name}", f"/documents/{site.recording.pk}/blad.pdf"):
        assert Client().get(address).status_code == 404
        assert client.get(address).status_code == 404


def test_an_address_opens_for_whom_it_was_given_and_nobody_else(client, learner, site, now):
    (video, *_others) = addresses(page_of(client, site.lesson))
    other = PersonFactory()
    enrol(learner=other, course=site.lesson.session.course, alias="Ster", now=now)
    stranger = Client()
    stranger.force_login(other)
    assert Client().get(video).status_code == 404
    assert stranger.get(video).status_code == 404
    for false in (
        video[:-2] + "x/",
        video.replace("opname", "blad"),
        video.replace(":", ":1", 1),
        "/bestand/x/",
    ):
        assert client.get(false).status_code == 404


def test_an_address_ends_with_the_sign_in(client, learner, site, settings):
    (video, *_others) = addresses(page_of(client, site.lesson))
    settings.SESSION_COOKIE_AGE = -1
    client.force_login(learner)
    settings.SESSION_COOKIE_AGE = 0
    assert client.get(video).status_code == 404


def test_who_is_not_in_the_course_gets_no_address(client, learner, site, now):
    withdraw(enrolment=Enrolment.objects.get(), now=now)
    assert client.get(reverse("lesson", args=[site.lesson.short_key])).status_code == 404


SIZE = len(VIDEO)


@pytest.mark.parametrize(
    ("asked", "status", "first", "last"),
    [
        ("bytes=0-0", 206, 0, 0),
        ("bytes=0-", 206, 0, SIZE - 1),
        ("bytes=100-199", 206, 100, 199),
        ("bytes=100-999999999", 206, 100, SIZE - 1),
        ("bytes=-50", 206, SIZE - 50, SIZE - 1),
        ("bytes=-999999999", 206, 0, SIZE - 1),
        ("bytes=0-1,5-9", 200, 0, SIZE - 1),
        ("bytes=x-y", 200, 0, SIZE - 1),
        ("bytes=-", 200, 0, SIZE - 1),
        ("octets=0-5", 200, 0, SIZE - 1),
        (f"bytes=0-{'9' * 30}", 200, 0, SIZE - 1),
    ],
)
def test_a_player_gets_the_part_it_asks_for(client, learner, site, asked, status, first, last):
    (video, *_others) = addresses(page_of(client, site.lesson))
    for method in (client.get, client.head):
        answer = method(video, headers={"Range": asked, "Accept-Encoding": "gzip"})
        assert (answer.status_code, answer["Content-Length"]) == (status, str(last - first + 1))
        assert answer.get("Content-Range") == (f"bytes {first}-{last}/{SIZE}" if status == 206 else None)
        assert answer["Accept-Ranges"] == "bytes"
        assert answer.getvalue() == (VIDEO[first : last + 1] if method == client.get else b"")


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", "bytes=9-3", "bytes=-0", "bytes=999999999999-"])
def test_a_part_that_is_not_there_is_said(client, learner, site, asked):
    (video, *_others) = addresses(page_of(client, site.lesson))
    answer = client.get(video, headers={"Range": asked})
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{SIZE}")


def test_a_part_of_another_file_is_answered_with_the_whole(client, learner, site):
    (video, *_others) = addresses(page_of(client, site.lesson))
    whole = client.get(video, headers={"Range": "bytes=0-9", "If-Range": '"another"'})
    part = client.get(video, headers={"Range": "bytes=0-9", "If-Range": whole["ETag"]})
    assert (whole.getvalue(), part.getvalue()) == (VIDEO, VIDEO[:10])


def test_a_file_that_is_gone_from_the_storage_is_not_found(client, learner, site):
    html = page_of(client, site.lesson)
    site.recording.file.storage.delete(site.recording.file.name)
    assert client.get(addresses(html)[0]).status_code == 404


def test_an_address_costs_one_query_beside_the_sign_in(client, learner, site):
    (video, *_others) = addresses(page_of(client, site.lesson))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(video, headers={"Range": "bytes=0-9"}).getvalue()
    assert len([each for each in asked if "media_recording" in each["sql"]]) == 1
    assert len(asked) <= 3  # session, user, recording


# --- the lesson -----------------------------------------------------------------------------------------------------
def test_a_place_costs_one_query_and_only_where_something_plays(client, learner, site, report):
    counts = []
    for _round in range(2):
        for lesson in (site.plain, site.lesson):
            client.get(reverse("lesson", args=[lesson.short_key]))  # notes the place, fills the caches
            with CaptureQueriesContext(connection) as asked:
                client.get(reverse("lesson", args=[lesson.short_key]))
            counts.append(len(asked))
        report(1, [[0, 1]], 1 + len(counts), later=len(counts))
    plain = counts[0]
    assert counts == [plain, plain + 1, plain, plain + 1]


def test_the_page_knows_where_somebody_stopped(client, learner, site, report):
    report(0, [], 1)
    report(4.2, [[0, 4.2]], 2, later=5)
    html = page_of(client, site.lesson)
    (place,) = [each for each in re.findall(r'data-place="([^"]*)"', html) if each]
    kept = json.loads(place.replace("&quot;", '"'))
    assert kept == {"recording": site.recording.pk, "at": 4.2, "played": [[0, 4.2]], "revision": 2}
    other = PersonFactory()
    enrol(
        learner=other,
        course=site.lesson.session.course,
        alias="Ster",
        now=learner.enrolments.get().started_at,
    )
    client.force_login(other)
    assert 'data-place=""' in page_of(client, site.lesson)
    assert "&quot;at&quot;" not in page_of(client, site.lesson)


def test_nothing_that_is_kept_for_everybody_holds_an_address(client, learner, site, report):
    from cms.rendering import lesson_body

    client.post(
        reverse("answer", args=[site.video.pk]),
        {
            "uuid": "6f1b0a52-6a0f-4f2c-9c0b-6d7a0f3c8a11",
            "version": site.video.versions.get().pk,
            "confirmed": "1",
        },
    )
    assert "/bestand/" in page_of(client, site.lesson)
    assert not [piece for piece in lesson_body(site.lesson).pieces if "/bestand/" in piece.html]
    assert "%%leerhuis" not in page_of(client, site.lesson)


# --- what counts ----------------------------------------------------------------------------------------------------
def state_of(activity):
    return list(ActivityState.objects.filter(activity=activity).values_list("status", flat=True))


def test_playing_it_through_is_an_answer_that_was_seen(client, learner, site, report):
    assert report(0, [], 1).json() == {"played": 0, "done": False}
    assert report(3, [[0, 3]], 2, later=3).json() == {"played": 49, "done": False}
    assert report(6, [[0, 6]], 3, later=6).json() == {"played": 99, "done": True}
    assert state_of(site.video) == ["done"]
    attempt = Attempt.objects.get()
    assert (attempt.response, attempt.self_reported, attempt.passed) == ({"played": 99}, False, True)
    # Playing on changes nothing more.
    assert report(1, [[0, 6]], 4, later=60).json() == {"played": 99, "done": True}
    assert Attempt.objects.count() == 1
    assert rebuild_progress(enrolments=Enrolment.objects.all()) == 0


def test_a_forged_report_counts_for_the_time_that_passed(client, learner, site, report):
    site.recording.duration = 3600
    Recording.objects.update(duration=3600)
    made.change(made.fresh(site.page), *made.raw_body(made.fresh(site.page)))
    version = site.video.versions.order_by("-number").first()
    first = report(0, [], 1, version=version.pk)
    forged = report(3600, [[0, 3600]], 2, later=2, version=version.pk)
    assert (first.json(), forged.json()) == ({"played": 0, "done": False}, {"played": 0, "done": False})
    assert ResumePoint.objects.get().state["played"] == [[0, 7]]
    assert Attempt.objects.count() == 0


def test_scrubbing_to_the_end_does_not_count(client, learner, site, report):
    report(0, [], 1)
    assert report(6, [[0, 0.5], [5.5, 6]], 2, later=600).json() == {"played": 16, "done": False}
    assert state_of(site.video) == []


def test_a_tab_that_lags_behind_learns_where_the_other_is(client, learner, site, report):
    report(0, [], 1)
    report(3, [[0, 3]], 2, later=3)
    behind = report(1, [[0, 1]], 2, later=4)
    assert behind.status_code == 409
    assert behind.json() == {"recording": site.recording.pk, "at": 3, "played": [[0, 3]], "revision": 2}
    assert report(4, [[3, 4]], 3, later=5).json()["played"] == 66


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        "{",
        "1e999",
        '{"at": NaN}',
        "[" * 100_000,
        '{"version": %(version)s, "revision": 1, "at": NaN, "played": []}',
        '{"version": %(version)s, "revision": 1, "at": 0, "played": [[0, Infinity]]}',
        '{"version": %(version)s, "revision": 1, "at": -1, "played": []}',
        '{"version": %(version)s, "revision": 1, "at": 1e300, "played": []}',
        '{"version": %(version)s, "revision": 1, "at": "0", "played": []}',
        '{"version": %(version)s, "revision": 1, "at": 0}',
        '{"version": %(version)s, "revision": 1, "at": 0, "played": [[0, 3], [1, 2]]}',
        '{"version": %(version)s, "revision": 0, "at": 0, "played": []}',
        '{"version": %(version)s, "revision": -5, "at": 0, "played": []}',
        '{"version": %(version)s, "revision": true, "at": 0, "played": []}',
        '{"version": %(version)s, "revision": 3000000000, "at": 0, "played": []}',
        '{"version": %(version)s, "revision": ' + "9" * 5000 + ', "at": 0, "played": []}',
        '{"version": "x", "revision": 1, "at": 0, "played": []}',
        '{"version": %(version)s, "revision": 1, "at": 0, "played": [' + ",".join(["[0,0]"] * 5000) + "]}",
        b"\xff\xfe",
    ],
    ids=range(22),
)
def test_what_is_no_report_is_refused_and_keeps_nothing(client, learner, site, body):
    if isinstance(body, str) and "%(version)s" in body:
        body = body.replace("%(version)s", str(site.video.versions.get().pk))
    answer = client.post(reverse("keep_place", args=[site.video.pk]), body, content_type="application/json")
    assert answer.status_code == 422
    assert ResumePoint.objects.count() == 0


def test_who_may_not_reports_nothing(client, learner, site, report, now):
    stranger = Client()
    stranger.force_login(PersonFactory())
    assert report(0, [], 1, by=stranger).status_code == 404
    assert report(0, [], 1, by=Client()).status_code == 302
    assert report(0, [], 1, version=site.audio.versions.get().pk).status_code == 404
    assert report(0, [], 1, version=2**62).status_code == 422
    assert report(0, [], 1, activity=site.download).status_code == 404
    assert client.get(reverse("keep_place", args=[site.video.pk])).status_code == 405
    assert ResumePoint.objects.count() == 0


def test_a_recording_that_was_taken_out_takes_no_report(client, learner, site, report):
    made.change(made.fresh(site.page), *made.raw_body(made.fresh(site.page))[1:])
    assert report(0, [], 1).status_code == 410


def test_another_recording_begins_anew(client, learner, site, report):
    report(0, [], 1)
    report(5, [[0, 5]], 2, later=6)
    body = made.raw_body(made.fresh(site.page))
    body[0]["value"]["recording"] = make_recording("gesprek.mp4", title="Nieuw").pk
    made.change(made.fresh(site.page), *body)
    newest = site.video.versions.order_by("-number").first()
    assert report(1, [[0, 1]], 3, later=8, version=newest.pk).json() == {"played": 16, "done": False}


# --- without playing ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["video", "audio", "download"])
def test_saying_so_counts_and_is_marked_as_such(client, learner, site, name):
    activity = getattr(site, name)
    fields = {
        "uuid": "6f1b0a52-6a0f-4f2c-9c0b-6d7a0f3c8a11",
        "version": activity.versions.get().pk,
        "confirmed": "1",
    }
    answer = client.post(reverse("answer", args=[activity.pk]), fields)
    assert answer.status_code == 302
    attempt = Attempt.objects.get()
    assert (attempt.self_reported, attempt.response) == (True, {"confirmed": True})
    assert state_of(activity) == ["done"]


@pytest.mark.parametrize(
    ("transcript", "played", "said"),
    [
        (
            "Een gesprek.",
            "Dit telt als je het grootste deel hebt afgespeeld. Lees je liever? Dat telt net zo goed.",
            "Dit telt als je de tekst hebt gelezen en dat hier zegt.",
        ),
        (
            "",
            "Dit telt als je het grootste deel hebt afgespeeld.",
            "Dit telt als je hier zegt dat je hebt gekeken of geluisterd.",
        ),
    ],
)
def test_without_javascript_a_recording_says_what_counts_there(
    client, learner, site, transcript, played, said
):
    Recording.objects.update(transcript=transcript)
    made.publish(made.fresh(site.page))
    html = page_of(client, site.lesson)
    assert re.findall(r'<p class="small soft with-script">([^<]*)</p>', html) == [played] * 2
    assert re.findall(r'<noscript><p class="small soft">([^<]*)</p></noscript>', html) == [said] * 2


def test_nobody_posts_that_they_played(client, learner, site):
    fields = {
        "uuid": "6f1b0a52-6a0f-4f2c-9c0b-6d7a0f3c8a11",
        "version": site.video.versions.get().pk,
        "played": "100",
    }
    assert client.post(reverse("answer", args=[site.video.pk]), fields).status_code == 422
    assert Attempt.objects.count() == 0
