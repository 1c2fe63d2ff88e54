"""No meeting comes to lie in the past unasked: planned, planned again, moved, or moved along."""

from datetime import date, datetime, time, timedelta

import pytest
from django.urls import reverse

from meetings.flows import cancel_and_tell, change_and_tell
from meetings.models import Meeting
from meetings.rules import at_home
from meetings.services.planning import PlanningRefused, plan_meetings, state_of
from people.models import OutboxMessage
from people.rules import HOME
from tests.factories import OrganisationFactory
from tests.meetings.browsing import browser_of, stands_in

pytestmark = pytest.mark.django_db

PAST = "Deze dag is al geweest. Kies vandaag of een latere dag."
LONG_AGO = "Deze dag is te lang geleden."


@pytest.fixture(autouse=True)
def _frozen(time_machine, now):
    time_machine.move_to(now, tick=False)


def moments():
    return list(Meeting.objects.order_by("starts_at").values_list("starts_at", flat=True))


OPEN = {"kind": "theme", "title": "Thema", "discreet_title": "Avondcursus", "clock": "09:00", "minutes": "60"}


@pytest.mark.parametrize(
    ("day", "status"), [("2021-11-26", 422), ("2026-11-19", 422), ("2026-11-20", 302)], ids=str
)
@pytest.mark.parametrize("where", ["plan_meeting", "plan_in_group", "plan_again"])
def test_a_new_meeting_is_today_or_later_also_earlier_today(circle, time_machine, where, day, status):
    time_machine.move_to(datetime(2026, 11, 20, 17, 0, tzinfo=HOME), tick=False)
    meeting = circle.meetings[8]
    if where == "plan_again":
        cancel_and_tell(meeting=meeting, by=circle.trainer, now=datetime.now(tz=HOME))
        OutboxMessage.objects.all().delete()
    place = {"plan_meeting": [], "plan_in_group": [circle.cohort.pk]}.get(where, [meeting.pk])
    trainer = browser_of(circle.trainer)
    address, before = reverse(where, args=place), moments()
    response = trainer.post(address, stands_in(trainer.get(address).text) | OPEN | {"day": day})
    assert (response.status_code, PAST in response.text) == (status, status == 422)
    assert (moments() == before) == (status == 422)
    # Nobody is called to what was this morning.
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize(("day", "clock"), [("2021-11-26", "19:00"), ("2026-11-26", "15:59")], ids=str)
def test_what_people_still_come_to_moves_to_no_moment_that_is_gone(circle, time_machine, day, clock):
    meeting = circle.meetings[0]
    time_machine.move_to(meeting.starts_at - timedelta(hours=3), tick=False)
    trainer = browser_of(circle.trainer)
    address, before = reverse("change_meeting", args=[meeting.pk]), moments()
    filled = stands_in(trainer.get(address).text)
    refused = trainer.post(address, filled | {"day": day, "clock": clock})
    said = "Dit moment is al geweest. Kies er een dat nog moet komen."
    assert (refused.status_code, said in refused.text, moments() == before) == (422, True, True)
    # Later that day it may begin earlier than it would.
    assert trainer.post(address, filled | {"clock": "18:00", "later": "stay"}).status_code == 302


def test_what_has_begun_is_put_right_up_to_two_weeks_back(circle, time_machine):
    meeting = circle.meetings[8]
    time_machine.move_to(meeting.ends_at + timedelta(days=3), tick=False)
    trainer = browser_of(circle.trainer)
    address, had = reverse("change_meeting", args=[meeting.pk]), date(2027, 1, 21)
    for days, status in ((5 * 365, 422), (15, 422), (14, 302)):
        day = (had - timedelta(days=days)).isoformat()
        response = trainer.post(address, stands_in(trainer.get(address).text) | {"day": day})
        assert (response.status_code, LONG_AGO in response.text) == (status, status == 422)
    meeting.refresh_from_db()
    assert meeting.starts_at == at_home(date(2027, 1, 7), time(19))


