"""A test as a learner meets it: the page, the answer, the result, a new try; and what it costs."""

import re
import threading
import uuid

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cms.models import QuestionBank
from courses.models import Activity, ActivityState, Attempt
from tests.cms import made_pages as made
from tests.factories import asked_of, right_answer, wrong_answer

pytestmark = pytest.mark.django_db
SECRET = "GEHEIM"


def statement(number):
    value = {
        "statement": f"Stelling {number}.",
        "right": "false",
        "feedback_true": f"{SECRET} kijk nog eens {number}.",
        "feedback_false": f"{SECRET} zo is het {number}.",
    }
    return made.block("true_false", value)


@pytest.fixture
def put_test(site):
    """Puts a test of 3 questions out of 8 in the second lesson; the activity comes back."""

    def put(**changed):
        bank = QuestionBank(title="Toetsvragen")
        bank.questions = bank._meta.get_field("questions").to_python(
            [statement(number) for number in range(8)]
        )
        bank.save()
        value = {"required": True, "question": "Over alles.", "bank": bank.pk, "draw": 3, "pass_score": 2}
        made.change(site.two, made.block("quiz", {**value, "attempts": 0, **changed}))
        return Activity.objects.select_related("lesson").get(kind="quiz")

    return put


def page_of(client, activity, query=""):
    return client.get(reverse("lesson", args=[activity.lesson.short_key]) + query).content.decode()


def asked(html):
    """The keys of the questions in a page, in their order."""
    return list(dict.fromkeys(re.findall(r'name="q-(\w+)-choice"', html)))


def drawn(enrolment, activity):
    return asked_of(enrolment, activity.versions.order_by("-number").first())


def keys(version):
    return [question["key"] for question in version.specification["questions"]]


def test_the_page_asks_what_is_drawn_and_holds_no_key(put_test, learner, enrolment, client):
    activity = put_test()
    html = page_of(client, activity)
    assert asked(html) == keys(drawn(enrolment, activity))
    assert len(asked(html)) == 3
    assert asked(page_of(client, activity)) == asked(html)
    assert SECRET not in html
    assert "%%leerhuis" not in html


def test_the_key_changes_nothing_in_the_page(put_test, learner, client):
    def without_accidents(html):
        return re.sub(r'(name="(?:csrfmiddlewaretoken|uuid|version)" value=)"[^"]*"', r"\1", html)

    activity = put_test()
    before = without_accidents(page_of(client, activity))
    version = activity.versions.get()
    for question in version.specification["questions"]:
        question["specification"]["right"] = "true"
    type(version).objects.filter(pk=version.pk).update(specification=version.specification)
    cache.clear()
    client.force_login(learner)
    assert without_accidents(page_of(client, activity)) == before


def test_after_answering_one_comes_back_to_the_result(put_test, learner, enrolment, send, client):
    activity = put_test()
    was_asked = drawn(enrolment, activity)
    response = send(activity, data=wrong_answer(was_asked))
    assert response.status_code == 302
    html = page_of(client, activity)
    assert "0 van 3 goed" in html or "0 of 3 right" in html
    assert asked(html) == keys(was_asked)
    assert re.search(rf'href="\?opnieuw={activity.pk}&amp;poging=\w{{8}}#a-{activity.pk}"', html)
    assert html.count("kijk nog eens") == 3
    assert "zo is het" not in html


@pytest.mark.parametrize("htmx", [False, True])
def test_a_new_try_asks_anew_and_passes(htmx, put_test, learner, enrolment, send, client):
    activity = put_test()
    send(activity, data=wrong_answer(drawn(enrolment, activity)), htmx=htmx)
    html = page_of(client, activity, f"?opnieuw={activity.pk}")
    assert asked(html) == keys(drawn(enrolment, activity))
    assert SECRET not in html
    send(activity, data=right_answer(drawn(enrolment, activity)), htmx=htmx)
    assert list(Attempt.objects.values_list("score", "passed")) == [(0, False), (3, True)]
    assert ActivityState.objects.get().status == "done"


def test_with_htmx_the_result_comes_back(put_test, learner, enrolment, send):
    activity = put_test()
    html = send(activity, data=right_answer(drawn(enrolment, activity)), htmx=True).content.decode()
    assert "3 van 3 goed" in html or "3 of 3 right" in html
    assert html.count(" disabled") == 6  # the try is over: two options for each of three questions


