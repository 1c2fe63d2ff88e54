"""A group that is put away: what stops with it, and what comes back when it is taken back."""

from datetime import timedelta

import pytest
from django.urls import reverse

from courses.models import Cohort, Enrolment
from meetings.flows import (
    answer_group_offer,
    ask_to_join,
    decide_on_intake,
    invite,
    leave_group,
    let_offers_run_out,
    remind,
    wait_for_group,
    write_attendance,
)
from meetings.flows.groups import put_group_away, take_group_back
from meetings.models import GroupPlace, Invitation, Meeting
from meetings.queries.agenda import coming, led, session_meetings
from meetings.queries.leading import at_hand
from meetings.services.attendance import Mark
from meetings.services.invitations import read_list
from meetings.services.places import PlaceRefused
from people.models import OutboxMessage
from tests.factories import PersonFactory
from tests.meetings.conftest import events_at, feed_address, make_circle

pytestmark = pytest.mark.django_db


@pytest.fixture
def put_away(client, circle, time_machine):
    """After the fourth meeting, at a moment at which the fifth is still to come."""
    time_machine.move_to(circle.meetings[3].ends_at, tick=False)
    client.force_login(circle.trainer)
    address = reverse("archive_group", args=[circle.cohort.pk])
    asked = client.get(address).text
    assert "5 bijeenkomsten die nog komen, gaan niet door." in asked
    assert not Cohort.objects.exclude(archived_at=None).exists()
    assert client.post(address)["Location"] == reverse("groups")
    assert client.get(address)["Location"] == reverse("group", args=[circle.cohort.pk])
    return circle.cohort


def test_a_group_that_is_put_away_meets_no_more_and_its_people_are_told(client, circle, put_away):
    off = Meeting.objects.exclude(cancelled_at=None).order_by("starts_at")
    assert list(off) == circle.meetings[4:]
    told = OutboxMessage.objects.filter(kind="cancelled", recipient__in=circle.people)
    assert told.count() == 3 * 5
    assert coming(circle.people[0], now=circle.meetings[3].ends_at) == []
    assert Enrolment.objects.count() == 3


def test_nobody_is_invited_into_a_group_that_is_put_away_until_it_is_taken_back(client, circle, put_away):
    page, address = (reverse(name, args=[put_away.pk]) for name in ("group", "invite"))
    assert address not in client.get(page).text
    for response in (
        client.get(address, follow=True),
        client.post(address, {"addresses": "anna@example.org", "confirm": "yes"}, follow=True),
    ):
        assert "Deze groep is opgeborgen, er komt niemand meer bij. Haal hem eerst terug." in response.text
    assert Invitation.objects.count() == 0
    client.post(reverse("take_group_back", args=[put_away.pk]))
    assert address in client.get(page).text
    client.post(address, {"addresses": "anna@example.org", "confirm": "yes"})
    assert Invitation.objects.count() == 1
    assert Meeting.objects.exclude(cancelled_at=None).count() == 5


def test_an_invitation_that_waits_is_not_sent_where_its_group_is_put_away(client, circle, now):
    emails = ["sent@example.org", "waits@example.org", "fails@example.org"]
    invite(cohort=circle.cohort, emails=emails, by=circle.trainer, now=now)
    other = make_circle(now, members=1)
    invite(cohort=other.cohort, emails=["elders@example.org"], by=other.trainer, now=now)
    mails = dict(OutboxMessage.objects.values_list("address", "pk"))
    for address, state in (("sent@example.org", "sent"), ("fails@example.org", "dead")):
        OutboxMessage.objects.filter(pk=mails[address]).update(state=state)
    put_group_away(cohort=circle.cohort, by=circle.trainer, now=now)
    kept = {address: OutboxMessage.objects.get(pk=pk) for address, pk in mails.items()}
    assert {address: (mail.state, bool(mail.text)) for address, mail in kept.items()} == {
        "sent@example.org": ("sent", True),
        "waits@example.org": ("withheld", False),
        "fails@example.org": ("withheld", False),
        "elders@example.org": ("waiting", True),
    }
    # The link that was sent works when the group is back; who got no mail can be invited.
    take_group_back(cohort=circle.cohort, now=now)
    report = read_list("\n".join(emails), cohort=circle.cohort)
    assert [line.verdict for line in report.lines] == ["invited", "ok", "ok"]
    assert invite(cohort=circle.cohort, emails=report.emails, by=circle.trainer, now=now) == 2
    assert OutboxMessage.objects.filter(state="waiting", address__in=emails).count() == 2


