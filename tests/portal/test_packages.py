"""What a package in a lesson reports: kept as reported, counted where the whole is finished, and never believed further."""

import datetime
import json
import re
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from certification.models import Award
from courses.activities.statements import ASKED_FOR
from courses.models import (
    Activity,
    ActivityState,
    Attempt,
    Cohort,
    Enrolment,
    Lesson,
    ResumePoint,
    Statement,
)
from courses.queries.packages import attempts_read, played
from courses.services.enrolments import enrol
from courses.xapi import pseudonym
from media.models import Package
from people.models import Role, User
from people.services.roles import grant_role
from tests.cms import made_pages as made
from tests.factories import PersonFactory
from tests.media.played_packages import PARAMS, made_version

PART = "8f1d2b1c-0f5e-4f0e-9d6a-0c6a1f2b3c4d"


@pytest.fixture
def version(db):
    return made_version()


@pytest.fixture
def lesson_page(site, version):
    """A lesson of which the package alone counts."""
    session = made.make_session(site.page, "Oefenen")
    return made.make_lesson(session, "Probeer", made.package(version.package))


@pytest.fixture
def lesson(lesson_page):
    return Lesson.objects.get(key=lesson_page.translation_key)


@pytest.fixture
def package(lesson, learner):
    """The activity; the learner is in the course."""
    return Activity.objects.get(lesson=lesson, retired_at=None)


def report(verb="completed", *, raw=1, maximum=1, part="", **result):
    """A statement as H5P's core makes them."""
    told = {"completion": True, **result}
    if raw is not None:
        told["score"] = {"min": 0, "raw": raw, "max": maximum, "scaled": 1}
    extensions = {"http://h5p.org/x-api/h5p-local-content-id": 1}
    statement = {
        "actor": {"account": {"name": "iemand", "homePage": "http://elders"}, "objectType": "Agent"},
        "verb": {"id": f"http://adlnet.gov/expapi/verbs/{verb}", "display": {"en-US": verb}},
        "object": {"id": "http://elders/", "definition": {"extensions": extensions}},
        "result": told,
    }
    if part:
        extensions["http://h5p.org/x-api/h5p-subContentId"] = part
        parent = [{"id": "http://elders/", "objectType": "Activity"}]
        statement["context"] = {"contextActivities": {"parent": parent}}
    return statement


@pytest.fixture
def post(client, package):
    """Post as the page around the frame does."""

    def send(name="statement", *, client=client, activity=package, **body):
        version = activity.versions.order_by("-number").first()
        body = {"version": version.pk, **body}
        if name == "statement":
            body.setdefault("uuid", str(uuid.uuid4()))
        return client.post(
            reverse(name, args=[activity.pk]), json.dumps(body), content_type="application/json"
        )

    return send


def attempts():
    return list(Attempt.objects.order_by("pk").values_list("score", "passed", "self_reported", "readable"))


# --- answering ------------------------------------------------------------------------------------------------------
def test_the_finished_whole_is_an_answer_reported_by_the_package(post, package, enrolment):
    sent = report(raw=8, maximum=10)
    response = post(statement=sent)
    assert response.status_code == 200
    attempt = Attempt.objects.get()
    assert (attempt.score, attempt.max_score, attempt.pass_score, attempt.passed) == (80, 100, 70, True)
    assert (attempt.self_reported, attempt.readable) == (True, "8 van 10 punten, zoals het pakket meldt")
    assert attempt.response == {"verb": "completed", "points": [8, 10]}
    assert ActivityState.objects.get().status == "done"
    kept = Statement.objects.get()
    assert (kept.enrolment, kept.attempt, kept.verb, kept.part) == (enrolment, attempt, "completed", "")
    assert kept.content == sent
    assert kept.received_at == attempt.received_at


def test_the_pass_mark_decides_whatever_the_package_says_of_success(post):
    post(statement=report(raw=6, maximum=10, success=True))
    post(statement=report(raw=7, maximum=10, success=False))
    assert [(score, passed) for score, passed, _reported, _words in attempts()] == [(60, False), (70, True)]


