"""Answering: every way it can go, with and without JavaScript, and what it costs."""

import re
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext
from django_tasks_db.models import DBTaskResult

from certification.models import Award
from cms.models import LessonPage
from courses.models import ActivityState, Attempt, Enrolment, Reflection
from courses.services.enrolments import enrol, withdraw
from tests.cms import made_pages as made
from tests.factories import PersonFactory, right_answer, wrong_answer

pytestmark = pytest.mark.django_db
SECRET = "Aan de kauwtjes op het dak"


def body(response):
    return response.content.decode()


def place(site, activity):
    return f"{reverse('lesson', args=[activity.lesson.short_key])}#a-{activity.pk}"


# --- how it goes ----------------------------------------------------------------------------------------------------
def test_without_javascript_one_comes_back_to_the_same_place(learner, site, send):
    response = send(site.question)
    assert (response.status_code, response.url) == (302, place(site, site.question))
    assert Attempt.objects.get().passed is True


def test_with_htmx_the_activity_comes_back_with_its_feedback(learner, site, send):
    response = send(site.question, right=False, htmx=True)
    assert response.status_code == 200
    html = body(response)
    assert f'id="a-{site.question.pk}"' in html
    assert "Dat doet een ander." in html
    assert "Ja." not in re.sub(r"(?s)<header.*?</header>", "", html)
    assert "<html" not in html


def asks_once_more(html):
    """The fields of an answered form as its button sends them: its own, and which answer stands in it."""
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', html))
    return {**fields, "answered": re.search(r'name="answered" value="(\w+)"', html)[1]}


@pytest.mark.parametrize("right", [True, False])
@pytest.mark.parametrize("htmx", [True, False])
def test_one_more_try_is_a_fresh_form_that_tells_what_was_chosen(right, htmx, learner, site, send, client):
    answered = body(send(site.question, right=right, htmx=True))
    fields = asks_once_more(answered)
    data = (right_answer if right else wrong_answer)(site.question.versions.get())
    response = send(site.question, form=fields["uuid"], data={**fields, **data}, htmx=htmx)
    html = body(response)
    assert response.status_code == 200
    assert "Een nieuwe poging. Eerder koos je: " + ("B: Ernaast" if right else "A: ") in html
    assert ("feedback-mark" in answered, "feedback-mark" in html) == (True, False)
    assert re.search(r"<input[^>]* checked", answered)
    assert not re.search(r"<input[^>]* checked", html)
    assert len(re.findall(r"<legend data-focus", html)) == 1
    assert "Kijk na</button>" in html
    assert "answered" not in html
    assert fields["uuid"] not in html
    assert Attempt.objects.count() == 1


def test_what_was_chosen_anew_under_the_same_button_is_an_answer(learner, site, send):
    fields = asks_once_more(body(send(site.question, right=False, htmx=True)))
    data = right_answer(site.question.versions.get())
    response = send(site.question, form=fields["uuid"], data={**fields, **data})
    assert (response.status_code, response.url) == (302, place(site, site.question))
    assert list(Attempt.objects.order_by("pk").values_list("passed", flat=True)) == [False, True]


def test_another_try_is_for_the_learner_alone(learner, site, send):
    fields = asks_once_more(body(send(site.question, right=False, htmx=True)))
    data = {**fields, **wrong_answer(site.question.versions.get())}
    other = Client()
    other.force_login(PersonFactory())
    assert send(site.question, form=fields["uuid"], data=data, by=other).status_code == 404


def test_the_form_that_comes_back_can_be_sent_again(learner, site, send, client):
    html = body(send(site.question, right=False, htmx=True))
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', html))
    version = site.question.versions.get()
    response = client.post(reverse("answer", args=[site.question.pk]), {**fields, **right_answer(version)})
    assert response.status_code == 302
    assert list(Attempt.objects.values_list("passed", flat=True)) == [False, True]


def test_the_same_form_twice_is_one_answer_and_looks_the_same(learner, site, send):
    form = uuid.uuid4()
    first, again = (send(site.question, form=form) for _time in range(2))
    assert [(response.status_code, response.url) for response in (first, again)] == [
        (302, place(site, site.question))
    ] * 2
    assert send(site.question, form=form, htmx=True).status_code == 200
    assert Attempt.objects.count() == 1