def test_an_offer_that_waits_is_not_sent_where_its_group_is_put_away(now, circle):
    offered = {}
    for one in (circle, make_circle(now)):
        Cohort.objects.filter(pk=one.cohort.pk).update(capacity=3)
        place = wait_for_group(cohort=one.cohort, person=PersonFactory(), alias="Linde", now=now)
        leave_group(enrolment=one.members[0], now=now)
        offered[one.cohort] = place.person
    put_group_away(cohort=circle.cohort, by=circle.trainer, now=now)
    states = OutboxMessage.objects.filter(kind="offer").values_list("recipient", "state")
    assert dict(states) == dict(
        zip([person.pk for person in offered.values()], ["withheld", "waiting"], strict=True)
    )


def test_who_was_offered_a_place_has_it_offered_anew_when_the_group_is_taken_back(
    client, circle, now, time_machine
):
    """One offer is sent, one waits for a safe hour, one has run out; two wait behind them."""
    cohort, members = circle.cohort, circle.members
    Cohort.objects.filter(pk=cohort.pk).update(capacity=3)
    people = [PersonFactory() for _each in range(5)]
    places = [wait_for_group(cohort=cohort, person=each, alias="Linde", now=now) for each in people]

    def stands():
        found = GroupPlace.objects.filter(cohort=cohort).order_by("pk")
        return list(found.values_list("status", "position"))

    for member, hours in zip(members, (0, 30, 40), strict=True):
        leave_group(enrolment=member, now=now + timedelta(hours=hours))
    OutboxMessage.objects.filter(kind="offer", recipient=people[1]).update(state="sent")
    away = now + timedelta(hours=50)
    put_group_away(cohort=cohort, by=circle.trainer, now=away)
    assert stands() == [("expired", None), *(("waiting", turn) for turn in (1, 2, 6, 7))]
    assert Cohort.objects.get(pk=cohort.pk).held == 0
    assert let_offers_run_out(now=away + timedelta(days=9)) == 0
    back = away + timedelta(days=10)
    time_machine.move_to(back, tick=False)
    client.force_login(circle.trainer)
    client.post(reverse("take_group_back", args=[cohort.pk]))
    # Three places are free: those who had an offer have one again, and so has who was next.
    assert stands() == [("expired", None), *[("offered", None)] * 3, ("waiting", 7)]
    assert Cohort.objects.get(pk=cohort.pk).held == 3
    told = OutboxMessage.objects.filter(kind="offer", created_at=back)
    assert set(told.values_list("recipient", "state")) == {(each.pk, "waiting") for each in people[1:4]}
    places[2].refresh_from_db()
    assert places[2].offer_expires_at == back + timedelta(hours=48)
    answer_group_offer(cohort=cohort, person=people[2], accept=True, now=back + timedelta(hours=47))
    assert Enrolment.objects.filter(cohort=cohort, learner=people[2]).exists()


def test_of_who_was_offered_a_place_the_first_has_the_one_that_is_left(circle, now):
    cohort = circle.cohort
    Cohort.objects.filter(pk=cohort.pk).update(capacity=3)
    people = [PersonFactory() for _each in range(3)]
    for person in people:
        wait_for_group(cohort=cohort, person=person, alias="Linde", now=now)
    for member in circle.members[:2]:
        leave_group(enrolment=member, now=now)
    put_group_away(cohort=cohort, by=circle.trainer, now=now)
    Cohort.objects.filter(pk=cohort.pk).update(capacity=2)
    take_group_back(cohort=cohort, now=now + timedelta(hours=1))
    statuses = dict(GroupPlace.objects.values_list("person", "status"))
    assert [statuses[person.pk] for person in people] == ["offered", "waiting", "waiting"]