@pytest.mark.parametrize(
    ("sent", "status", "kept", "answers"),
    [
        (report(part=PART), 204, 1, 0),
        (report("answered", part=PART), 204, 1, 0),
        (report("attempted", raw=None, completion=False), 204, 1, 0),
        (report("progressed", raw=None, completion=False), 204, 1, 0),
        (report("interacted", raw=1, completion=False), 204, 1, 0),
        (report("consume", raw=None), 200, 1, 1),
        (report("answered", completion=False), 200, 1, 1),
        (report("failed"), 200, 1, 1),
    ],
)
def test_only_the_finished_whole_counts(post, sent, status, kept, answers):
    assert post(statement=sent).status_code == status
    assert (Statement.objects.count(), Attempt.objects.count()) == (kept, answers)


def test_who_failed_by_the_package_completes_nothing(post):
    post(statement=report("failed", raw=1, maximum=1))
    assert attempts() == [(100, False, True, "1 van 1 punt, zoals het pakket meldt")]
    assert ActivityState.objects.get().status == "tried"


def test_done_stays_done(post):
    post(statement=report(raw=1))
    post(statement=report(raw=0))
    assert ActivityState.objects.get().status == "done"


def test_a_report_that_comes_twice_counts_once(post):
    name = str(uuid.uuid4())
    first, again = (post(statement=report(), uuid=name) for _time in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert post(statement=report(raw=0), uuid=name).status_code == 409
    assert (Attempt.objects.count(), Statement.objects.count()) == (1, 1)


def part_report(response, *, verb="answered", asked_for=False):
    """A part as it tells of itself, or (`asked_for`) as the page asked it when the whole was finished."""
    sent = report(verb, part=PART, response=response)
    sent["object"]["definition"] |= {"interactionType": "fill-in", "description": {"en-US": "Waar?"}}
    if asked_for:
        sent["context"]["extensions"] = {ASKED_FOR: True}
    return sent


def test_opening_a_finished_one_again_is_no_attempt(post):
    opened = [
        report("attempted", raw=None, completion=False),
        report("progressed", raw=None, completion=False),
    ]
    for sent in (*opened, part_report("thuis"), report(raw=8, maximum=10)):
        post(statement=sent)
    again = (*opened, part_report("thuis", asked_for=True), report(raw=8, maximum=10))
    name = str(uuid.uuid4())
    assert [post(statement=sent).status_code for sent in again] == [204] * 4
    assert [post(statement=report(raw=8, maximum=10), uuid=name).status_code for _time in range(2)] == [
        204
    ] * 2
    assert (Attempt.objects.count(), Statement.objects.count()) == (1, 9)


TRIES = {
    "a part was answered the same": [part_report("thuis"), report(raw=8, maximum=10)],
    "a part was touched": [part_report("thuis", verb="interacted"), report(raw=8, maximum=10)],
    "a part that tells when asked has another answer": [
        part_report("buiten", asked_for=True),
        report(raw=8, maximum=10),
    ],
    "another score": [report(raw=9, maximum=10)],
    "another end": [report("failed", raw=8, maximum=10)],
    "the whole was answered": [report("answered", raw=8, maximum=10)],
}


@pytest.mark.parametrize("sent", TRIES.values(), ids=list(TRIES))
def test_a_real_second_try_is_an_attempt(post, sent):
    for each in (part_report("thuis"), report(raw=8, maximum=10), *sent):
        post(statement=each)
    assert Attempt.objects.count() == 2


def test_what_a_scorm_package_says_again_is_an_attempt(post, version):
    """Its player says nothing twice by itself."""
    Package.objects.filter(pk=version.package_id).update(kind=Package.Kind.SCORM_12)
    assert [post(statement=report()).status_code for _time in range(2)] == [200, 200]
    assert Attempt.objects.count() == 2


def test_under_another_pass_mark_the_same_score_counts_anew(post, lesson_page):
    post(statement=report(raw=6, maximum=10))
    (block,) = made.raw_body(lesson_page)
    made.change(lesson_page, {**block, "value": {**block["value"], "pass_percent": 60}})
    assert post(statement=report(raw=6, maximum=10)).status_code == 200
    assert [passed for _score, passed, _reported, _words in attempts()] == [False, True]


# --- what cannot be -------------------------------------------------------------------------------------------------
def deep(levels):
    value = []
    for _level in range(levels):
        value = [value]
    return value


BAD = {
    "null": None,
    "a list": [],
    "a text": "answered",
    "without a verb": {"object": {}},
    "a verb that is none": {"verb": "answered"},
    "a verb of control characters": {"verb": {"id": "http://x/a\x00b"}},
    "a verb without end": {"verb": {"id": "http://x/" + "a" * 101}},
    "a result that is none": {**report(), "result": []},
    "a score that is none": {**report(), "result": {"score": 3}},
    "below nothing": report(raw=-1),
    "above all": report(raw=2, maximum=1),
    "a text for a score": report(raw="1"),
    "a truth for a score": report(raw=True),
    "more than a number holds": report(raw=10**400, maximum=10**401),
    "very deep": {**report(), "context": {"extensions": deep(60)}},
    "very long": {**report(), "context": {"extensions": {"x": "a" * 70_000}}},
    "a part that is none": report(part="\u202e"),
}


@pytest.mark.parametrize("sent", BAD.values(), ids=list(BAD))
def test_what_is_no_statement_is_refused_in_words_and_leaves_nothing(post, sent):
    response = post(statement=sent)
    assert response.status_code == 422
    assert response.json()["error"]
    assert (Statement.objects.count(), Attempt.objects.count()) == (0, 0)


BODIES = {
    "nothing": b"",
    "no JSON": b"{",
    "a list": b"[]",
    "NaN": b'{"uuid":"3f0c","version":1,"statement":{"result":{"score":{"raw":NaN,"max":1}}}}',
    "too deep to read": b"[" * 100_000,
    "not in UTF-8": b'{"statement":"\xff\xfe"}',
    "a number of 5000 digits": b'{"version":' + b"9" * 5000 + b"}",
    "a name for a number": b'{"version":"1","uuid":"x","statement":{}}',
}


@pytest.mark.parametrize("name", ["statement", "place"])
@pytest.mark.parametrize("body", BODIES.values(), ids=list(BODIES))
def test_a_body_that_is_none_is_refused_in_words(client, package, name, body):
    response = client.post(reverse(name, args=[package.pk]), body, content_type="application/json")
    assert response.status_code == 422
    assert response.json()["error"]
    assert not Statement.objects.exists()


def test_a_score_that_is_no_number_is_refused(client, package):
    for score in ("NaN", "Infinity", "-Infinity"):
        body = json.dumps(
            {
                "uuid": str(uuid.uuid4()),
                "version": package.versions.get().pk,
                "statement": report(raw="SCORE"),
            }
        ).replace('"SCORE"', score)
        response = client.post(reverse("statement", args=[package.pk]), body, content_type="application/json")
        assert response.status_code == 422
    assert not Statement.objects.exists()


def test_what_no_database_keeps_is_kept_as_it_was_sent(post):
    sent = {**report(), "context": {"extensions": {"x": "nul \x00 en half \ud800"}}}
    assert post(statement=sent).status_code == 200
    assert Statement.objects.get().content == sent


def test_there_is_an_end_to_what_is_kept(post, monkeypatch):
    monkeypatch.setattr("courses.services.statements.MOST", 3)
    monkeypatch.setattr("courses.services.statements.MOST_CHATTY", 1)
    chatter = report("interacted", raw=None, completion=False)
    assert [post(statement=chatter).status_code for _time in range(2)] == [204, 204]
    assert Statement.objects.count() == 1
    assert [post(statement=report(raw=raw)).status_code for raw in (0, 1, 0)] == [200, 200, 429]
    assert (Statement.objects.count(), Attempt.objects.count()) == (3, 2)


def test_the_actor_of_a_statement_is_never_who_it_counts_for(post, enrolment, learner):
    other = enrol(learner=PersonFactory(), course=enrolment.course, alias="Ander", now=enrolment.started_at)
    sent = report()
    sent["actor"] = {"account": {"name": str(other.learner_id)}}
    post(statement=sent, learner=str(other.learner_id), enrolment=str(other.pk))
    assert Attempt.objects.get().learner == learner


# --- who may --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["player", "statement", "place"])
def test_nothing_is_there_for_who_is_not_in_the_course(client, package, post, name):
    stranger = PersonFactory()
    client.force_login(stranger)
    if name == "player":
        response = client.get(reverse(name, args=[package.pk]))
    else:
        response = post(name, statement=report(), part="0", state="{}", revision=1)
    assert response.status_code == 404
    assert not Statement.objects.exists()


def test_another_activity_takes_no_reports(client, package, site, post):
    assert post(activity=site.question, statement=report()).status_code == 404
    assert client.get(reverse("player", args=[site.question.pk])).status_code == 404
    assert not Attempt.objects.exists()


def test_a_wording_of_another_activity_is_nobodys(post, site):
    assert post(version=site.question.versions.get().pk, statement=report()).status_code == 404


def test_a_form_cannot_report_for_a_package(client, package):
    body = {"version": package.versions.get().pk, "uuid": str(uuid.uuid4()), "report": "1", "raw": "1"}
    assert client.post(reverse("answer", args=[package.pk]), body).status_code == 422
    assert not Attempt.objects.exists()


def test_a_package_that_was_taken_out_takes_nothing_more(post, package, now):
    Activity.objects.filter(pk=package.pk).update(retired_at=now)
    response = post(statement=report())
    assert (response.status_code, Attempt.objects.count()) == (410, 0)
    assert response.json()["error"]


# --- the equal alternative ------------------------------------------------------------------------------------------
def test_the_other_form_counts_the_same_without_javascript(client, package, lesson):
    page = client.get(reverse("lesson", args=[lesson.short_key])).content.decode()
    assert "<noscript>" in page
    body = {"version": package.versions.get().pk, "uuid": str(uuid.uuid4()), "alternative": "1"}
    assert client.post(reverse("answer", args=[package.pk]), body).status_code == 302
    assert ActivityState.objects.get().status == "done"


def test_where_the_learner_says_so_a_button_does(client, site, learner, version):
    session = made.make_session(site.page, "Lezen")
    page = made.make_lesson(session, "Kaarten", made.package(version.package, counts="seen"))
    activity = Activity.objects.get(lesson__key=page.translation_key)
    body = {"version": activity.versions.get().pk, "uuid": str(uuid.uuid4())}
    assert client.post(reverse("answer", args=[activity.pk]), body).status_code == 302
    assert attempts() == [(0, True, True, "Gedaan, zegt de deelnemer")]


# --- certificates ---------------------------------------------------------------------------------------------------
def test_what_packages_report_alone_earns_no_certificate(client, site, version, now):
    course = made.make_course(site.catalogue)
    lesson = made.make_lesson(made.make_session(course), "Les", made.package(version.package))
    activity = Activity.objects.select_related("lesson__session__course").get(
        lesson__key=lesson.translation_key
    )
    person = PersonFactory(legal_name="M. Jansen")
    enrol(learner=person, course=activity.lesson.session.course, alias="Maan", now=now)
    client.force_login(person)
    body = {"version": activity.versions.get().pk, "uuid": str(uuid.uuid4()), "statement": report()}
    client.post(reverse("statement", args=[activity.pk]), json.dumps(body), content_type="application/json")
    assert Enrolment.objects.get(learner=person).status == "completed"
    assert not Award.objects.exists()


# --- state ----------------------------------------------------------------------------------------------------------
def kept():
    return list(ResumePoint.objects.order_by("part").values_list("part", "data", "revision"))


def test_the_place_is_kept_and_comes_back_with_the_player(client, post, package):
    assert post("place", part="0", state='{"chosen": 1}', revision=1).status_code == 204
    assert post("place", part=PART, state='["é"]', revision=1).status_code == 204
    assert kept() == [("0", '{"chosen":1}', 1), (PART, '["\\u00e9"]', 1)]
    page = client.get(reverse("player", args=[package.pk])).content.decode()
    told = integration(page)
    states = told["contents"]["cid-1"]["contentUserData"]
    assert states == {"0": {"state": '{"chosen":1}'}, PART: {"state": '["\\u00e9"]'}}


def test_of_two_tabs_the_one_that_lags_behind_is_told(post):
    post("place", part="0", state="1", revision=1)
    assert post("place", part="0", state="2", revision=2).status_code == 204
    response = post("place", part="0", state="3", revision=2)
    assert (response.status_code, kept()) == (409, [("0", "2", 2)])
    assert "ander tabblad" in response.json()["error"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"part": "0", "state": json.dumps("a" * 5_000_000), "revision": 1}, 413),
        ({"part": "0", "state": json.dumps("a" * 600_000), "revision": 1}, 422),
        ({"part": "0", "state": "{", "revision": 1}, 422),
        ({"part": "0", "state": "NaN", "revision": 1}, 422),
        ({"part": "0", "state": "[" * 50_000, "revision": 1}, 422),
        ({"part": "0", "state": {}, "revision": 1}, 422),
        ({"part": "x" * 101, "state": "1", "revision": 1}, 422),
        ({"part": "0", "state": "1", "revision": 0}, 422),
        ({"part": "0", "state": "1", "revision": 2**40}, 422),
    ],
)
def test_a_place_that_cannot_be_kept_is_refused_in_words(post, body, status):
    response = post("place", **body)
    assert (response.status_code, kept()) == (status, [])
    assert response.json()["error"]