@pytest.mark.parametrize("htmx", [False, True])
def test_another_answer_under_the_same_form_is_a_conflict_that_tells_what_counts(htmx, learner, site, send):
    form = uuid.uuid4()
    send(site.question, form=form)
    response = send(site.question, form=form, right=False, htmx=htmx)
    html = body(response)
    assert response.status_code == 409
    assert "B: Ernaast staan. " in html.replace("&#x27;", "")
    assert str(form) not in html
    assert ("<html" in html) is not htmx
    assert Attempt.objects.count() == 1


def test_another_private_text_under_the_same_form_is_put_back_and_not_kept(learner, site, send):
    form = uuid.uuid4()
    send(site.text, data={"text": "Eerst dit"}, form=form)
    response = send(site.text, data={"text": SECRET}, form=form, htmx=True)
    assert response.status_code == 409
    assert SECRET in body(response)
    assert "Eerst dit" not in body(response)


@pytest.mark.parametrize("htmx", [False, True])
def test_what_is_no_answer_is_said_and_nothing_is_kept(htmx, learner, site, send):
    response = send(site.question, data={"choice": "geen"}, htmx=htmx)
    html = body(response)
    assert response.status_code == 422
    assert f'id="e-{site.question.pk}"' in html
    assert ("<html" in html, place(site, site.question) in html) == ((False, False) if htmx else (True, True))
    assert Attempt.objects.count() == 0


def test_a_text_that_is_too_long_is_put_back(learner, site, send):
    response = send(site.text, data={"text": SECRET + "a" * 10_000}, htmx=True)
    assert response.status_code == 422
    assert SECRET in body(response)
    assert Reflection.objects.count() == 0


def test_a_private_text_comes_back_to_its_writer(learner, site, send):
    html = body(send(site.text, data={"text": SECRET}, htmx=True))
    assert SECRET in html
    assert Attempt.objects.get().response == {"answered": True}


def test_the_outline_comes_along_with_how_much_is_done(learner, site, send):
    html = body(send(site.button, htmx=True))
    assert "hx-swap-oob" in html


def test_the_last_answer_says_that_it_was(learner, site, send):
    for activity in site.counting[:-1]:
        assert reverse("legal_name") not in body(send(activity, htmx=True))
    assert reverse("legal_name") in body(send(site.counting[-1], htmx=True))
    assert Enrolment.objects.get().status == "completed"
    assert reverse("legal_name") not in body(send(site.counting[-1], htmx=True))


# --- who may --------------------------------------------------------------------------------------------------------
def nothing_kept():
    return (Attempt.objects.count(), ActivityState.objects.count(), Reflection.objects.count()) == (0, 0, 0)


def test_a_visitor_is_asked_to_sign_in(site, send):
    response = send(site.question)
    assert (response.status_code, response.url.split("?")[0]) == (302, reverse("account_login"))
    assert nothing_kept()


def test_who_is_not_in_the_course_finds_nothing(site, send, client):
    client.force_login(PersonFactory())
    assert send(site.question).status_code == 404
    assert send(site.question, data={"choice": "geen"}).status_code == 404
    assert nothing_kept()


def test_who_stopped_finds_nothing(learner, enrolment, site, send, now):
    withdraw(enrolment=enrolment, now=now)
    assert send(site.question).status_code == 404
    assert nothing_kept()


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"uuid": "geen", "version": "1"},
        {"uuid": str(uuid.uuid4())},
        {"uuid": str(uuid.uuid4()), "version": "0"},
        {"uuid": str(uuid.uuid4()), "version": "-1"},
        {"uuid": str(uuid.uuid4()), "version": "9" * 30},
        {"uuid": str(uuid.uuid4()), "version": "nan"},
        {"uuid": str(uuid.uuid4()), "version": "1\x00"},
        {"uuid": "\x00", "version": "1"},
    ],
)
def test_a_form_that_is_not_ours_finds_nothing(fields, learner, site, client):
    response = client.post(reverse("answer", args=[site.question.pk]), fields)
    assert response.status_code == 404
    assert nothing_kept()


