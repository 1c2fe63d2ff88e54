"""Offers that are gone: the meeting is off, it ran out, or the meeting is meant for others by now."""

from datetime import timedelta

import pytest
from django.urls import reverse

from meetings.flows import (
    answer_meeting_offer,
    cancel_and_tell,
    change_and_tell,
    let_offers_run_out,
    register,
    take_off,
)
from meetings.models import Meeting, Registration
from meetings.queries.agenda import awaited_by, open_meetings
from meetings.rules import OFFER_STANDS
from meetings.services.planning import state_of
from people.models import OutboxMessage
from tests.factories import MeetingFactory, PersonFactory
from tests.meetings.browsing import browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

OFF = "Deze bijeenkomst gaat niet door."


@pytest.fixture
def offered(now):
    """A meeting with two places: Anna is in, Bert has an offer, Cora waits, and Dirk took himself off."""
    meeting = MeetingFactory(capacity=2)
    dirk, anna, bert, cora = people = [PersonFactory(alias=name) for name in ("Dirk", "Anna", "Bert", "Cora")]
    for person in people:
        register(meeting=meeting, person=person, now=now)
    take_off(meeting=meeting, person=dirk, now=now)
    return meeting, anna, bert, cora, dirk


def standing(meeting):
    return dict(Registration.objects.filter(meeting=meeting).values_list("person__alias", "status"))


def told(kind):
    return set(OutboxMessage.objects.filter(kind=kind).values_list("recipient__alias", flat=True))


def answer(meeting, person, how="accept"):
    return browser_of(person).post(reverse("meeting_offer", args=[meeting.pk]), {how: "yes"}, follow=True)


# --- called off -----------------------------------------------------------------------------------------------------
def test_calling_off_ends_offers_and_turns_and_tells_who_had_them(offered, now):
    meeting, _anna, bert, cora, _dirk = offered
    assert [each.host for each in awaited_by(bert, now=now).offers] == [meeting]
    cancel_and_tell(meeting=meeting, by=PersonFactory(), now=now)
    assert standing(meeting) == {
        "Anna": "registered",
        "Bert": "cancelled",
        "Cora": "cancelled",
        "Dirk": "cancelled",
    }
    # Dirk would not have come.
    assert told("cancelled") == {"Anna", "Bert", "Cora"}
    offer = OutboxMessage.objects.get(kind="offer")
    assert (offer.recipient, offer.state, offer.text) == (bert, "withheld", "")
    assert let_offers_run_out(now=now + OFFER_STANDS) == 0
    for person in (bert, cora):
        assert (awaited_by(person, now=now).offers, open_meetings(person, now=now)) == ([], [])
        for page in (reverse("leerplek"), reverse("agenda"), reverse("meeting", args=[meeting.pk])):
            assert reverse("meeting_offer", args=[meeting.pk]) not in browser_of(person).get(page).text


def test_who_calls_off_what_they_wait_for_themselves_is_not_told(offered, now):
    meeting, _anna, bert, *_others = offered
    cancel_and_tell(meeting=meeting, by=bert, now=now)
    assert told("cancelled") == {"Anna", "Cora"}


def test_calling_off_what_has_begun_ends_turns_and_tells_nobody(offered):
    meeting = offered[0]
    cancel_and_tell(meeting=meeting, by=PersonFactory(), now=meeting.starts_at)
    assert (standing(meeting)["Cora"], told("cancelled")) == ("cancelled", set())


def test_the_message_leads_to_a_page_also_where_it_was_meant_for_others_by_then(offered, now):
    meeting, _anna, bert, cora, _dirk = offered
    Meeting.objects.update(audience="professionals")
    cancel_and_tell(meeting=meeting, by=PersonFactory(), now=now)
    page = reverse("meeting", args=[meeting.pk])
    for person in (bert, cora):
        assert OFF in browser_of(person).get(page).text
    assert browser_of(PersonFactory()).get(page).status_code == 404