def test_a_package_keeps_no_more_places_than_any_has_parts(post, monkeypatch):
    monkeypatch.setattr("portal.playing.MOST_PARTS", 2)
    statuses = [post("place", part=str(part), state="1", revision=1).status_code for part in range(3)]
    assert statuses == [204, 204, 422]
    assert post("place", part="1", state="2", revision=2).status_code == 204


# --- versions of a package ------------------------------------------------------------------------------------------
def integration(page):
    text = page.partition('<script id="h5p-integration" type="application/json">')[2].partition("</script>")[
        0
    ]
    return json.loads(text)


def plays(client, activity):
    """The question of the version that the player shows."""
    page = client.get(reverse("player", args=[activity.pk])).content.decode()
    return json.loads(integration(page)["contents"]["cid-1"]["jsonContent"])["question"]


@pytest.fixture
def replaced(package, lesson_page, version):
    """The package has a second version, and the lesson was published with it."""

    def replace():
        made_version(package=version.package, params={**PARAMS, "question": "Nieuw?"})
        made.change(lesson_page)

    return replace


def test_who_is_under_way_keeps_the_version_they_began(client, post, package, replaced):
    post("place", part="0", state="1", revision=1)
    replaced()
    assert plays(client, package) == PARAMS["question"]
    begun = package.versions.get(number=1)
    assert post(version=begun.pk, statement=report()).status_code == 200
    assert Attempt.objects.get().version == begun
    assert plays(client, package) == "Nieuw?"  # done: another time it is the new one


