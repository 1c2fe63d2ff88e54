"""What a meeting is called and for whom it is, changed after people registered."""

import pytest
from django.urls import reverse

from meetings.flows import register
from meetings.models import Meeting, Registration
from meetings.queries.agenda import open_meetings
from people.models import OutboxMessage, Role
from people.services.roles import grant_role
from tests.factories import MeetingFactory, PersonFactory
from tests.meetings.browsing import browser_of, stands_in

pytestmark = pytest.mark.django_db

STAYS_IN = "Wie meedoet, wacht of een plek aangeboden kreeg, houdt die"


@pytest.fixture(autouse=True)
def _frozen(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def theme(now):
    """A theme meeting for everybody with one place: who leads it, who is in, and who waits."""
    meeting, leader, first, second = MeetingFactory(capacity=1), *(PersonFactory() for _each in range(3))
    meeting.leaders.add(leader)
    for person in (first, second):
        register(meeting=meeting, person=person, now=now)
    return meeting, leader, first, second


def test_narrowed_to_others_it_is_open_to_fewer_and_nobody_loses_a_place_or_turn(theme, now):
    meeting, leader, first, second = theme
    newcomer = PersonFactory()
    assert [each.meeting for each in open_meetings(newcomer, now=now)] == [meeting]
    client, address = browser_of(leader), reverse("change_meeting", args=[meeting.pk])
    page = client.get(address).text
    assert STAYS_IN in page
    response = client.post(address, stands_in(page) | {"audience": "professionals", "region": "Ede"})
    assert response["Location"] == reverse("meeting", args=[meeting.pk])
    meeting.refresh_from_db()
    # Nobody's calendar shows for whom it is: nobody is told of a change.
    assert (meeting.audience, meeting.region, meeting.sequence) == ("professionals", "Ede", 0)
    assert not OutboxMessage.objects.filter(kind="moved").exists()
    assert open_meetings(newcomer, now=now) == []
    assert browser_of(newcomer).get(reverse("meeting", args=[meeting.pk])).status_code == 404
    for person in (first, second):
        assert browser_of(person).get(reverse("meeting", args=[meeting.pk])).status_code == 200
    # The turn on the waiting list holds: the place that comes free is theirs to take.
    browser_of(first).post(reverse("come", args=[meeting.pk]), {"off": "yes"})
    browser_of(second).post(reverse("meeting_offer", args=[meeting.pk]), {"accept": "yes"})
    assert Registration.objects.get(person=second).status == "registered"


def test_another_title_is_another_edition_and_is_told(theme):
    meeting, leader, first, second = theme
    client, address = browser_of(leader), reverse("change_meeting", args=[meeting.pk])
    client.post(address, stands_in(client.get(address).text) | {"title": "Thema-avond: grenzen"})
    meeting.refresh_from_db()
    assert (meeting.title, meeting.sequence) == ("Thema-avond: grenzen", 1)
    assert {each.recipient for each in OutboxMessage.objects.filter(kind="moved")} == {first, second}
    assert "Thema-avond: grenzen" in browser_of(first).get(reverse("meeting", args=[meeting.pk])).text


@pytest.mark.parametrize(("field", "value"), [("title", ""), ("audience", "nobody"), ("region", "e" * 81)])
def test_what_cannot_be_kept_is_said_and_changes_nothing(theme, field, value):
    meeting, leader, *_people = theme
    client, address = browser_of(leader), reverse("change_meeting", args=[meeting.pk])
    refused = client.post(address, stands_in(client.get(address).text) | {field: value})
    assert refused.status_code == 422
    before = getattr(meeting, field)
    meeting.refresh_from_db()
    assert getattr(meeting, field) == before


def test_who_coordinates_one_region_can_give_a_meeting_to_another(theme, now):
    meeting, *_people = theme
    Meeting.objects.update(region="Ede")
    coordinator = PersonFactory()
    grant_role(
        user=coordinator, role=Role.COORDINATOR, organisation=meeting.organisation, region="Ede", now=now
    )
    client, address = browser_of(coordinator), reverse("change_meeting", args=[meeting.pk])
    landed = client.post(address, stands_in(client.get(address).text) | {"region": "Arnhem"}, follow=True)
    assert (landed.redirect_chain, landed.status_code) == ([(reverse("groups"), 302)], 200)
    assert "In deze regio coördineren anderen" in landed.text
    assert client.get(address).status_code == 404


def test_who_waits_or_is_in_still_finds_it_among_their_meetings(theme, now):
    meeting, _leader, first, second = theme
    Meeting.objects.update(audience="professionals", region="Ede")

    def shown(person):
        return (
            f'href="{reverse("meeting", args=[meeting.pk])}"'
            in browser_of(person).get(reverse("agenda")).text
        )

    assert [shown(each) for each in (first, second, PersonFactory())] == [True, True, False]
    browser_of(first).post(reverse("come", args=[meeting.pk]), {"off": "yes"})
    assert Registration.objects.get(person=second).status == "offered"
    assert [each.place.status for each in open_meetings(second, now=now)] == ["offered"]
    assert (shown(first), shown(second)) == (False, True)


# --- two tabs -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"title": "Thema-avond: rouw"}, "Titel: Thema-avond: rouw"),
        ({"capacity": "7"}, "Hoeveel plaatsen: 7"),
        ({"capacity": ""}, "Hoeveel plaatsen: leeg"),
        ({"audience": "professionals"}, "Voor wie: professionals"),
        ({"region": "Ede"}, "Regio: Ede"),
        ({"reminder_minutes": "120"}, "Herinnering: twee uur ervoor"),
        ({"self_check_in": "on"}, "met een code op jouw scherm: ja"),
    ],
    ids=str,
)
def test_a_page_that_was_opened_before_somebody_elses_change_does_not_undo_it(theme, changed, said):
    meeting, leader, *_people = theme
    client, address = browser_of(leader), reverse("change_meeting", args=[meeting.pk])
    opened_earlier = stands_in(client.get(address).text) | {"place": "Zaal 7"}
    client.post(address, stands_in(client.get(address).text) | changed)
    stands = Meeting.objects.values().get()
    refused = client.post(address, opened_earlier)
    assert (refused.status_code, Meeting.objects.values().get()) == (409, stands)
    now_stands = refused.text.partition("Zoals het nu staat")[2].partition("</section>")[0]
    assert said in now_stands
    # What they filled in is there still: who has read it takes over what holds now.
    assert client.post(address, stands_in(refused.text) | changed).status_code == 302
    assert Meeting.objects.values("place", *changed).get() == {name: stands[name] for name in changed} | {
        "place": "Zaal 7"
    }


# --- in a group -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("of_session", [True, False])
def test_for_whom_a_groups_meeting_is_the_group_says_and_what_a_session_is_called_the_session(
    circle, of_session
):
    meeting = circle.meetings[0]
    if not of_session:
        Meeting.objects.filter(pk=meeting.pk).update(kind="workshop", session=None, title="Workshop")
    client, address = browser_of(circle.trainer), reverse("change_meeting", args=[meeting.pk])
    filled = stands_in(client.get(address).text)
    assert {"title", "audience", "region", "capacity"} & set(filled) == (set() if of_session else {"title"})
    client.post(address, filled | {"title": "Anders", "audience": "professionals", "region": "Ede"})
    before = meeting.title
    meeting.refresh_from_db()
    assert (meeting.title, meeting.audience, meeting.region) == (before if of_session else "Anders", "", "")
