"""A test drawn from a bank: what every try asks, what it costs to pass, and that nobody chooses their questions."""

import json
import uuid
from types import SimpleNamespace

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.activities import ResponseError, SpecificationError, quiz
from courses.models import Attempt
from courses.presentation import answered, blank
from courses.queries.progress import lesson_state, trying_now
from courses.rules import next_try
from courses.services.attempts import AnswerConflict, record_answer
from courses.services.progress import refresh
from tests.courses.activity_samples import BOTH, FIELDS, OPTIONS, responses
from tests.factories import ActivityFactory, asked_of, right_answer, wrong_answer

KINDS = ("single_choice", "multiple_choice", "true_false")


@pytest.fixture(autouse=True)
def in_english():
    """Messages are told in the language of the code."""
    with translation.override("en"):
        yield


def fields(size=12, draw=5, pass_score=4, attempts=0):
    """A bank of `size` questions of all kinds in turn."""
    questions = [
        {"id": f"vraag-{number}", "kind": kind, "fields": FIELDS[kind]}
        for number, kind in zip(range(size), KINDS * size, strict=False)
    ]
    return {
        "question": "Over alle lessen.",
        "questions": questions,
        "draw": draw,
        "pass_score": pass_score,
        "attempts": attempts,
    }


SPEC = quiz.specification(fields())


def keys(spec):
    return [question["key"] for question in spec["questions"]]


def as_version(spec):
    return SimpleNamespace(activity=SimpleNamespace(kind="quiz"), specification=spec)


# --- what an author writes ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"questions": []}, "at least one question"),
        ({"draw": 13}, "12 questions"),
        ({"draw": 0}, "12 questions"),
        ({"pass_score": 6}, "1 to 5 right answers"),
        ({"pass_score": 0}, "1 to 5 right answers"),
        ({"attempts": -1}, "number of tries"),
        ({"draw": "veel"}, "whole numbers"),
        ({"question": " "}, "question"),
        ({"questions": [{"id": "1", "kind": "reflection", "fields": {}}]}, "no test can hold"),
    ],
)
def test_what_makes_no_test_is_said(changed, words):
    with pytest.raises(SpecificationError) as refused:
        quiz.specification({**fields(), **changed})
    assert words in str(refused.value)


def test_a_mistake_in_the_bank_names_the_question():
    both_right = {"question": "Wat past?", "options": BOTH}
    questions = [*fields()["questions"][:1], {"id": "x", "kind": "single_choice", "fields": both_right}]
    with pytest.raises(SpecificationError) as refused:
        quiz.specification({**fields(draw=1, pass_score=1), "questions": questions})
    assert str(refused.value).startswith("Question 2 of the bank:")


def test_a_translation_gives_words_and_leaves_questions_and_marks():
    english = {**FIELDS["true_false"], "statement": "A buddy reports.", "right": "true"}
    words = fields(draw=3, pass_score=1)
    words["questions"][2]["fields"] = english
    got = quiz.translated(SPEC, quiz.specification({**words, "question": "About all."}))
    assert (got["draw"], got["pass_score"], got["question"]) == (5, 4, "About all.")
    assert (got["questions"][2]["specification"]["statement"], keys(got)) == ("A buddy reports.", keys(SPEC))
    assert got["questions"][2]["specification"]["right"] == "false"


# --- the draw -------------------------------------------------------------------------------------------------------
def test_a_try_asks_as_many_different_questions_as_are_drawn():
    drawn = quiz.draw(SPEC, "a")
    assert len(set(keys(drawn))) == 5
    assert set(keys(drawn)) < set(keys(SPEC))
    assert quiz.draw(SPEC, "a") == drawn


def test_every_question_comes_up_about_as_often():
    counts = dict.fromkeys(keys(SPEC), 0)
    for number in range(1200):
        for key in keys(quiz.draw(SPEC, f"seed-{number}")):
            counts[key] += 1
    assert all(420 < count < 580 for count in counts.values())  # 500 expected, 17 a standard deviation


def test_the_order_in_the_bank_does_not_matter():
    turned = {**SPEC, "questions": SPEC["questions"][::-1]}
    assert quiz.draw(turned, "a")["questions"] == quiz.draw(SPEC, "a")["questions"]


def test_what_is_drawn_depends_on_learner_activity_and_number_of_tries():
    one, other = uuid.UUID(int=1), uuid.UUID(int=2)
    seeds = {
        next_try(enrolment_id=enrolment, activity_id=activity, made=made).seed
        for enrolment in (one, other)
        for activity in (1, 2)
        for made in (0, 1)
    }
    assert len(seeds) == 8
    assert len({next_try(enrolment_id=one, activity_id=1, made=0).seed for _time in range(3)}) == 1


def test_the_draw_cannot_be_worked_out_without_the_key(settings):
    before = next_try(enrolment_id=uuid.UUID(int=1), activity_id=1, made=0).seed
    settings.RECORD_KEY = "een andere sleutel"
    assert next_try(enrolment_id=uuid.UUID(int=1), activity_id=1, made=0).seed != before