def test_who_begins_now_gets_the_newest(client, package, replaced):
    replaced()
    assert plays(client, package) == "Nieuw?"


def test_a_place_of_another_version_is_not_put_into_the_new_one(client, post, package, replaced):
    post("place", part="0", state="1", revision=7)
    begun = package.versions.get(number=1)
    post(version=begun.pk, statement=report())
    replaced()
    page = client.get(reverse("player", args=[package.pk])).content.decode()
    assert integration(page)["contents"]["cid-1"]["contentUserData"] == {"0": {}}
    assert '"revisions": {"0": 7}' in page


def test_a_version_that_was_played_cannot_be_deleted(package, version):
    from django.db.models import ProtectedError

    assert package.versions.get().package_version == version
    with pytest.raises(ProtectedError):
        version.delete()


# --- pages ----------------------------------------------------------------------------------------------------------
def test_a_lesson_frames_its_own_packages_and_nothing_else(client, package, lesson, site):
    response = client.get(reverse("lesson", args=[lesson.short_key]))
    policy = response["Content-Security-Policy"].split("; ")
    # And the hosts of SCORM packages, which answer nobody without a ticket.
    hosts = "http://*.localhost"
    assert f"frame-src http://testserver{reverse('player', args=[package.pk])} {hosts}" in policy
    other = client.get(reverse("lesson", args=[site.lesson.short_key]))
    assert "frame-src" not in other["Content-Security-Policy"]