def test_what_lies_behind_can_get_another_place(circle, time_machine):
    meeting = circle.meetings[0]
    time_machine.move_to(meeting.ends_at + timedelta(days=60), tick=False)
    trainer, address = browser_of(circle.trainer), reverse("change_meeting", args=[meeting.pk])
    assert (
        trainer.post(address, stands_in(trainer.get(address).text) | {"place": "Zaal 7"}).status_code == 302
    )


def test_nothing_that_is_still_to_come_moves_along_into_the_past(circle, time_machine):
    first, second = circle.meetings[:2]
    time_machine.move_to(second.starts_at - timedelta(hours=2), tick=False)
    trainer = browser_of(circle.trainer)
    address, before = reverse("change_meeting", args=[first.pk]), moments()
    asks = trainer.post(address, stands_in(trainer.get(address).text) | {"day": "2026-11-25"})
    refused = trainer.post(address, stands_in(asks.text) | {"later": "along"})
    assert (refused.status_code, "Verschuif alleen deze." in refused.text, moments()) == (409, True, before)
    trainer.post(address, stands_in(asks.text) | {"later": "stay"})
    assert moments() == [before[0] - timedelta(days=1), *before[1:]]


def test_no_other_door_plans_or_moves_into_the_past(circle, now):
    long_ago = now - timedelta(days=1)
    with pytest.raises(PlanningRefused, match="al geweest"):
        plan_meetings(
            moments=[now, long_ago],
            minutes=60,
            leaders=[],
            now=now,
            kind="theme",
            title="Thema",
            discreet_title="Avond",
            organisation=OrganisationFactory(),
        )
    with pytest.raises(PlanningRefused, match="nog moet komen"):
        change_and_tell(
            meeting=circle.meetings[0],
            state=state_of(circle.meetings[0]),
            by=circle.trainer,
            now=now,
            starts_at=long_ago,
            ends_at=now,
        )
    assert moments() == [each.starts_at for each in circle.meetings]


# --- what is said of it ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("clock", "count", "said"),
    [
        ("09:00", "1", "Er is 1 bijeenkomst gepland."),
        ("18:00", "1", "De bijeenkomst is gepland. Wie in de groep zit, krijgt een bericht."),
        ("09:00", "2", "Er zijn 2 bijeenkomsten gepland. Wie in de groep zit, krijgt een bericht."),
    ],
)
def test_who_plans_in_a_group_reads_whether_anybody_is_told(circle, time_machine, clock, count, said):
    time_machine.move_to(datetime(2026, 11, 20, 17, 0, tzinfo=HOME), tick=False)
    trainer, address = browser_of(circle.trainer), reverse("plan_in_group", args=[circle.cohort.pk])
    filled = stands_in(trainer.get(address).text) | OPEN
    filled |= {"day": "2026-11-20", "clock": clock, "count": count, "every": "1"}
    page = trainer.post(address, filled, follow=True).text
    is_told = OutboxMessage.objects.filter(kind="planned").exists()
    assert (said in page, "krijgt een bericht" in page) == (True, is_told)


@pytest.mark.parametrize(
    ("minutes", "later", "said"),
    [
        (-1, "stay", "Bewaard. Wie naar deze bijeenkomst komt, krijgt een bericht."),
        (1, "stay", "Bewaard."),
        (1, "along", "Bewaard. Wie naar deze 7 bijeenkomsten komt, krijgt een bericht."),
    ],
)
def test_who_changes_what_has_begun_reads_whether_anybody_is_told(circle, time_machine, minutes, later, said):
    """Moved along with it are those that are still to come."""
    time_machine.move_to(circle.meetings[1].starts_at + timedelta(minutes=minutes), tick=False)
    trainer, address = browser_of(circle.trainer), reverse("change_meeting", args=[circle.meetings[1].pk])
    filled = stands_in(trainer.get(address).text) | {"minutes": "160", "later": later}
    page = trainer.post(address, filled, follow=True).text
    is_told = OutboxMessage.objects.filter(kind="moved").exists()
    assert (said in page, "krijgt een bericht" in page) == (True, is_told)