@pytest.mark.parametrize("activity_id", [2**62, 2**63 - 1, 2**63, 10**4000])
def test_an_activity_that_cannot_exist_is_not_found(activity_id, learner, site, client):
    fields = {"uuid": str(uuid.uuid4()), "version": site.question.versions.get().pk}
    assert client.post(f"/antwoord/{activity_id}/", fields).status_code == 404


def test_the_wording_of_another_activity_is_not_found(learner, site, send):
    assert send(site.button, version=site.question.versions.get(), data={}).status_code == 404
    assert nothing_kept()


def test_nobody_answers_for_somebody_else(learner, site, send):
    other = PersonFactory()
    send(
        site.question,
        data={**right_answer(site.question.versions.get()), "learner": str(other.pk), "score": "9"},
    )
    attempt = Attempt.objects.get()
    assert (attempt.learner, attempt.score) == (learner, 1)


def test_opening_the_address_of_an_answer_leads_to_the_task(learner, site, client):
    """As after a form that was sent when the session was over: the sign-in page leads back to where it was sent."""
    response = client.get(reverse("answer", args=[site.question.pk]))
    lesson = site.question.lesson
    assert (response.status_code, response.url) == (302, f"/les/{lesson.short_key}/#a-{site.question.pk}")
    assert nothing_kept()


@pytest.mark.parametrize("activity_id", [2**62, 2**63, 10**40])
def test_opening_an_address_that_leads_to_nothing_is_not_found(activity_id, learner, site, client):
    assert client.get(f"/antwoord/{activity_id}/").status_code == 404


def test_opening_the_address_of_somebody_elses_task_is_not_found(site, client):
    client.force_login(PersonFactory())
    assert client.get(reverse("answer", args=[site.question.pk])).status_code == 404


@pytest.mark.parametrize(
    "junk",
    [
        b"\xff\xfe=1&uuid=%ff",
        b"uuid=%00&version=%00",
        b"choice=" + b"9" * 200_000,
        b"[1,2]",
        b"null",
        b"{" * 5000,
    ],
)
def test_a_body_that_is_no_form_breaks_nothing(junk, learner, site, client):
    for kind in ("application/x-www-form-urlencoded", "application/json", "text/plain"):
        response = client.post(reverse("answer", args=[site.question.pk]), junk, content_type=kind)
        assert response.status_code in {400, 404}
    assert nothing_kept()


def test_without_a_token_nothing_is_taken(learner, site):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(learner)
    fields = {"uuid": str(uuid.uuid4()), "version": site.button.versions.get().pk}
    assert strict.post(reverse("answer", args=[site.button.pk]), fields).status_code == 403
    assert nothing_kept()


# --- the lesson changes meanwhile -----------------------------------------------------------------------------------
@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize("how", ["retired", "off line", "session off line"])
def test_what_was_taken_out_meanwhile_is_said_kindly(how, htmx, learner, site, send):
    if how == "retired":
        made.change(site.one, made.reading("Iets anders"))
    elif how == "off line":
        LessonPage.objects.get(pk=site.one.pk).unpublish()
    else:
        LessonPage.objects.get(pk=site.one.pk).get_parent().specific.unpublish()
    response = send(site.question, htmx=htmx)
    if htmx:
        assert (response.status_code, f'id="a-{site.question.pk}"' in body(response)) == (200, True)
    else:
        assert response.status_code == 302
    assert nothing_kept()


def test_after_a_task_was_taken_out_one_lands_where_something_is(learner, site, send, client):
    LessonPage.objects.get(pk=site.one.pk).unpublish()
    assert client.get(send(site.question).url).status_code == 200


def test_an_answer_to_the_wording_on_screen_counts_after_a_change(learner, site, send):
    old = site.question.versions.get()
    changed = made.raw_body(site.one)
    changed[0]["value"]["question"] = "Wat past nu?"
    made.change(site.one, *changed)
    html = body(send(site.question, version=old, htmx=True))
    assert "Wat past?" in html
    assert (Attempt.objects.get().version, ActivityState.objects.get().status) == (old, "done")