def test_a_lesson_with_packages_costs_no_more_queries(client, package, lesson, django_assert_num_queries):
    address = reverse("lesson", args=[lesson.short_key])
    client.get(address)
    # user, lesson with enrolment, state, outline: as without a package
    with django_assert_num_queries(4):
        client.get(address)


def test_a_lesson_shows_the_last_score(client, post, lesson):
    post(statement=report(raw=0))
    page = client.get(reverse("lesson", args=[lesson.short_key])).content.decode()
    assert "0 van 1 punt, zoals het pakket meldt" in page


def test_the_player_opens_in_a_frame_only(client, package):
    address = reverse("player", args=[package.pk])
    assert client.get(address, headers={"Sec-Fetch-Dest": "document"}).status_code == 403
    response = client.get(address, headers={"Sec-Fetch-Dest": "iframe"})
    assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
    policy = dict(each.split(" ", 1) for each in response["Content-Security-Policy"].split("; "))
    assert policy["sandbox"] == "allow-scripts"
    assert {
        policy[name] for name in ("default-src", "connect-src", "frame-src", "base-uri", "form-action")
    } == {"'none'"}
    assert policy["frame-ancestors"] == "http://testserver"
    library = package.versions.get().package_version.main_library
    assert policy["script-src"].split()[-1] == f"http://testserver/pakket/deel/{library.tree_hash}/"