# --- answers --------------------------------------------------------------------------------------------------------
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_any_answers_to_the_drawn_questions_score_from_none_to_all(data):
    drawn = quiz.draw(SPEC, data.draw(st.text(max_size=5)))
    response = quiz.clean(drawn, data.draw(responses("quiz", drawn)))
    result = quiz.grade(SPEC, response)
    assert result.score == sum(outcome.right for outcome in quiz.outcomes(SPEC, response))
    assert 0 <= result.score <= result.max_score == 5
    assert result.passed is (result.score >= 4)
    assert quiz.grade(drawn, response) == result
    assert quiz.drawn_as(SPEC, response) == drawn
    assert json.loads(json.dumps(response)) == response


def test_all_right_is_full_marks_and_all_wrong_none():
    drawn = quiz.draw(SPEC, "a")
    for answer, score in ((right_answer, 5), (wrong_answer, 0)):
        assert quiz.grade(drawn, quiz.clean(drawn, answer(as_version(drawn)))).score == score


def test_what_was_answered_is_readable_without_the_bank():
    one = {"id": "1", "kind": "single_choice", "fields": FIELDS["single_choice"]}
    spec = quiz.specification({**fields(), "questions": [one], "draw": 1, "pass_score": 1})
    response = quiz.clean(spec, right_answer(as_version(spec)))
    assert quiz.readable(spec, response) == "1 of 1 right\n1. Wat past? → B: Ernaast staan"


def test_questions_without_an_answer_are_named():
    drawn = quiz.draw(SPEC, "a")
    data = right_answer(as_version(drawn))
    for number in (2, 4):
        data.pop(f"q-{keys(drawn)[number - 1]}-choice")
    with pytest.raises(ResponseError, match=r"2, 4"):
        quiz.clean(drawn, data)


def test_answers_to_what_was_not_drawn_are_refused():
    drawn = quiz.draw(SPEC, "a")
    left_out = next(key for key in keys(SPEC) if key not in keys(drawn))
    for extra in (f"q-{left_out}-choice", "q-verzonnen-choice"):
        with pytest.raises(ResponseError, match="earlier try"):
            quiz.clean(drawn, {**right_answer(as_version(drawn)), extra: "true"})


def test_an_option_of_another_question_is_refused():
    drawn = quiz.draw(SPEC, "a")
    data = right_answer(as_version(drawn))
    data[f"q-{keys(drawn)[0]}-choice"] = "verzonnen"
    with pytest.raises(ResponseError, match="does not belong"):
        quiz.clean(drawn, data)


def test_a_form_that_comes_back_keeps_what_was_chosen_and_marks_what_is_missing():
    drawn = quiz.draw(SPEC, "a")
    data = right_answer(as_version(drawn))
    first = keys(drawn)[0]
    data.pop(f"q-{first}-choice")
    back = quiz.refill(quiz.form(drawn, None), data)["questions"]
    assert [question.unanswered for question in back] == [True, False, False, False, False]
    assert all(any(choice.chosen for choice in question.form["choices"]) for question in back[1:])
    assert {(choice.feedback, choice.right) for each in back for choice in each.form["choices"]} == {
        ("", None)
    }


def test_nothing_of_another_try_is_put_back():
    blank_form = quiz.form(quiz.draw(SPEC, "a"), None)
    assert quiz.refill(blank_form, {"q-anders-choice": "true"}) == blank_form


def test_an_answered_form_shows_feedback_at_what_was_chosen_only():
    drawn = quiz.draw(SPEC, "a")
    shown = quiz.form(SPEC, quiz.clean(drawn, wrong_answer(as_version(drawn))))["questions"]
    assert [question.key for question in shown] == keys(drawn)
    for question in shown:
        assert {choice.chosen for choice in question.form["choices"] if choice.feedback} == {True}


# --- the record -----------------------------------------------------------------------------------------------------
@pytest.fixture
def test_of(course):
    """A test in the lesson: `test_of(attempts=2)`. Its newest version comes along."""

    def make(**changed):
        activity = ActivityFactory(lesson=course.lesson, kind="quiz", fields=fields(**changed))
        return activity, activity.versions.get()

    return make


def give(enrolment, activity, version, now, *, data=None, right=True, form=None):
    """One try as the flow makes it, and what it asked."""
    asked = asked_of(enrolment, version)
    data = data if data is not None else (right_answer if right else wrong_answer)(asked)
    recorded = record_answer(
        enrolment=enrolment, version=version, data=data, uuid=form or uuid.uuid4(), now=now
    )
    refresh(enrolment=enrolment, activity_id=activity.pk, now=now)
    return recorded, asked.specification


@pytest.mark.django_db
def test_a_try_is_recorded_with_the_questions_it_asked(test_of, enrolment, now):
    activity, version = test_of()
    recorded, asked = give(enrolment, activity, version, now)
    attempt = Attempt.objects.get()
    assert [answer["question"] for answer in attempt.response["answers"]] == keys(asked)
    assert (attempt.score, attempt.max_score, attempt.pass_score, attempt.passed) == (5, 5, 4, True)
    assert attempt.readable.splitlines()[0] == "5 of 5 right"
    assert recorded.created is True