@pytest.mark.parametrize("htmx", [False, True])
def test_what_was_chosen_stays_when_an_answer_is_missing(htmx, put_test, learner, enrolment, send):
    activity = put_test()
    was_asked = drawn(enrolment, activity)
    data = right_answer(was_asked)
    data.pop(f"q-{keys(was_asked)[1]}-choice")
    response = send(activity, data=data, htmx=htmx)
    html = response.content.decode()
    assert response.status_code == 422
    assert asked(html) == keys(was_asked)
    assert len(re.findall(r'<input type="radio"[^>]* checked', html)) == 2
    assert html.count("quiz-unanswered") == 1
    assert SECRET not in html
    assert Attempt.objects.count() == 0


def test_a_stale_tab_gets_the_questions_of_now(put_test, learner, enrolment, send):
    activity = put_test()
    stale = drawn(enrolment, activity)
    tries = 0
    while set(keys(drawn(enrolment, activity))) == set(keys(stale)):  # another try may happen to ask the same
        send(activity, data=wrong_answer(drawn(enrolment, activity)))
        tries += 1
    response = send(activity, data=right_answer(stale), htmx=True)
    assert response.status_code == 422
    assert asked(response.content.decode()) == keys(drawn(enrolment, activity))
    assert "checked" not in response.content.decode()
    assert Attempt.objects.count() == tries


def test_the_same_form_twice_is_one_try_and_another_answer_a_conflict(put_test, learner, enrolment, send):
    activity, form = put_test(), uuid.uuid4()
    was_asked = drawn(enrolment, activity)
    for _time in range(2):
        assert send(activity, data=right_answer(was_asked), form=form, htmx=True).status_code == 200
    conflict = send(activity, data=wrong_answer(was_asked), form=form, htmx=True)
    assert conflict.status_code == 409
    assert SECRET not in conflict.content.decode()
    assert Attempt.objects.count() == 1


def test_without_tries_left_there_is_nothing_to_send(put_test, learner, enrolment, send, client):
    activity = put_test(attempts=1)
    send(activity, data=wrong_answer(drawn(enrolment, activity)))
    html = page_of(client, activity)
    (form,) = re.findall(rf'(?s)<form class="activity" id="a-{activity.pk}".*?</form>', html)
    assert "opnieuw" not in form
    assert "<button" not in form
    refused = send(activity, data=right_answer(drawn(enrolment, activity)), htmx=True)
    assert refused.status_code == 422
    assert Attempt.objects.count() == 1


def test_only_a_test_can_be_asked_for_anew(put_test, site, learner, send, client):
    send(site.question)
    html = page_of(client, site.question, f"?opnieuw={site.question.pk}")
    assert "checked" in html


@pytest.mark.parametrize("tried", [0, 2])
def test_a_lesson_with_a_test_costs_four_queries(tried, put_test, learner, enrolment, send, client):
    activity = put_test()
    for _time in range(tried):
        send(activity, data=wrong_answer(drawn(enrolment, activity)))
    path = reverse("lesson", args=[activity.lesson.short_key])
    for query in ("", f"?opnieuw={activity.pk}"):
        client.get(path + query)
        with CaptureQueriesContext(connection) as queries:
            client.get(path + query)
        assert len(queries) == 4


def test_a_reworded_test_is_told_by_its_score_and_costs_no_query_more(
    put_test, site, learner, enrolment, send, client
):
    activity = put_test()
    send(activity, data=right_answer(drawn(enrolment, activity)))
    body = made.raw_body(made.fresh(site.two))
    body[0]["value"]["question"] = "Anders gevraagd."
    made.change(site.two, *body)
    html = page_of(client, activity)
    assert "‘3 van 3 goed’" in html or "3 of 3 right." in html
    assert asked(html) == keys(drawn(enrolment, activity))
    with CaptureQueriesContext(connection) as queries:
        page_of(client, activity)
    assert len(queries) == 4


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_the_same_moment_are_one_try(put_test, learner, enrolment):
    activity = put_test(attempts=1)
    version, was_asked = activity.versions.get(), drawn(enrolment, activity)
    start, statuses = threading.Barrier(4), []
    signed_in = Client()
    signed_in.force_login(learner)

    def click():
        try:
            browser = Client()
            browser.cookies = signed_in.cookies
            fields = {"uuid": str(uuid.uuid4()), "version": version.pk, **right_answer(was_asked)}
            start.wait(timeout=30)
            statuses.append(browser.post(reverse("answer", args=[activity.pk]), fields).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(statuses) == [302, 422, 422, 422]
    assert Attempt.objects.count() == 1