def test_erasing_a_learner_takes_all_of_it(client, post, learner, now):
    from courses.services.erasure import erase_record

    post(statement=report())
    post("place", part="0", state="1", revision=1)
    erase_record(learner=learner, now=now + datetime.timedelta(days=1))
    left = (Statement.objects.count(), ResumePoint.objects.count(), Attempt.objects.count())
    assert left == (0, 0, 0)
    assert User.objects.filter(pk=learner.pk).exists()


# --- reading, for who teaches with it -------------------------------------------------------------------------------
@pytest.fixture
def trainer(enrolment, now):
    person = PersonFactory(alias="Trainer")
    cohort = Cohort.objects.create(course=enrolment.course, name="Groep")
    cohort.trainers.add(person)
    Enrolment.objects.filter(pk=enrolment.pk).update(cohort=cohort)
    grant_role(user=person, role=Role.TRAINER, organisation=enrolment.course.programme.organisation, now=now)
    return person


@pytest.fixture
def as_trainer(trainer):
    browser = Client()
    browser.force_login(trainer)
    return browser


def answered(part, chosen, *, right):
    """What a question within a package reports."""
    sent = report("answered", raw=int(right), part=part, success=right, response=chosen)
    sent["object"]["definition"] |= {
        "interactionType": "choice",
        "description": {"en-US": f"Vraag {part}?"},
        "choices": [
            {"id": "0", "description": {"en-US": "Luisteren"}},
            {"id": "1", "description": {"en-US": "Sturen"}},
        ],
        "correctResponsesPattern": ["0"],
    }
    return sent


def test_a_trainer_reads_per_question_what_was_answered_and_what_was_right(
    post, package, enrolment, as_trainer
):
    post(statement=answered("a", "1", right=False))
    post(statement=answered("a", "0", right=True))
    post(statement=answered("b", "1", right=False))
    post(statement=report(raw=1, maximum=2))
    post(statement=answered("b", "0", right=True))
    read = attempts_read(activity=package, enrolment=enrolment)
    shown = [
        (
            each.attempt and each.attempt.score,
            [(one.question, *one.answers, *one.rights, one.right) for one in each.interactions],
        )
        for each in read
    ]
    assert shown == [
        (None, [("Vraag b?", "Luisteren", "Luisteren", True)]),
        (50, [("Vraag a?", "Luisteren", "Luisteren", True), ("Vraag b?", "Sturen", "Luisteren", False)]),
    ]
    page = as_trainer.get(reverse("played_by_learner", args=[package.pk, enrolment.pk])).content.decode()
    for words in (
        "Vraag a?",
        "Sturen",
        "1 van 2 punten, zoals het pakket meldt",
        "gemeld, niet gecontroleerd",
    ):
        assert words in page


@pytest.mark.parametrize(("policy", "score"), [("best", 80), ("last", 10), ("first", 40)])
def test_the_policy_says_which_score_is_read_first(
    post, package, lesson_page, enrolment, as_trainer, policy, score
):
    (block,) = made.raw_body(lesson_page)
    made.change(lesson_page, {**block, "value": {**block["value"], "policy": policy}})
    for raw in (4, 8, 1):
        post(statement=report(raw=raw, maximum=10))
    (row,) = played(activity=package, enrolments=Enrolment.objects.filter(pk=enrolment.pk))
    assert (row.counted.score, row.tries, row.done) == (score, 3, True)
    page = as_trainer.get(reverse("played_package", args=[package.pk])).content.decode()
    assert enrolment.alias in page
    words = {"best": "beste", "last": "laatste", "first": "eerste"}[policy]
    assert f"vanaf 70 procent van de punten. Van meer pogingen staat hier de {words}." in page
    page = as_trainer.get(reverse("played_by_learner", args=[package.pk, enrolment.pk])).content.decode()
    tagged = page.partition(f'<span class="tag">de {words} poging</span>')[0]
    assert tagged.count("punten, zoals het pakket meldt") == {"best": 2, "last": 1, "first": 3}[policy]


