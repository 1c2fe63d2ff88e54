"""The trainer's and coordinator's screens of groups."""

from datetime import date

import pytest
from django.urls import reverse

from courses.models import Cohort
from meetings.flows import (
    ask_to_join,
)
from meetings.models import GroupPlace, KeepApart, Meeting
from meetings.services.apart import keep_apart
from meetings.services.planning import state_of
from people.models import OutboxMessage
from people.services.privacy import export_person
from tests.factories import CohortFactory, MeetingFactory, PersonFactory
from tests.meetings.conftest import make_circle, make_course

pytestmark = pytest.mark.django_db


def filled(circle, **changes):
    return {
        "course": circle.course.pk,
        "name": "Utrecht, zomer",
        "trainers": [str(circle.trainer.pk)],
        "first": "2027-03-25",
        "clock": "19:00",
        "every": "1",
        "minutes": "150",
        "place": "Zaal 2",
        "capacity": "8",
        "way_in": "invitation",
        "reminder_minutes": "1440",
        "homework_days": "7",
    } | changes


def test_one_form_makes_a_group_with_its_dates_and_marks_holidays(client, circle, time_machine):
    time_machine.move_to("2027-01-10T12:00:00+00:00", tick=False)
    trainer = client
    trainer.force_login(circle.trainer)
    response = trainer.post(reverse("make_group"), filled(circle))
    cohort = Cohort.objects.get(name="Utrecht, zomer")
    assert response["Location"] == reverse("group", args=[cohort.pk])
    assert cohort.meetings.count() == 9
    page = trainer.get(response["Location"]).content.decode()
    assert "9 bijeenkomsten gepland" in page
    # Ascension Day lies on the seventh Thursday.
    assert "Hemelvaartsdag" in page
    assert page.count("19.00 tot 21.30 uur") == 9
    assert set(cohort.meetings.values_list("self_check_in", flat=True)) == {False}
    trainer.post(reverse("make_group"), filled(circle, name="Met code", self_check_in="on"))
    meetings = Cohort.objects.get(name="Met code").meetings
    assert set(meetings.values_list("self_check_in", flat=True)) == {True}


def test_only_who_leads_the_meetings_is_led_to_who_is_there(client, circle):
    for person, number in ((circle.trainer, 9), (circle.coordinator, 0)):
        client.force_login(person)
        page = client.get(reverse("group", args=[circle.cohort.pk])).text
        assert (page.count('/aanwezig/"'), page.count('/wijzigen/"')) == (number, 9)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("trainers", []),
        ("first", "32 maart"),
        ("first", "2926-01-01"),
        ("clock", "25:00"),
        ("minutes", "0"),
        ("capacity", "-3"),
        ("way_in", "code"),
        ("way_in", "onzin"),
        ("place", "Blijf van mijn lijf, huiselijk geweld"),
        ("online_link", "javascript:alert(1)"),
        ("course", "0"),
    ],
)
def test_what_makes_no_group_is_said_at_the_field_and_makes_nothing(trainer, circle, field, value):
    response = trainer.post(reverse("make_group"), filled(circle, **{field: value}))
    assert response.status_code == 422
    assert b"form-errors" in response.content
    assert (Cohort.objects.count(), Meeting.objects.count()) == (1, 9)


def test_the_form_says_that_a_group_may_be_under_way_already(trainer):
    assert (
        "Is de groep al bezig? Dan mag dit tot een jaar terug liggen."
        in trainer.get(reverse("make_group")).text
    )


def test_nobody_makes_a_group_for_a_course_that_is_not_theirs(trainer, circle):
    response = trainer.post(reverse("make_group"), filled(circle, course=make_course().pk))
    assert (response.status_code, Cohort.objects.count()) == (422, 1)


def test_moving_asks_first_what_becomes_of_the_later_ones(trainer, circle, now, time_machine):
    time_machine.move_to(now, tick=False)
    meeting = circle.meetings[3]
    address = reverse("change_meeting", args=[meeting.pk])
    data = {
        "day": "2026-12-24",
        "clock": "19:00",
        "minutes": "150",
        "place": meeting.place,
        "discreet_title": "Avondcursus",
        "reminder_minutes": "1440",
        "state": state_of(meeting),
    }
    preview = trainer.post(address, data)
    assert preview.status_code == 200
    page = preview.content.decode()
    assert page.count("<s>") == 5
    assert "Eerste kerstdag" not in page
    assert "31 december" in page
    meeting.refresh_from_db()
    assert (meeting.sequence, OutboxMessage.objects.count()) == (0, 0)
    trainer.post(address, {**data, "later": "along"})
    days = [each.starts_at.date() for each in Meeting.objects.order_by("session__position")]
    assert days[3:5] == [date(2026, 12, 24), date(2026, 12, 31)]
    stale = trainer.post(address, {**data, "day": "2026-12-28", "later": "stay"})
    assert stale.status_code == 409