def test_of_two_wordings_the_one_that_was_sent_is_answered(learner, site, send):
    changed = made.raw_body(site.one)
    changed[0]["value"]["question"] = "Wat past nu?"
    made.change(site.one, *changed)
    new = site.question.versions.get(number=2)
    assert "Wat past nu?" in body(send(site.question, version=new, htmx=True))
    assert Attempt.objects.get().version == new


# --- what follows ---------------------------------------------------------------------------------------------------
def test_the_last_answer_awards_and_queues_the_document(learner, site, send):
    learner.legal_name = "Maan de Vries"
    learner.save()
    for activity in site.counting:
        send(activity)
    award = Award.objects.get()
    assert (award.holder, award.holder_name, award.document.state) == (learner, "Maan de Vries", "waiting")
    assert DBTaskResult.objects.filter(pk=award.document.task_id).count() == 1


def test_the_last_lesson_says_at_its_end_that_all_is_done(learner, site, send, client):
    """For who has no JavaScript: the answer itself leads back to the lesson."""
    learner.legal_name = "Maan de Vries"
    learner.save()
    done = gettext("You have done everything")
    first, second, last = (client.get(send(activity).url).text for activity in site.counting)
    assert [done in page for page in (first, second, last)] == [False, False, True]


def test_without_a_name_the_award_waits(learner, site, send):
    for activity in site.counting:
        send(activity)
    assert (Enrolment.objects.get().status, Award.objects.count()) == ("completed", 0)


def test_if_awarding_fails_the_answer_is_not_taken_either(learner, site, send, client, settings):
    learner.legal_name = "Maan de Vries"
    learner.save()
    for activity in site.counting[:-1]:
        send(activity)
    settings.TASKS = {"default": {"BACKEND": "no.such.Backend"}}
    client.raise_request_exception = False
    assert send(site.counting[-1]).status_code == 500
    assert (Attempt.objects.count(), Enrolment.objects.get().status, Award.objects.count()) == (
        2,
        "active",
        0,
    )


# --- what it costs --------------------------------------------------------------------------------------------------
CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


def cost(send, activity, **more):
    Client().get(reverse("account_login"))  # warms what all pages share
    more["version"] = activity.versions.get()
    with CaptureQueriesContext(connection) as queries:
        send(activity, **more)
    return len([query for query in queries.captured_queries if not query["sql"].startswith(CONTROL)])


@pytest.mark.parametrize("htmx", [False, True])
def test_an_answer_costs_six_queries_and_its_feedback_one_more(htmx, learner, site, send):
    send(site.button)
    assert cost(send, site.question, htmx=htmx) == 6 + htmx
    # 1 who is signed in  2 the enrolment, locked, with its learner, what is asked and the scheme
    # 3 the attempt  4 the attempts on this activity  5 their projection  6 completed where nothing required is left
    # 7 where htmx asks: the outline


def test_the_last_answer_with_its_award_stays_within_bounds(learner, site, send):
    learner.legal_name = "Maan de Vries"
    learner.save()
    for activity in site.counting[:-1]:
        send(activity)
    spent = cost(send, site.counting[-1], htmx=True)
    assert Award.objects.count() == 1
    assert spent == 14
    # The seven, and once in a course: 8 whether it was awarded, and what it renews  9 what is asked with what passed
    # 10 the serial number  11 the award  12 the history  13 the task  14 the document


def test_a_private_text_costs_two_queries_more(learner, site, send):
    assert cost(send, site.text, data={"text": SECRET}) == 8  # the six; is there a text, and the text
    assert cost(send, site.text, data={"text": "Nog eens"}) == 8


def test_the_cost_does_not_grow_with_the_course(learner, site, send, now):
    before = cost(send, site.question)
    session = made.make_session(made.fresh(site.page), "Meer")
    for number in range(6):
        made.make_lesson(made.fresh(session), f"Les {number}", *[made.reading() for _block in range(5)])
    other = PersonFactory()
    enrol(learner=other, course=site.course, alias="Ster", now=now)
    client = Client()
    client.force_login(other)
    client.get(reverse("leerplek"))
    assert cost(send, site.question, by=client) == before
