"""The trainer's and coordinator's screens of groups."""

import io
from datetime import date, timedelta

import pytest
from django.urls import reverse

from courses.models import Cohort, Enrolment
from meetings.flows import (
    ask_to_join,
    decide_on_intake,
    invite,
    leave_group,
    remind,
    wait_for_group,
    write_attendance,
)
from meetings.flows.groups import put_group_away, take_group_back
from meetings.models import GroupPlace, Invitation, KeepApart, Meeting
from meetings.queries.agenda import coming, led, session_meetings
from meetings.queries.leading import at_hand
from meetings.services.apart import keep_apart
from meetings.services.attendance import Mark
from meetings.services.invitations import read_list
from meetings.services.places import PlaceRefused
from people.models import OutboxMessage
from people.services.privacy import export_person
from tests.factories import CohortFactory, MeetingFactory, PersonFactory
from tests.meetings.conftest import events_at, feed_address, make_circle, make_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def trainer(client, circle):
    client.force_login(circle.trainer)
    return client


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
        "edition": "0",
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
    take_group_back(cohort=circle.cohort)
    report = read_list("\n".join(emails), cohort=circle.cohort)
    assert [line.verdict for line in report.lines] == ["invited", "ok", "ok"]
    assert invite(cohort=circle.cohort, emails=report.emails, by=circle.trainer, now=now) == 2
    assert OutboxMessage.objects.filter(state="waiting", address__in=emails).count() == 2


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
    take_group_back(cohort=circle.cohort)
    assert seen() == everything
    shown = client.get(page).text
    assert ("Deze bijeenkomst gaat niet door." in shown, "Ik kan niet komen" in shown) == (False, True)


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


# --- inviting -------------------------------------------------------------------------------------------------------
LIST = """Naam;E-mail
Anna;anna@example.org
"Bert, de";BERT@example.org
=HYPERLINK("x");boef
=cmd|' /C calc'!A0@example.org
Anna nog eens;Anna@Example.org
geen adres
Cora <cora@example.org>
"""


def test_every_line_of_a_list_is_accounted_for(circle):
    report = read_list(LIST, cohort=circle.cohort)
    assert [(line.number, line.verdict) for line in report.lines] == [
        (2, "ok"),
        (3, "ok"),
        (4, "formula"),
        (5, "formula"),
        (6, "double"),
        (7, "bad"),
        (8, "ok"),
    ]
    assert report.emails == ["anna@example.org", "bert@example.org", "cora@example.org"]


def test_an_address_that_is_too_long_is_refused_by_itself(circle, trainer):
    """The check of addresses takes 320 characters, what keeps them 254."""
    domain = "@" + ".".join(["a" * 63] * 3) + ".nl"
    fits, too_long = ("b" * (number - len(domain)) + domain for number in (254, 255))
    lines = f"{fits}\n{too_long}\nanna@example.org"
    report = read_list(lines, cohort=circle.cohort)
    assert [line.verdict for line in report.lines] == ["ok", "too_long", "ok"]
    address = reverse("invite", args=[circle.cohort.pk])
    assert "is langer dan een e-mailadres kan zijn" in trainer.post(address, {"addresses": lines}).text
    trainer.post(address, {"addresses": lines, "confirm": "yes"})
    assert set(Invitation.objects.values_list("email", flat=True)) == {fits, "anna@example.org"}


def test_who_is_in_or_invited_already_is_not_invited_again(circle, trainer):
    inside = circle.people[0].email
    address = reverse("invite", args=[circle.cohort.pk])
    trainer.post(address, {"addresses": "nieuw@example.org", "confirm": "yes"})
    report = read_list(f"{inside}\nnieuw@example.org", cohort=circle.cohort)
    assert [line.verdict for line in report.lines] == ["inside", "invited"]


def test_ten_thousand_lines_are_read_with_two_queries_and_reported(
    trainer, circle, django_assert_num_queries
):
    lines = "\n".join(f"persoon{number}@example.net" for number in range(10_000))
    with django_assert_num_queries(2):
        report = read_list(lines, cohort=circle.cohort)
    assert (report.counts["ok"], report.counts["too_many"]) == (200, 9800)
    response = trainer.post(reverse("invite", args=[circle.cohort.pk]), {"addresses": lines})
    assert response.status_code == 200
    assert len(response.content) < 200_000
    assert Invitation.objects.count() == 0


def test_nothing_is_sent_before_it_is_confirmed(trainer, circle):
    address = reverse("invite", args=[circle.cohort.pk])
    file = io.BytesIO(LIST.encode("cp1252"))
    file.name = "lijst.csv"
    preview = trainer.post(address, {"addresses": "", "file": file})
    assert (preview.status_code, Invitation.objects.count(), OutboxMessage.objects.count()) == (200, 0, 0)
    assert b"3 mensen krijgen een uitnodiging" in preview.content
    response = trainer.post(address, {"addresses": "anna@example.org\nbert@example.org", "confirm": "yes"})
    assert response.status_code == 302
    assert sorted(OutboxMessage.objects.values_list("address", flat=True)) == [
        "anna@example.org",
        "bert@example.org",
    ]
    trainer.post(address, {"addresses": "anna@example.org", "confirm": "yes"})
    assert Invitation.objects.count() == 2


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04zip", b"\x00\x01\x02", b""], ids=["a sheet", "binary", "empty"]
)
def test_a_file_that_is_no_list_is_refused_in_words(trainer, circle, content):
    file = io.BytesIO(content)
    file.name = "lijst.csv"
    response = trainer.post(reverse("invite", args=[circle.cohort.pk]), {"addresses": "", "file": file})
    assert response.status_code == 422


@pytest.mark.parametrize(
    "text",
    [
        "\x00",
        "a" * 100_000,
        '"' * 5000,
        "é@é.é",
        "\ud800".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
        ";;;;",
        "\u202eanna@example.org",
    ],
)
def test_odd_lines_break_nothing(circle, text):
    report = read_list(text, cohort=circle.cohort)
    assert report.emails in ([], ["é@é.é"])


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
    take_group_back(cohort=circle.cohort)
    client.post(address, {"outcome": "welcome"})
    assert GroupPlace.objects.get(person=person).status == "registered"


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
