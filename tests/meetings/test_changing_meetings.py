"""Changing a meeting through the forms that people fill in, sent as a browser would send them."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail.test.utils.form_data import querydict_from_html

from meetings.flows import cancel_and_tell, change_and_tell, plan_again_and_tell, register, write_attendance
from meetings.models import Meeting
from meetings.services.attendance import Mark
from meetings.services.planning import PlanningRefused, archive_group, plan_again, state_of
from people.models import OutboxMessage
from tests.factories import MeetingFactory, PersonFactory
from tests.meetings.conftest import browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def stands_in(page):
    """What the form of a meeting sends if nobody touches it."""
    form = BeautifulSoup(page, "html.parser").find("input", {"name": "day"}).find_parent("form")
    return querydict_from_html(str(form)).dict()


@pytest.fixture
def theme():
    """A theme meeting and who leads it."""
    meeting, leader = MeetingFactory(), PersonFactory()
    meeting.leaders.add(leader)
    return meeting, leader


def lengths():
    return [meeting.minutes for meeting in Meeting.objects.order_by("starts_at")]


# --- how long it lasts ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("later", "becomes"), [("stay", [150] * 7 + [120, 150]), ("along", [150] * 7 + [120] * 2)]
)
def test_a_groups_meeting_gets_another_length_alone_or_with_those_after_it(circle, later, becomes):
    client, address = browser_of(circle.trainer), reverse("change_meeting", args=[circle.meetings[7].pk])
    asks = client.post(address, stands_in(client.get(address).text) | {"minutes": "120"})
    assert (asks.status_code, lengths()) == (200, [150] * 9)
    said = "Deze bijeenkomst eindigde om 21.30 uur en eindigt nu om 21.00 uur."
    assert (said in asks.text, asks.text.count("<s>")) == (True, 0)
    response = client.post(address, stands_in(asks.text) | {"later": later})
    assert response["Location"] == reverse("group", args=[circle.cohort.pk])
    assert lengths() == becomes


def test_a_meeting_without_a_group_gets_another_length(theme):
    meeting, leader = theme
    client, address = browser_of(leader), reverse("change_meeting", args=[meeting.pk])
    response = client.post(address, stands_in(client.get(address).text) | {"minutes": "90"})
    assert (response["Location"], lengths()) == (reverse("meeting", args=[meeting.pk]), [90])
    assert Meeting.objects.get().ends_at == meeting.starts_at + timedelta(minutes=90)


# --- what has taken place -------------------------------------------------------------------------------------------
def written_down(circle, number, *statuses):
    """A meeting of the group with who was there, half an hour after it began."""
    meeting = circle.meetings[number]
    marks = [Mark(person.pk, status) for person, status in zip(circle.people, statuses, strict=True)]
    moment = meeting.starts_at + timedelta(minutes=30)
    write_attendance(meeting=meeting, marks=marks, by=circle.trainer, now=moment)
    OutboxMessage.objects.all().delete()
    return meeting


STAYS = "Daarom blijven dag, tijd en duur zoals ze waren."
STANDS = "Er was iemand bij deze bijeenkomst. Daarom blijft die staan."


@pytest.mark.parametrize("changed", [{"day": "2027-02-04"}, {"clock": "20:00"}, {"minutes": "120"}], ids=str)
def test_when_it_was_stays_once_it_is_written_down_who_was_there(circle, changed, time_machine):
    meeting = written_down(circle, 0, "absent", "absent", "absent")
    time_machine.move_to(meeting.ends_at, tick=False)
    client, address = browser_of(circle.trainer), reverse("change_meeting", args=[meeting.pk])
    page = client.get(address).text
    assert STAYS in page
    for later in ({}, {"later": "along"}):
        refused = client.post(address, stands_in(page) | changed | later)
        assert (refused.status_code, STAYS in refused.text) == (409, True)
    assert list(Meeting.objects.order_by("starts_at").values_list("starts_at", flat=True)) == [
        each.starts_at for each in circle.meetings
    ]
    assert (lengths(), OutboxMessage.objects.count()) == ([150] * 9, 0)
    kept = client.post(address, stands_in(page) | {"place": "Utrecht, zaal 3"})
    meeting.refresh_from_db()
    assert (kept.status_code, meeting.place) == (302, "Utrecht, zaal 3")


def test_a_meeting_put_down_with_a_wrong_date_moves_and_what_was_written_down_does_not_move_along(
    circle, time_machine
):
    second = written_down(circle, 1, "present", "present", "absent")
    time_machine.move_to(second.ends_at, tick=False)
    first, third = circle.meetings[0], circle.meetings[2]
    client, address = browser_of(circle.trainer), reverse("change_meeting", args=[first.pk])
    asks = client.post(address, stands_in(client.get(address).text) | {"day": "2026-11-25"})
    assert asks.text.count("<s>") == 7
    client.post(address, stands_in(asks.text) | {"later": "along"})
    moved = [Meeting.objects.get(pk=each.pk).starts_at - each.starts_at for each in (first, second, third)]
    assert moved == [timedelta(days=-1), timedelta(0), timedelta(days=-1)]


@pytest.mark.parametrize(
    ("statuses", "stands"),
    [
        (("present", "absent", "absent"), True),
        (("absent", "late", "absent"), True),
        (("absent", "notice", "absent"), False),
    ],
    ids=str,
)
def test_what_somebody_was_at_is_not_called_off(circle, time_machine, statuses, stands):
    meeting = written_down(circle, 0, *statuses)
    time_machine.move_to(meeting.ends_at, tick=False)
    client, address = browser_of(circle.trainer), reverse("cancel_meeting", args=[meeting.pk])
    for page in (reverse("meeting", args=[meeting.pk]), reverse("change_meeting", args=[meeting.pk])):
        assert (f'href="{address}"' in client.get(page).text) != stands
    asked = client.get(address).text
    assert ("Ja, zeg af" in asked, STANDS in asked) == (not stands, stands)
    landed = client.post(address, follow=True)
    assert (STANDS in landed.text, "Wie zou komen, krijgt een bericht" in landed.text) == (stands, False)
    meeting.refresh_from_db()
    assert (meeting.cancelled_at is None, OutboxMessage.objects.count()) == (stands, 0)


def test_who_caught_up_with_a_meeting_keeps_it(circle, time_machine):
    meeting = written_down(circle, 0, "absent", "absent", "absent")
    time_machine.move_to(meeting.ends_at, tick=False)
    browser_of(circle.people[0]).post(reverse("caught_up", args=[meeting.pk]))
    browser_of(circle.trainer).post(reverse("cancel_meeting", args=[meeting.pk]))
    meeting.refresh_from_db()
    assert meeting.cancelled_at is None


def test_what_has_begun_is_called_off_only_with_a_word_about_it(circle, time_machine):
    meeting = circle.meetings[0]
    address, said = reverse("cancel_meeting", args=[meeting.pk]), "De bijeenkomst is al begonnen."
    for moment, begun in ((meeting.starts_at - timedelta(minutes=1), False), (meeting.starts_at, True)):
        time_machine.move_to(moment, tick=False)
        asked = browser_of(circle.trainer).get(address).text
        assert (said in asked, "Wie zou komen krijgt een bericht" in asked) == (begun, not begun)


# --- two at the same time -------------------------------------------------------------------------------------------
def test_who_comes_second_reads_what_holds_now_and_can_keep_what_they_filled_in(theme):
    meeting, leader = theme
    client, address = browser_of(leader), reverse("change_meeting", args=[meeting.pk])
    first, second = [stands_in(client.get(address).text) for _each in range(2)]
    client.post(address, first | {"day": "2026-12-01", "place": "Zaal 7"})
    refused = client.post(address, second | {"clock": "20:00"})
    assert (refused.status_code, "Iemand anders heeft deze bijeenkomst net veranderd." in refused.text) == (
        409,
        True,
    )
    now_stands = refused.text.partition("Zoals het nu staat")[2].partition("</section>")[0]
    assert ("1 december 2026" in now_stands, "Zaal 7" in now_stands) == (True, True)
    filled = stands_in(refused.text)
    meeting.refresh_from_db()
    assert filled == second | {"clock": "20:00", "state": state_of(meeting)}
    assert client.post(address, filled).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.sequence, meeting.place, meeting.starts_at.hour) == (2, "Zaal 2", 19)


def test_what_was_called_off_meanwhile_is_not_changed(theme):
    meeting, leader = theme
    client, address = browser_of(leader), reverse("change_meeting", args=[meeting.pk])
    filled = stands_in(client.get(address).text)
    client.post(reverse("cancel_meeting", args=[meeting.pk]))
    refused = client.post(address, filled | {"place": "Zaal 7"})
    assert (refused.status_code, "Deze bijeenkomst gaat niet door." in refused.text) == (409, True)
    assert "Zoals het nu staat" not in refused.text
    meeting.refresh_from_db()
    assert meeting.place == "Zaal 2"


# --- another day for what was called off ----------------------------------------------------------------------------
ONE_ALREADY = "Deze bijeenkomst kun je niet opnieuw plannen: er is er al een voor deze sessie."


@pytest.fixture
def off(circle, now):
    """The group's second meeting, called off."""
    Meeting.objects.filter(pk=circle.meetings[1].pk).update(place="Utrecht, zaal 9", discreet_title="Avond")
    cancel_and_tell(meeting=circle.meetings[1], by=circle.trainer, now=now)
    OutboxMessage.objects.all().delete()
    return Meeting.objects.get(pk=circle.meetings[1].pk)