def test_fewer_places_than_people_are_refused(trainer, circle):
    data = {
        "name": "Anders",
        "trainers": [str(circle.trainer.pk)],
        "capacity": "2",
        "way_in": "open",
        "homework_days": "7",
    }
    response = trainer.post(reverse("change_group", args=[circle.cohort.pk]), data)
    assert response.status_code == 422
    circle.cohort.refresh_from_db()
    assert (circle.cohort.capacity, circle.cohort.name) == (8, "Utrecht, voorjaar")


# --- who fits -------------------------------------------------------------------------------------------------------
def test_an_intake_shows_the_points_and_keeps_the_outcome_alone(client, now):
    circle = make_circle(now, way_in="intake")
    programme = circle.course.programme
    person = PersonFactory()
    ask_to_join(cohort=circle.cohort, person=person, alias="Linde", now=now)
    client.force_login(circle.trainer)
    client.post(
        reverse("intake_checklist", args=[circle.cohort.pk]),
        {"intake_checklist": "Is er rust thuis?\nSteun?"},
    )
    programme.refresh_from_db()
    assert programme.intake_points == ["Is er rust thuis?", "Steun?"]
    address = reverse("intake", args=[circle.cohort.pk, person.pk])
    assert b"Is er rust thuis?" in client.get(address).content
    client.post(address, {"outcome": "welcome", "story": "iets dat niet bewaard mag worden"})
    assert GroupPlace.objects.get(person=person).status == "registered"
    assert client.get(address).status_code == 404


def test_two_who_had_better_not_be_together_are_a_warning_at_every_placement(client, now):
    circle = make_circle(now, way_in="intake")
    person = PersonFactory()
    ask_to_join(cohort=circle.cohort, person=person, alias="Linde", now=now)
    client.force_login(circle.trainer)
    pair = {"one": str(person.pk), "other": str(circle.people[0].pk)}
    client.post(reverse("keep_apart", args=[circle.cohort.pk]), pair)
    client.post(reverse("keep_apart", args=[circle.cohort.pk]), {"one": pair["other"], "other": pair["one"]})
    mark = KeepApart.objects.get()
    assert (
        "kunnen beter niet in één groep"
        in client.get(reverse("group", args=[circle.cohort.pk])).content.decode()
    )
    address = reverse("intake", args=[circle.cohort.pk, person.pk])
    client.post(address, {"outcome": "welcome"})
    assert GroupPlace.objects.get(person=person).status == "asked"
    client.post(address, {"outcome": "welcome", "seen": "yes"})
    assert GroupPlace.objects.get(person=person).status == "registered"
    client.post(reverse("end_keep_apart", args=[circle.cohort.pk, mark.pk]))
    assert KeepApart.objects.count() == 0


def test_of_a_mark_people_learn_that_it_is_there_and_not_with_whom(circle, now):
    one, other = circle.people[:2]
    keep_apart(
        one=one, other=other, organisation=circle.course.programme.organisation, by=circle.trainer, now=now
    )
    for person, not_told in ((one, other), (other, one)):
        export = str(export_person(user=person, now=now)["holdings"])
        assert "which group is not for you" in export
        assert str(not_told.pk) not in export
        assert str(circle.trainer.pk) not in export


# --- counts ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("number", [1, 12])
def test_the_list_of_groups_costs_the_same_with_one_and_with_many(
    trainer, circle, number, django_assert_num_queries
):
    for _each in range(number):
        CohortFactory(course=circle.course).trainers.add(circle.trainer)
        MeetingFactory(starts_at="2036-01-01T18:00Z", ends_at="2036-01-01T19:00Z").leaders.add(circle.trainer)
    trainer.get(reverse("groups"))  # the menu is kept from then on
    # The user with contact, roles; groups, meetings without a group.
    with django_assert_num_queries(4):
        assert trainer.get(reverse("groups")).status_code == 200


@pytest.mark.parametrize("number", [1, 12])
def test_a_group_costs_the_same_with_few_and_with_many(client, now, number, django_assert_num_queries):
    circle = make_circle(now, members=number, capacity=20)
    client.force_login(circle.trainer)
    client.get(reverse("group", args=[circle.cohort.pk]))  # the menu is kept from then on
    # The user, the group; its people, places, marks, meetings, invitations; trainers; roles.
    with django_assert_num_queries(9):
        assert client.get(reverse("group", args=[circle.cohort.pk])).status_code == 200