def test_a_group_put_away_offers_no_place_and_reminds_of_nothing(now, circle):
    """Also where its meetings stand: it was put away before they were called off with it."""
    Cohort.objects.filter(pk=circle.cohort.pk).update(capacity=3)
    waits = wait_for_group(cohort=circle.cohort, person=PersonFactory(), alias="Linde", now=now)
    Cohort.objects.filter(pk=circle.cohort.pk).update(archived_at=now)
    leave_group(enrolment=circle.members[0], now=now)
    waits.refresh_from_db()
    assert waits.status == "waiting"
    assert remind(now=circle.meetings[0].starts_at - timedelta(hours=1)) == 0
    assert OutboxMessage.objects.count() == 0


def test_what_was_to_come_of_a_group_put_away_before_it_was_called_off_with_it_is_off_too(
    client, circle, time_machine
):
    held, begun, fifth = circle.meetings[3:6]
    now = held.ends_at
    time_machine.move_to(now, tick=False)
    person, trainer = circle.people[0], circle.trainer
    write_attendance(meeting=begun, marks=[Mark(person.pk, "present")], by=trainer, now=begun.starts_at)
    calendars = [feed_address(each, now) for each in (person, trainer)]
    page = reverse("meeting", args=[fifth.pk])

    def seen():
        """Of the meetings that have not ended: what comes and what is led, what is at hand; of all: what calendars hold."""
        return (
            [each.meeting for each in coming(person, now=now)],
            [each.meeting for each in led(trainer, now=now)],
            at_hand(trainer, now=now).following,
            [len(events_at(each)) for each in calendars],
            len(session_meetings(Enrolment.objects.get(pk=circle.members[0].pk))),
        )

    everything = (circle.meetings[4:], circle.meetings[4:], begun, [9, 9], 9)
    assert seen() == everything
    Cohort.objects.filter(pk=circle.cohort.pk).update(archived_at=now)
    # What took place, and where somebody was there already, is as before.
    assert seen() == ([begun], [begun], begun, [5, 5], 5)
    client.force_login(person)
    assert f"<b>{fifth.starts_at.day}</b>" not in client.get(reverse("leerplek")).text
    shown = client.get(page).text
    assert ("Deze bijeenkomst gaat niet door." in shown, "Ik kan niet komen" in shown) == (True, False)
    take_group_back(cohort=circle.cohort, now=now)
    assert seen() == everything
    shown = client.get(page).text
    assert ("Deze bijeenkomst gaat niet door." in shown, "Ik kan niet komen" in shown) == (False, True)


def test_no_intake_talk_is_decided_in_a_group_that_is_put_away(client, now):
    circle = make_circle(now, members=1, way_in="intake")
    person = PersonFactory()
    ask_to_join(cohort=circle.cohort, person=person, alias="Linde", now=now)
    put_group_away(cohort=circle.cohort, by=circle.trainer, now=now)
    client.force_login(circle.trainer)
    group, address = (
        reverse("group", args=[circle.cohort.pk]),
        reverse("intake", args=[circle.cohort.pk, person.pk]),
    )
    assert ("Linde" in client.get(group).text, address in client.get(group).text) == (True, False)
    for landed in (
        client.get(address, follow=True),
        client.post(address, {"outcome": "welcome"}, follow=True),
    ):
        assert landed.redirect_chain == [(group, 302)]
        assert "Deze groep is opgeborgen, er komt niemand meer bij. Haal hem eerst terug." in landed.text
    # It was put away while somebody had the talk's page open.
    for welcome in (True, False):
        with pytest.raises(PlaceRefused, match="Haal hem eerst terug"):
            decide_on_intake(
                cohort=circle.cohort, person_id=person.pk, welcome=welcome, by=circle.trainer, now=now
            )
    assert GroupPlace.objects.get(person=person).status == "asked"
    assert (Enrolment.objects.count(), OutboxMessage.objects.filter(kind="intake").count()) == (1, 0)
    take_group_back(cohort=circle.cohort, now=now)
    client.post(address, {"outcome": "welcome"})
    assert GroupPlace.objects.get(person=person).status == "registered"