def test_a_session_whose_meeting_was_called_off_gets_another_day_and_everybody_hears_of_it(circle, off):
    client, group = browser_of(circle.coordinator), reverse("group", args=[circle.cohort.pk])
    address = reverse("plan_again", args=[off.pk])
    assert client.get(group).text.count('/opnieuw/"') == 1
    assert f'href="{address}"' in client.get(reverse("meeting", args=[off.pk])).text
    landed = client.post(address, stands_in(client.get(address).text) | {"day": "2026-12-08"}, follow=True)
    assert (landed.redirect_chain, "De bijeenkomst is gepland." in landed.text) == ([(group, 302)], True)
    planned = Meeting.objects.standing().get(session=off.session)
    starts_at = off.starts_at + timedelta(days=5)
    same = (
        "kind",
        "organisation",
        "cohort",
        "title",
        "discreet_title",
        "place",
        "reminder_minutes",
        "minutes",
    )
    assert [getattr(planned, name) for name in same] == [getattr(off, name) for name in same]
    assert (planned.starts_at, planned.uid != off.uid, off.place) == (starts_at, True, "Utrecht, zaal 9")
    told = OutboxMessage.objects.values_list("kind", "recipient", "useless_from")
    assert set(told) == {("planned", each.pk, starts_at) for each in [*circle.people, circle.trainer]}
    assert "Er is een nieuwe afspraak: dinsdag 8 december" in OutboxMessage.objects.first().text
    # What is off keeps its line and gives its number to what came in its place; it is planned again once.
    headings = [
        heading.text.partition(":")[0]
        for heading in BeautifulSoup(landed.text, "html.parser").select(".dates h3")
    ]
    assert headings[:4] == ["Bijeenkomst 1", off.session.title, "Bijeenkomst 2", "Bijeenkomst 3"]
    assert landed.text.count('/opnieuw/"') == 0
    again = client.get(address, follow=True)
    assert (again.redirect_chain, ONE_ALREADY in again.text) == ([(group, 302)], True)
    assert Meeting.objects.standing().count() == 9


