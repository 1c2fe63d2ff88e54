"""Practising a conversation, step by step; and what its trainers see of a group's choices."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.models import Activity, ActivityState, Attempt, Cohort, Enrolment
from courses.queries.dialogues import choices_taken, talks_of
from courses.services.attempts import record_answer
from courses.services.enrolments import enrol, withdraw
from courses.services.progress import refresh
from people.models import Role
from people.services.roles import grant_role
from tests.cms import made_pages as made
from tests.courses.talks import kemal
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def body(response):
    return response.content.decode()


@pytest.fixture
def practice(site):
    """The conversation, at the end of the first lesson."""
    made.change(site.one, *made.raw_body(site.one), made.conversation(kemal()))
    return Activity.objects.get(kind="dialogue")


@pytest.fixture
def keys(practice):
    scenes = practice.versions.get().specification["scenes"]
    return {choice["text"]: choice["key"] for scene in scenes for choice in scene["choices"]}


@pytest.fixture
def say(learner, practice, keys, send):
    """Press a sentence, or a way back, on the form as the page shows it after this path."""

    def press(*texts, back="", htmx=True, **more):
        path = [keys[text] for text in texts]
        data = {"path": " ".join(path if back else path[:-1])}
        data |= {"back": back} if back else {"say": path[-1]}
        return send(practice, data=data, htmx=htmx, **more)

    return press


FIRST, MISS = "U koos hier niet voor.", "U mist haar."


# --- the learner ----------------------------------------------------------------------------------------------------
def test_the_first_screen_shows_the_situation_and_what_can_be_said(learner, site, practice, client):
    html = body(client.get(reverse("lesson", args=[site.lesson.short_key])))
    assert ("Kemal komt voor het eerst." in html, "Kemal bij binnenkomst." in html) == (True, True)
    assert len(re.findall(r'class="reply" name="say" value="\w{10}" type="submit"', html)) == 2
    assert [word for word in ("Over: ", "map-box", "Oké. Jij wel", "Kemal staat op") if word in html] == []


def test_a_sentence_brings_the_next_words_with_focus_and_feedback(say, site):
    html = body(say(FIRST))
    assert re.search(r"data-focus[^>]*>‘Oké. Jij wel.’</p>", html)
    assert "Over: U koos hier niet voor." in html
    hidden = ("Over: Wat gebeurde er?", "Over: U mist haar.", "Kemal staat op", "complexe reflectie")
    assert [word for word in hidden if word in html] == []


def test_without_javascript_one_comes_back_to_the_same_place_in_the_talk(say, site, practice, client):
    response = say(FIRST, htmx=False)
    assert response.status_code == 302
    assert response.url.endswith(f"#a-{practice.pk}")
    assert "‘Oké. Jij wel.’" in body(client.get(response.url))


def test_an_end_is_done_for_good_also_when_one_begins_again(say, enrolment, practice):
    say(FIRST)
    assert ActivityState.objects.get(activity=practice).status == "tried"
    say(FIRST, MISS)
    assert ActivityState.objects.get(activity=practice).status == "done"
    html = body(say(FIRST, MISS, back="1"))
    state = ActivityState.objects.get(activity=practice)
    assert (state.status, state.attempts_count) == ("done", 3)
    assert "Kemal bij binnenkomst." in html


def test_at_the_end_there_is_the_path_and_too_little_to_measure(say):
    html = body(say(FIRST, MISS))
    assert "Kemal staat op en geeft een hand." in html
    assert html.count('class="tag tag-on"') == 2
    assert 'class="ratio"' not in html


def test_after_enough_sentences_the_marks_stand_beside_them(say):
    html = body(say("Wat gebeurde er?", "U wilt er niet over praten.", FIRST, MISS))
    assert 'class="ratio"' in html
    assert "3 : 1" in html
    assert "67 %" in html


def test_a_way_back_from_any_step(say, practice):
    html = body(say("Wat gebeurde er?", "U wilt er niet over praten.", FIRST, back="2"))
    assert "Kemal bij die-avond." in html
    assert len(Attempt.objects.latest("pk").response["path"]) == 1


def test_the_same_press_twice_is_one_answer(say):
    form = uuid.uuid4()
    assert [say(FIRST, form=form).status_code for _time in range(2)] == [200, 200]
    assert Attempt.objects.count() == 1


def test_two_sentences_under_one_form_are_a_conflict(say):
    form = uuid.uuid4()
    say(FIRST, form=form)
    response = say("Wat gebeurde er?", form=form)
    assert (response.status_code, Attempt.objects.count()) == (409, 1)


@pytest.mark.parametrize("data", [{}, {"path": "x", "say": "y"}, {"path": "", "say": ""}, {"back": "1"}])
def test_what_is_no_way_through_is_told_and_not_kept(data, learner, practice, send):
    response = send(practice, data=data, htmx=True)
    assert (response.status_code, Attempt.objects.count()) == (422, 0)
    assert 'role="alert"' in body(response)


def test_markup_in_the_conversation_stays_words(learner, site, client):
    fields = kemal()
    fields["scenes"][0]["says"] = "<script>alert(1)</script>"
    fields["scenes"][0]["choices"][0]["text"] = "<b>vet</b>"
    made.change(site.one, made.conversation(fields))
    html = body(client.get(reverse("lesson", args=[site.lesson.short_key])))
    assert ("<script>alert" in html, "<b>vet" in html) == (False, False)


# --- the trainer ----------------------------------------------------------------------------------------------------
@pytest.fixture
def group(site, practice):
    return Cohort.objects.create(course=site.course, name="Ede")


@pytest.fixture
def trainer(site, group, now):
    person = PersonFactory()
    grant_role(user=person, role=Role.TRAINER, organisation=site.course.programme.organisation, now=now)
    group.trainers.add(person)
    return person


@pytest.fixture
def learners(site, practice, keys, now):
    """So many learners who each walked these paths, one after the other."""

    def walk(number, cohort, *paths):
        for _learner in range(number):
            enrolment = enrol(learner=PersonFactory(), course=site.course, cohort=cohort, alias="A", now=now)
            for path in paths:
                record_answer(
                    enrolment=enrolment,
                    version=practice.versions.get(),
                    data={"path": " ".join(keys[text] for text in path[:-1]), "say": keys[path[-1]]}
                    if path
                    else {"path": keys[FIRST], "back": "1"},
                    uuid=uuid.uuid4(),
                    now=now,
                )
            refresh(enrolment=Enrolment.objects.get(pk=enrolment.pk), activity_id=practice.pk, now=now)

    return walk


def numbers(practice, trainer):
    return {
        scene.name: (scene.learners, [choice.learners for choice in scene.choices])
        for scene in choices_taken(activity=practice, trainer=trainer)
        if scene.choices
    }


HIDDEN = (None, [None, None])


def test_a_trainer_sees_how_often_each_sentence_was_said(learners, group, trainer, practice):
    learners(4, group, [FIRST, MISS])
    learners(2, group, ["Wat gebeurde er?", "Wat helpt u nu?", MISS])
    assert numbers(practice, trainer) == {
        "binnenkomst": (6, [4, 2]),
        "thuis": (6, [6, 0]),
        "die-avond": HIDDEN,
    }


def test_under_five_learners_every_number_is_hidden(learners, group, trainer, practice, client):
    learners(4, group, [FIRST, MISS])
    assert list(numbers(practice, trainer).values()) == [HIDDEN] * 3
    client.force_login(trainer)
    html = body(client.get(reverse("talk_choices", args=[practice.pk])))
    assert ("<progress" in html, " 4 " in html) == (False, False)


def test_the_last_talk_that_ended_counts_and_not_a_fresh_start(learners, group, trainer, practice):
    learners(5, group, ["Wat gebeurde er?", "Wat helpt u nu?", MISS], [FIRST, MISS], [])
    assert numbers(practice, trainer)["binnenkomst"] == (5, [5, 0])


def test_a_sentence_said_twice_counts_once(learners, group, trainer, practice):
    around = ["Wat gebeurde er?", "U wilt er niet over praten."]
    learners(5, group, [*around, *around, FIRST])
    assert numbers(practice, trainer)["binnenkomst"] == (5, [5, 5])


def test_other_groups_and_who_stopped_do_not_count(learners, group, trainer, practice, site, now):
    learners(5, group, [FIRST, MISS])
    learners(3, Cohort.objects.create(course=site.course, name="Arnhem"), [FIRST, MISS])
    learners(3, None, [FIRST, MISS])
    assert numbers(practice, trainer)["binnenkomst"] == (5, [5, 0])
    withdraw(enrolment=Enrolment.objects.filter(cohort=group).first(), now=now)
    assert numbers(practice, trainer)["binnenkomst"] == HIDDEN


def test_a_sentence_that_was_taken_out_no_longer_counts(learners, group, trainer, practice, site):
    learners(5, group, ["Wat gebeurde er?", "Wat helpt u nu?", MISS])
    raw = made.raw_body(made.fresh(site.one))
    first = raw[-1]["value"]["scenes"][0]["value"]["choices"]
    first[1] = {**first[1], "id": str(uuid.uuid4())}
    made.change(site.one, *raw)
    assert numbers(practice, trainer)["binnenkomst"] == HIDDEN
    assert numbers(practice, trainer)["thuis"] == (5, [5, 0])


def test_only_trainers_of_a_group_in_the_course_find_the_page(practice, trainer, group, site, client, now):
    organisation = site.course.programme.organisation
    address = reverse("talk_choices", args=[practice.pk])
    client.force_login(trainer)
    response = client.get(address)
    assert response.status_code == 200
    assert "U koos hier niet voor." in body(response)
    for role in (Role.TRAINER, Role.COORDINATOR, Role.EDITOR):
        other = PersonFactory()
        grant_role(user=other, role=role, organisation=organisation, now=now)
        client.force_login(other)
        assert client.get(address).status_code == 404
    client.force_login(PersonFactory())
    assert client.get(address).status_code == 404


def test_what_is_no_conversation_has_no_such_page(practice, trainer, site, client):
    client.force_login(trainer)
    for pk in (site.question.pk, 0, 9**30):
        assert client.get(reverse("talk_choices", args=[pk])).status_code == 404


def test_the_learners_page_leads_to_it_and_its_title_is_neutral(practice, trainer, client, title_of):
    client.force_login(trainer)
    address = reverse("talk_choices", args=[practice.pk])
    assert address in body(client.get(reverse("learners")))
    title = title_of(client.get(address))
    assert [word for word in ("Kemal", "Geweld en herstel", "Naast iemand") if word in title] == []


@pytest.mark.parametrize("number", [1, 12])
def test_the_page_costs_the_same_with_few_and_with_many(number, learners, group, trainer, practice, client):
    learners(number, group, [FIRST, MISS])
    client.force_login(trainer)
    client.get(reverse("talk_choices", args=[practice.pk]))
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("talk_choices", args=[practice.pk]))
    # 1 who is signed in  2 their roles  3 the conversation with its lesson  4 its newest wording  5 the talks
    assert len([query for query in queries if "django_session" not in query["sql"]]) == 5


def test_a_trainer_of_two_groups_finds_a_conversation_once(practice, trainer, site):
    Cohort.objects.create(course=site.course, name="Arnhem").trainers.add(trainer)
    assert list(talks_of(trainer)) == [practice]