def test_who_was_taken_off_a_closed_list_does_not_see_it_again_when_it_is_off(now):
    meeting, person = MeetingFactory(kind="support", closed_list=True), PersonFactory()
    Registration.objects.create(
        meeting=meeting, person=person, status="cancelled", created_at=now, changed_at=now
    )
    cancel_and_tell(meeting=meeting, by=PersonFactory(), now=now)
    assert browser_of(person).get(reverse("meeting", args=[meeting.pk])).status_code == 404


def test_an_offer_that_stood_when_a_meeting_was_called_off_before_is_shown_and_passed_on_no_more(
    offered, now
):
    """Offers of meetings that were called off in earlier versions stand still."""
    meeting, _anna, bert, _cora, _dirk = offered
    Meeting.objects.update(cancelled_at=now)
    assert awaited_by(bert, now=now).offers == []
    shown = browser_of(bert).get(reverse("meeting", args=[meeting.pk])).text
    assert reverse("meeting_offer", args=[meeting.pk]) not in shown
    # As the answer, and on the page.
    assert answer(meeting, bert).text.count(OFF) == 2
    answer(meeting, bert, "decline")
    assert (standing(meeting)["Cora"], told("offer")) == ("waiting", {"Bert"})


# --- moved ----------------------------------------------------------------------------------------------------------
def test_who_waits_or_is_offered_a_place_hears_of_a_move(offered, now):
    meeting = offered[0]
    starts_at = meeting.starts_at + timedelta(days=1)
    change_and_tell(
        meeting=meeting,
        state=state_of(meeting),
        by=PersonFactory(),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        now=now,
    )
    assert told("moved") == {"Anna", "Bert", "Cora"}


# --- pressed too late -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("off", [True, False], ids=["called off", "declined in another tab"])
def test_an_offer_that_is_gone_of_a_meeting_for_others_gives_words_and_a_page(offered, now, off):
    meeting, _anna, bert, *_others = offered
    Meeting.objects.update(audience="professionals", region="Ede")
    if off:
        cancel_and_tell(meeting=meeting, by=PersonFactory(), now=now)
    else:
        answer_meeting_offer(meeting=meeting, person=bert, accept=False, now=now)
    landed = answer(meeting, bert)
    said = landed.text.count(OFF), landed.text.count("Er staat geen plaats meer voor je klaar.")
    assert (landed.status_code, said) == (200, (2, 0) if off else (0, 1))
    address = reverse("meeting_offer", args=[meeting.pk])
    assert browser_of(PersonFactory()).post(address, {"accept": "yes"}).status_code == 404


KEPT, AGAIN = "Deze plaats hielden we een tijd vast; ", "Je mag opnieuw vragen."


@pytest.mark.parametrize("for_others", [False, True])
@pytest.mark.parametrize("next_waits", [False, True])
def test_who_is_too_late_reads_whether_the_place_is_free(offered, now, time_machine, next_waits, for_others):
    meeting, _anna, bert, cora, _dirk = offered
    if not next_waits:
        take_off(meeting=meeting, person=cora, now=now)
    if for_others:
        Meeting.objects.update(audience="professionals")
    time_machine.move_to(now + OFFER_STANDS, tick=False)
    page = answer(meeting, bert).text
    said = KEPT + ("nu heeft iemand anders hem." if next_waits else "hij is nog vrij.")
    assert (said in page, AGAIN in page) == (True, not for_others)
    assert standing(meeting)["Bert"] == "expired"


def test_who_is_too_late_for_what_has_begun_reads_so_and_nobody_is_offered_the_place(offered, time_machine):
    meeting, _anna, bert, *_others = offered
    time_machine.move_to(meeting.starts_at, tick=False)
    page = answer(meeting, bert).text
    assert ("Deze bijeenkomst is al begonnen." in page, KEPT in page) == (True, False)
    assert standing(meeting)["Cora"] == "waiting"