def test_a_session_of_which_two_meetings_are_off_is_planned_again_once(circle, off, now):
    second = plan_again(
        meeting=off, starts_at=off.starts_at + timedelta(days=1), minutes=150, now=now + timedelta(minutes=1)
    )
    cancel_and_tell(meeting=second, by=circle.trainer, now=now + timedelta(minutes=2))
    client, group = browser_of(circle.coordinator), reverse("group", args=[circle.cohort.pk])
    page = BeautifulSoup(client.get(group).text, "html.parser")
    offered = [link["href"] for link in page.select(".dates a") if "/opnieuw/" in link["href"]]
    assert offered == [reverse("plan_again", args=[second.pk])]
    headings = [heading.text.partition(":")[0] for heading in page.select(".dates h3")]
    assert headings[:4] == ["Bijeenkomst 1", off.session.title, "Bijeenkomst 2", "Bijeenkomst 3"]
    # The page of the first one is open still, filled in, when the second one is planned again.
    plan_again(meeting=second, starts_at=off.starts_at + timedelta(days=2), minutes=150, now=now)
    for each in (off, second):
        sent = client.post(reverse("plan_again", args=[each.pk]), {"day": "2026-12-08"}, follow=True)
        assert (sent.redirect_chain, ONE_ALREADY in sent.text) == ([(group, 302)], True)
        assert "Plan opnieuw" not in client.get(reverse("meeting", args=[each.pk])).text
    assert Meeting.objects.standing().filter(session=off.session).count() == 1


def test_what_took_place_is_not_offered_to_be_planned_again(circle, off, now, time_machine):
    held = plan_again(meeting=off, starts_at=now + timedelta(hours=1), minutes=150, now=now)
    time_machine.move_to(held.ends_at + timedelta(days=1), tick=False)
    client = browser_of(circle.trainer)
    assert '/opnieuw/"' not in client.get(reverse("group", args=[circle.cohort.pk])).text
    assert ONE_ALREADY in client.get(reverse("plan_again", args=[off.pk]), follow=True).text


def test_a_day_that_is_missing_is_asked_for_and_plans_nothing(circle, off):
    client, address = browser_of(circle.trainer), reverse("plan_again", args=[off.pk])
    assert client.post(address, stands_in(client.get(address).text)).status_code == 422
    assert (Meeting.objects.count(), OutboxMessage.objects.count()) == (9, 0)