def test_of_equal_scores_the_first_is_the_best(post, package, enrolment):
    for _time in range(2):
        post(statement=report("answered", raw=8, maximum=10))
    first, _second = Attempt.objects.order_by("pk")
    (row,) = played(activity=package, enrolments=Enrolment.objects.filter(pk=enrolment.pk))
    assert (row.counted, row.tries) == (first, 2)


def test_the_list_costs_the_same_for_one_and_for_many(
    post, package, enrolment, as_trainer, site, now, django_assert_num_queries
):
    post(statement=report())
    address = reverse("played_package", args=[package.pk])
    as_trainer.get(address)
    with CaptureQueriesContext(connection) as once:
        as_trainer.get(address)
    cost = len(once)
    cohort = Enrolment.objects.get(pk=enrolment.pk).cohort
    for number in range(4):
        person = PersonFactory()
        enrol(learner=person, course=site.course, alias=f"N{number}", now=now)
        Enrolment.objects.filter(learner=person).update(cohort=cohort)
        browser = Client()
        browser.force_login(person)
        post(client=browser, statement=report())
    with django_assert_num_queries(cost):
        page = as_trainer.get(address).content.decode()
    assert all(f"N{number}" in page for number in range(4))


def test_nobody_else_reads_it(client, post, package, enrolment):
    post(statement=report())
    stranger = PersonFactory()
    for person in (enrolment.learner, stranger):
        client.force_login(person)
        for address in (
            reverse("played_package", args=[package.pk]),
            reverse("played_by_learner", args=[package.pk, enrolment.pk]),
            reverse("export_statements", args=[enrolment.course.short_key]),
        ):
            assert client.get(address).status_code == 404


def test_the_export_tells_all_of_it_and_nobody_s_name(post, package, enrolment, as_trainer, learner):
    post(statement=answered("a", "1", right=False))
    post(statement=report(raw=1, maximum=2))
    response = as_trainer.get(reverse("export_statements", args=[enrolment.course.short_key]))
    body = b"".join(response.streaming_content).decode()
    part, whole = [json.loads(line) for line in body.splitlines()]
    actor = part["actor"]
    assert (
        actor
        == whole["actor"]
        == {
            "objectType": "Agent",
            "account": {"homePage": "http://testserver", "name": pseudonym(enrolment.pk)},
        }
    )
    for secret in (learner.email, learner.alias, str(learner.pk), str(enrolment.pk), "elders", "iemand"):
        assert secret not in body
    assert part["context"]["contextActivities"]["parent"][0]["id"] == whole["object"]["id"]
    assert part["object"]["definition"]["correctResponsesPattern"] == ["0"]
    assert whole["result"]["score"]["raw"] == 1
    attempt = Attempt.objects.get()
    assert list(whole["context"]["extensions"].values()) == [True, attempt.pk]
    assert whole["timestamp"] == attempt.received_at.isoformat()


def test_trainers_find_the_packages_of_their_courses(as_trainer, package):
    page = as_trainer.get(reverse("training")).content.decode()
    assert reverse("played_package", args=[package.pk]) in page


def test_packages_of_one_lesson_are_told_apart_wherever_trainers_read_them(
    as_trainer, lesson_page, lesson, package, enrolment, version
):
    other = made_version(title="Afronden", params={**PARAMS, "question": "En nu?"})
    made.change(
        lesson_page,
        *made.raw_body(lesson_page),
        made.package(other.package),
        made.package(version.package),
    )
    page = as_trainer.get(reverse("training")).content.decode()
    links = re.findall(r'<a href="/[^"]*pakket[^"]*/(\d+)/">([^<]*)</a>', page)
    names = ["Een vraag (1)", "Afronden", "Een vraag (2)"]
    packages = Activity.objects.filter(lesson=lesson).order_by("position")
    assert links == [(str(each.pk), f"Probeer: {name}") for each, name in zip(packages, names, strict=True)]
    for each, name in zip(packages, names, strict=True):
        page = as_trainer.get(reverse("played_package", args=[each.pk])).content.decode()
        assert f"“{name}” in “Probeer”" in page
        page = as_trainer.get(reverse("played_by_learner", args=[each.pk, enrolment.pk])).content.decode()
        assert f"Probeer · {name}</p>" in page