@pytest.mark.django_db
def test_the_page_shows_what_the_record_will_ask_until_it_is_answered(test_of, enrolment, course, now):
    activity, version = test_of()

    def shown():
        standing = lesson_state(enrolment=enrolment, lesson_id=course.lesson.pk)[activity.pk]
        assert standing.now_trying == trying_now(learner=enrolment.learner, activity=activity)
        page = blank(activity=activity, version=version, uuid="u", now_trying=standing.now_trying)
        return [question.key for question in page.form["questions"]]

    first = shown()
    assert shown() == first == keys(asked_of(enrolment, version).specification)
    give(enrolment, activity, version, now)
    second = shown()
    assert second != first
    assert second == keys(asked_of(enrolment, version).specification)


@pytest.mark.django_db
def test_the_same_form_twice_is_one_try_and_another_answer_under_it_a_conflict(test_of, enrolment, now):
    activity, version = test_of()
    form = uuid.uuid4()
    asked = asked_of(enrolment, version)
    data = right_answer(asked)
    give(enrolment, activity, version, now, data=data, form=form)
    again, _asked = give(enrolment, activity, version, now, data=data, form=form)
    assert (again.created, again.attempt) == (False, Attempt.objects.get())
    with pytest.raises(AnswerConflict):
        give(enrolment, activity, version, now, data=wrong_answer(asked), form=form)


@pytest.mark.django_db
def test_a_form_of_an_earlier_try_is_refused(test_of, enrolment, now):
    activity, version = test_of()
    stale = asked_of(enrolment, version)
    asked, tries = set(keys(stale.specification)), 0
    while (
        set(keys(asked_of(enrolment, version).specification)) == asked
    ):  # another try may happen to ask the same
        give(enrolment, activity, version, now, right=False)
        tries += 1
    with pytest.raises(ResponseError, match="earlier try"):
        give(enrolment, activity, version, now, data=right_answer(stale))
    assert Attempt.objects.count() == tries


@pytest.mark.django_db
def test_after_the_last_try_no_other_is_taken_but_the_last_one_may_be_sent_again(test_of, enrolment, now):
    activity, version = test_of(attempts=2)
    give(enrolment, activity, version, now, right=False)
    form, data = uuid.uuid4(), wrong_answer(asked_of(enrolment, version))
    give(enrolment, activity, version, now, data=data, form=form)
    with pytest.raises(ResponseError, match="used all your tries"):
        give(enrolment, activity, version, now)
    assert give(enrolment, activity, version, now, data=data, form=form)[0].created is False
    assert Attempt.objects.count() == 2


@pytest.mark.django_db
def test_the_equal_alternative_counts_also_when_all_tries_are_used(course, enrolment, now):
    activity = ActivityFactory(lesson=course.lesson, kind="quiz", fields=fields(attempts=1))
    version = activity.versions.get()
    version.specification["alternative"] = "Lees de samenvatting."
    give(enrolment, activity, version, now, right=False)
    recorded, _asked = give(enrolment, activity, version, now, data={"alternative": "1"})
    assert (recorded.created, recorded.attempt.passed) == (True, True)


@pytest.mark.django_db
def test_what_was_answered_is_shown_with_its_result_and_the_tries_that_are_left(test_of, enrolment, now):
    activity, version = test_of(attempts=3)
    recorded, asked = give(enrolment, activity, version, now, right=False)
    shown = answered(
        activity=activity,
        version=version,
        attempt=recorded.attempt,
        done=False,
        uuid="u",
        now_trying=trying_now(learner=enrolment.learner, activity=activity),
    )
    assert [question.key for question in shown.form["questions"]] == keys(asked)
    assert (shown.result.score, shown.passed, shown.tries_left) == (0, False, 2)
    assert (shown.result.feedback.overall) == "0 of 5 right"


@pytest.mark.django_db
def test_an_answer_to_an_earlier_wording_is_told_by_its_score(test_of, enrolment, now):
    activity, version = test_of()
    recorded, _asked = give(enrolment, activity, version, now)
    newer = activity.versions.create(
        locale="nl",
        number=2,
        specification=quiz.specification(fields(size=8)),
        max_score=5,
        pass_score=4,
        fingerprint="f",
        published_at=now,
    )
    shown = answered(
        activity=activity,
        version=newer,
        attempt=recorded.attempt,
        done=True,
        uuid="u",
        now_trying=trying_now(learner=enrolment.learner, activity=activity),
    )
    assert (shown.earlier, len(shown.form["questions"])) == ("5 of 5 right", 5)


def test_the_options_stand_as_they_were_written():
    spec = quiz.specification(fields(size=1, draw=1, pass_score=1))
    (question,) = quiz.form(quiz.draw(spec, "x"), None)["questions"]
    assert [choice.text for choice in question.form["choices"]] == [option["text"] for option in OPTIONS]
