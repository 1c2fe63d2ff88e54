"""Places that are counted: who has one, who waits, and to whom one is offered."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from courses.models import Cohort, Enrolment
from courses.services.enrolments import GroupFull, enrol
from meetings.flows import (
    accept_invitation,
    answer_group_offer,
    answer_meeting_offer,
    ask_to_join,
    decide_on_intake,
    invite,
    leave_group,
    let_offers_run_out,
    register,
    take_off,
    write_attendance,
)
from meetings.flows.groups import keep_group
from meetings.models import GroupPlace, Invitation, Registration
from meetings.rules import OFFER_STANDS
from meetings.services.attendance import Mark
from meetings.services.places import PlaceRefused, put_on_list
from meetings.services.tokens import digest
from people.models import OutboxMessage
from people.services.privacy import erase_person
from tests.factories import MeetingFactory, PersonFactory
from tests.meetings.conftest import make_circle

pytestmark = pytest.mark.django_db


def standing(meeting):
    return dict(Registration.objects.filter(meeting=meeting).values_list("person__alias", "status"))


@pytest.fixture
def full(now):
    """A meeting with one place, taken by Anna; Bert and Cora wait in that order."""
    meeting = MeetingFactory(capacity=1)
    people = [PersonFactory(alias=name) for name in ("Anna", "Bert", "Cora")]
    for person in people:
        register(meeting=meeting, person=person, now=now)
    return meeting, *people


def test_who_comes_after_the_last_place_waits_in_turn(full, now):
    meeting, anna, _bert, _cora = full
    assert standing(meeting) == {"Anna": "registered", "Bert": "waiting", "Cora": "waiting"}
    turns = Registration.objects.filter(meeting=meeting, status="waiting").order_by("position")
    assert list(turns.values_list("person__alias", "position")) == [("Bert", 1), ("Cora", 2)]
    register(meeting=meeting, person=anna, now=now)
    assert Registration.objects.count() == 3


def test_a_place_that_comes_free_is_offered_to_who_waits_longest_and_they_are_told(full, now):
    meeting, anna, bert, _cora = full
    take_off(meeting=meeting, person=anna, now=now)
    assert standing(meeting) == {"Anna": "cancelled", "Bert": "offered", "Cora": "waiting"}
    offer = Registration.objects.get(person=bert)
    assert offer.offer_expires_at == now + timedelta(hours=48)
    told = OutboxMessage.objects.get(kind="offer")
    assert (told.recipient, told.optional, told.joinable) == (bert, False, True)


def test_an_offer_is_accepted_or_goes_to_the_next(full, now):
    meeting, anna, bert, cora = full
    take_off(meeting=meeting, person=anna, now=now)
    answer_meeting_offer(meeting=meeting, person=bert, accept=False, now=now)
    assert standing(meeting) == {"Anna": "cancelled", "Bert": "declined", "Cora": "offered"}
    answer_meeting_offer(meeting=meeting, person=cora, accept=True, now=now)
    assert standing(meeting)["Cora"] == "registered"


def test_who_is_offered_a_place_once_more_is_told_once_more(full, now):
    """Also shortly before the meeting: both offers end when it begins."""
    meeting, anna, bert, cora = full
    near = meeting.starts_at - timedelta(hours=9)
    take_off(meeting=meeting, person=anna, now=near)
    later = near + timedelta(hours=1)
    answer_meeting_offer(meeting=meeting, person=bert, accept=False, now=later)
    register(meeting=meeting, person=bert, now=later)
    answer_meeting_offer(meeting=meeting, person=cora, accept=False, now=later)
    assert standing(meeting)["Bert"] == "offered"
    assert OutboxMessage.objects.filter(kind="offer", recipient=bert).count() == 2


def test_a_place_on_offer_is_nobody_elses(full, now):
    meeting, anna, *_others = full
    take_off(meeting=meeting, person=anna, now=now)
    late = PersonFactory(alias="Dirk")
    assert register(meeting=meeting, person=late, now=now).status == "waiting"
    assert register(meeting=meeting, person=anna, now=now).status == "waiting"


def test_an_offer_accepted_too_late_is_the_next_ones_and_nobody_has_two(full, now):
    meeting, anna, bert, _cora = full
    take_off(meeting=meeting, person=anna, now=now)
    late = now + timedelta(hours=48)
    place = answer_meeting_offer(meeting=meeting, person=bert, accept=True, now=late)
    assert place.status == "expired"
    assert standing(meeting) == {"Anna": "cancelled", "Bert": "expired", "Cora": "offered"}
    with pytest.raises(PlaceRefused):
        answer_meeting_offer(meeting=meeting, person=bert, accept=True, now=late)


def test_the_clock_lets_offers_run_out_and_offers_on(full, now):
    meeting, anna, _bert, _cora = full
    take_off(meeting=meeting, person=anna, now=now)
    assert let_offers_run_out(now=now + timedelta(hours=47)) == 0
    assert let_offers_run_out(now=now + timedelta(hours=48)) == 1
    assert standing(meeting) == {"Anna": "cancelled", "Bert": "expired", "Cora": "offered"}
    assert let_offers_run_out(now=now + timedelta(hours=96)) == 0
    assert standing(meeting)["Cora"] == "expired"


def test_who_waits_can_take_themselves_off(full, now):
    meeting, _anna, bert, cora = full
    take_off(meeting=meeting, person=bert, now=now)
    take_off(meeting=meeting, person=cora, now=now)
    assert standing(meeting) == {"Anna": "registered", "Bert": "cancelled", "Cora": "cancelled"}
    assert OutboxMessage.objects.count() == 0


@pytest.mark.parametrize("state", ["begun", "cancelled"])
def test_nobody_comes_into_what_has_begun_or_is_off(now, state):
    meeting = MeetingFactory(cancelled_at=now if state == "cancelled" else None)
    when = meeting.starts_at if state == "begun" else now
    with pytest.raises(PlaceRefused):
        register(meeting=meeting, person=PersonFactory(), now=when)
    assert Registration.objects.count() == 0


@pytest.mark.parametrize("status", ["present", "late"])
@pytest.mark.parametrize("in_group", [True, False])
def test_whoever_is_there_already_cannot_sign_off(now, status, in_group):
    if in_group:
        circle = make_circle(now, members=1)
        meeting, person = circle.meetings[0], circle.people[0]
    else:
        meeting, person = MeetingFactory(), PersonFactory()
        register(meeting=meeting, person=person, now=now)
    doors = meeting.starts_at - timedelta(minutes=30)
    leader = PersonFactory()
    write_attendance(meeting=meeting, marks=[Mark(person.pk, status)], by=leader, now=doors)
    before = standing(meeting)
    with pytest.raises(PlaceRefused, match="Wie er al is, kan zich niet meer afmelden"):
        take_off(meeting=meeting, person=person, now=doors)
    assert standing(meeting) == before
    # It was a mistake: they are on their way still.
    write_attendance(meeting=meeting, marks=[Mark(person.pk, "absent")], by=leader, now=doors)
    take_off(meeting=meeting, person=person, now=doors)
    assert set(standing(meeting).values()) == {"cancelled"}


@pytest.mark.parametrize("in_group", [True, False])
def test_nobody_signs_off_from_what_has_begun(now, in_group):
    circle = make_circle(now, members=1)
    meeting, person = circle.meetings[0] if in_group else MeetingFactory(), circle.people[0]
    if not in_group:
        register(meeting=meeting, person=person, now=now)
    before = standing(meeting)
    with pytest.raises(PlaceRefused, match="Deze bijeenkomst is al begonnen"):
        take_off(meeting=meeting, person=person, now=meeting.starts_at)
    assert standing(meeting) == before


def test_a_closed_list_that_is_full_takes_nobody(now):
    meeting = MeetingFactory(kind="support", closed_list=True, capacity=1)
    put_on_list(meeting=meeting, person=PersonFactory(), now=now)
    with pytest.raises(PlaceRefused):
        put_on_list(meeting=meeting, person=PersonFactory(), now=now)
    assert Registration.objects.count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "waiting", "position": None},
        {"status": "registered", "position": 4},
        {"status": "offered", "offer_expires_at": None},
    ],
)
def test_the_database_refuses_a_place_that_contradicts_itself(full, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.filter(person=full[1]).update(**fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "support", "closed_list": False},
        {"kind": "training"},
        {"capacity": 0},
        {"discreet_title": ""},
    ],
)
def test_the_database_refuses_a_meeting_that_cannot_be(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        MeetingFactory(**fields)


# --- groups ---------------------------------------------------------------------------------------------------------
def accepted(circle, email, now, alias="Wilg"):
    """Somebody invited who takes it up, with the link from their message."""
    invite(cohort=circle.cohort, emails=[email], by=circle.trainer, now=now)
    message = next(
        each
        for each in OutboxMessage.objects.filter(kind="invitation")
        if email in {each.address, each.recipient and each.recipient.email}
    )
    secret = message.text.split("/uitnodiging/")[1].split("/")[0]
    invitation = Invitation.objects.get(token_digest=digest(secret))
    person = PersonFactory(alias=alias)
    return person, invitation, accept_invitation(invitation=invitation, person=person, alias=alias, now=now)


def test_an_invitation_makes_an_enrolment_once_and_keeps_no_address(circle, now):
    person, invitation, place = accepted(circle, "wilg@example.org", now)
    assert place.status == "registered"
    assert Enrolment.objects.get(learner=person).cohort == circle.cohort
    invitation.refresh_from_db()
    assert (invitation.email, invitation.accepted_by) == ("", person)
    again = accept_invitation(invitation=invitation, person=PersonFactory(), alias="Anders", now=now)
    assert again is None
    assert GroupPlace.objects.count() == 1


def test_whoever_is_invited_into_a_full_group_waits_and_comes_in_when_somebody_leaves(now):
    circle = make_circle(now, members=8)
    person, _invitation, place = accepted(circle, "laat@example.org", now)
    assert (place.status, Enrolment.objects.filter(learner=person).count()) == ("waiting", 0)
    leave_group(enrolment=circle.members[0], now=now)
    place.refresh_from_db()
    assert place.status == "offered"
    assert Cohort.objects.get().held == 1
    assert (
        answer_group_offer(cohort=circle.cohort, person=person, accept=True, now=now).status == "registered"
    )
    assert Enrolment.objects.filter(cohort=circle.cohort).exclude(status="withdrawn").count() == 8
    assert Cohort.objects.get().held == 0


@pytest.mark.parametrize("state", ["waiting", "offered", "asked"])
def test_whoever_waits_for_a_group_sees_it_and_takes_themselves_off(state, client, now):
    circle = make_circle(now, members=8, way_in="intake" if state == "asked" else "invitation")
    if state == "asked":
        person, after = PersonFactory(), PersonFactory()
        ask_to_join(cohort=circle.cohort, person=person, alias="Roos", now=now)
        ask_to_join(cohort=circle.cohort, person=after, alias="Maan", now=now)
    else:
        person, after = (
            accepted(circle, email, now)[0] for email in ("laat@example.org", "later@example.org")
        )
    if state == "offered":
        leave_group(enrolment=circle.members[0], now=timezone.now())
    client.force_login(person)
    address = reverse("group_offer", args=[circle.cohort.pk])
    page = client.get(reverse("leerplek")).text
    assert (page.count(f'action="{address}"'), ('name="off"' in page)) == (1, state != "offered")
    off = client.post(address, {"off": "yes"}, follow=True)
    # An invitation works once; asking for a talk goes on.
    again = (
        "Je mag altijd opnieuw vragen."
        if state == "asked"
        else "Wil je toch een plaats? Vraag het aan wie je uitnodigde."
    )
    assert f"Je staat niet meer op de lijst. {again}" in off.text
    assert GroupPlace.objects.get(person=person).status == "cancelled"
    assert f'action="{address}"' not in client.get(reverse("leerplek")).text
    assert client.post(address, {"off": "yes"}).status_code == 404
    # Whoever stood behind them moves up.
    assert GroupPlace.objects.get(person=after).status == ("offered" if state == "offered" else state)


@pytest.mark.parametrize(("others", "said"), [(0, "hij is nog vrij."), (1, "nu heeft iemand anders hem.")])
def test_who_is_too_late_for_a_place_by_invitation_asks_who_invited_them(
    client, now, time_machine, others, said
):
    circle = make_circle(now, members=8)
    person, _invitation, _place = accepted(circle, "laat@example.org", now)
    for number in range(others):
        accepted(circle, f"later-{number}@example.org", now)
    leave_group(enrolment=circle.members[0], now=now)
    time_machine.move_to(now + OFFER_STANDS, tick=False)
    client.force_login(person)
    address = reverse("group_offer", args=[circle.cohort.pk])
    page = client.post(address, {"accept": "yes"}, follow=True).text
    assert f"{said} Wil je toch een plaats? Vraag het aan wie je uitnodigde." in page


def test_saying_yes_without_an_offer_gives_no_place_and_being_in_is_left_by_another_door(client, now):
    circle = make_circle(now, members=8)
    person, _invitation, place = accepted(circle, "laat@example.org", now)
    client.force_login(person)
    assert client.post(reverse("group_offer", args=[circle.cohort.pk]), {"accept": "yes"}).status_code == 302
    place.refresh_from_db()
    assert (place.status, Enrolment.objects.filter(learner=person).count()) == ("waiting", 0)
    (inside, _invitation, _place) = accepted(make_circle(now, members=0), "in@example.org", now)
    client.force_login(inside)
    cohort = Enrolment.objects.get(learner=inside).cohort_id
    assert client.post(reverse("group_offer", args=[cohort]), {"off": "yes"}).status_code == 404


def test_a_place_on_offer_in_a_group_cannot_be_enrolled_into_by_others(now):
    circle = make_circle(now, members=8, way_in="open")
    accepted(circle, "laat@example.org", now)
    leave_group(enrolment=circle.members[0], now=now)
    with pytest.raises(GroupFull):
        enrol(learner=PersonFactory(), course=circle.course, cohort=circle.cohort, alias="Snel", now=now)


def test_places_that_are_added_go_to_who_waits(now):
    circle = make_circle(now, members=8)
    _person, _invitation, place = accepted(circle, "laat@example.org", now)
    keep_group(cohort=circle.cohort, trainers=[circle.trainer], capacity=9, now=now)
    place.refresh_from_db()
    assert place.status == "offered"


def test_of_an_intake_only_the_outcome_is_kept(now):
    circle = make_circle(now, way_in="intake")
    person = PersonFactory()
    ask_to_join(cohort=circle.cohort, person=person, alias="Linde", now=now)
    assert Enrolment.objects.filter(learner=person).count() == 0
    asked = {"cohort": circle.cohort, "person_id": person.pk, "by": circle.trainer, "now": now}
    place = decide_on_intake(welcome=False, **asked)
    assert (place.status, place.decided_by, place.decided_at) == ("not_yet", circle.trainer, now)
    place = decide_on_intake(welcome=True, **asked)
    assert (place.status, Enrolment.objects.get(learner=person).alias) == ("registered", "Linde")
    assert decide_on_intake(welcome=False, **asked) is None
    assert {field.name for field in GroupPlace._meta.get_fields()} == {
        "id",
        "person",
        "status",
        "position",
        "offer_expires_at",
        "created_at",
        "changed_at",
        "cohort",
        "alias",
        "decided_at",
        "decided_by",
    }


def test_a_group_with_a_record_cannot_be_deleted(circle):
    from django.db.models import ProtectedError

    with pytest.raises(ProtectedError):
        circle.cohort.delete()
    assert Cohort.objects.count() == 1


def test_a_place_kept_for_somebody_who_was_erased_comes_free(now):
    circle = make_circle(now, members=8)
    person, _invitation, _place = accepted(circle, "laat@example.org", now)
    leave_group(enrolment=circle.members[0], now=now)
    assert erase_person(user=person, now=now).traces == []
    assert Cohort.objects.get().held == 1
    let_offers_run_out(now=now)
    assert Cohort.objects.get().held == 0