def test_what_stands_or_is_in_a_group_that_was_put_away_is_not_planned_again(circle, off, now):
    client = browser_of(circle.trainer)
    group, address = reverse("group", args=[circle.cohort.pk]), reverse("plan_again", args=[off.pk])
    assert ONE_ALREADY in client.get(reverse("plan_again", args=[circle.meetings[2].pk]), follow=True).text
    assert browser_of(circle.people[0]).get(address).status_code == 404
    without_group = MeetingFactory(cancelled_at=now)
    without_group.leaders.add(circle.trainer)
    assert client.get(reverse("plan_again", args=[without_group.pk])).status_code == 404
    off.session.archived_at = now
    off.session.save()
    landed = client.get(address, follow=True)
    assert landed.redirect_chain == [(group, 302)]
    assert (
        "Deze bijeenkomst kun je niet opnieuw plannen: de sessie hoort niet meer bij de cursus."
        in landed.text
    )
    archive_group(cohort=circle.cohort, now=now)
    landed = client.get(address, follow=True)
    assert (landed.redirect_chain, "Haal hem eerst terug." in landed.text) == ([(group, 302)], True)
    assert '/opnieuw/"' not in client.get(group).text


def test_two_who_plan_the_same_session_again_plan_one_meeting(circle, off, now):
    plan = {"meeting": off, "starts_at": off.starts_at + timedelta(days=5), "minutes": 150, "now": now}
    plan_again(**plan)
    with pytest.raises(PlanningRefused):
        plan_again(**plan)
    assert Meeting.objects.standing().filter(session=off.session).count() == 1


def test_a_planned_meeting_that_moves_before_the_mail_is_sent_is_told_with_one_date(circle, off, now):
    later = off.starts_at + timedelta(days=5)
    planned = plan_again_and_tell(
        meeting=off, by=circle.trainer, starts_at=later, minutes=150, place="Zaal 2", now=now
    )
    change_and_tell(
        meeting=planned,
        state=state_of(planned),
        by=circle.trainer,
        starts_at=later + timedelta(days=1),
        ends_at=later + timedelta(days=1, minutes=150),
        now=now,
    )
    told = OutboxMessage.objects.values_list("kind", "state")
    assert sorted(told) == [("moved", "waiting")] * 3 + [("planned", "withheld")] * 3


# --- how many may come ----------------------------------------------------------------------------------------------
@pytest.fixture
def full(theme, now):
    """A theme meeting with two places, both taken, and two who wait."""
    meeting, leader = theme
    Meeting.objects.filter(pk=meeting.pk).update(capacity=2)
    people = [PersonFactory() for _each in range(4)]
    for person in people:
        register(meeting=meeting, person=person, now=now)
    return meeting, leader, people


def standing(meeting):
    return list(meeting.places.order_by("pk").values_list("status", flat=True))


@pytest.mark.parametrize(
    ("capacity", "becomes"),
    [
        ("3", ["registered"] * 2 + ["offered", "waiting"]),
        ("", ["registered"] * 2 + ["offered"] * 2),
        ("2", ["registered"] * 2 + ["waiting"] * 2),
    ],
)
def test_places_that_are_added_are_offered_to_who_waits(full, capacity, becomes):
    meeting, leader, people = full
    client, address = browser_of(leader), reverse("change_meeting", args=[meeting.pk])
    assert standing(meeting) == ["registered"] * 2 + ["waiting"] * 2
    response = client.post(address, stands_in(client.get(address).text) | {"capacity": capacity})
    assert (response.status_code, standing(meeting)) == (302, becomes)
    told = OutboxMessage.objects.values_list("kind", "recipient")
    assert set(told) == {
        ("offer", each.pk) for each, status in zip(people, becomes, strict=True) if status == "offered"
    }
    # What calendars show is the same: no new edition, and nobody hears of a change.
    meeting.refresh_from_db()
    assert (meeting.sequence, meeting.capacity) == (0, int(capacity) if capacity else None)


def test_nobody_loses_a_place_by_fewer_places(full):
    meeting, leader, _people = full
    client, address = browser_of(leader), reverse("change_meeting", args=[meeting.pk])
    refused = client.post(address, stands_in(client.get(address).text) | {"capacity": "1", "place": "Zaal 7"})
    assert (refused.status_code, "Er zijn al 2 plaatsen bezet of aangeboden." in refused.text) == (409, True)
    meeting.refresh_from_db()
    assert (meeting.capacity, meeting.place) == (2, "Zaal 2")


def test_a_groups_meeting_has_no_places_of_its_own(circle):
    client, address = browser_of(circle.trainer), reverse("change_meeting", args=[circle.meetings[0].pk])
    filled = stands_in(client.get(address).text)
    assert "capacity" not in filled
    client.post(address, filled | {"capacity": "1"})
    assert Meeting.objects.get(pk=circle.meetings[0].pk).capacity is None
