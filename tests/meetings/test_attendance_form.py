"""Attendance as it is written down by form, corrected, and caught up with."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from courses.services.enrolments import enrol
from meetings.flows import write_attendance
from meetings.models import Attendance, Meeting
from meetings.services.attendance import Mark, check_in
from meetings.services.tokens import make_receipt, read_receipt
from tests.factories import PersonFactory
from tests.meetings.browsing import as_shown
from tests.meetings.conftest import browser_of, make_circle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def marks(circle, *statuses, **more):
    data = {f"status-{person.pk.hex}": status for person, status in zip(circle.people, statuses, strict=True)}
    return {**data, "guests": "1", **more}


def changes_on(page):
    """What stands under “What was changed”, line by line, in plain words."""
    _form, _heading, told = page.partition("Wat is veranderd")
    lines = re.findall(r"<li>(.*?)</li>", told.partition("</details>")[0], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", "", line).split()) for line in lines]


def test_attendance_is_one_form_and_a_correction_shows_its_history(circle, time_machine):
    meeting = circle.meetings[0]
    time_machine.move_to(meeting.starts_at, tick=False)
    client, address = browser_of(circle.trainer), reverse("attendance", args=[meeting.pk])
    page = client.get(address).content.decode()
    assert page.count("checked") == 3
    assert client.post(address, marks(circle, "present", "late", "absent")).status_code == 302
    assert Attendance.objects.count() == 3
    assert changes_on(client.get(address).content.decode()) == []
    time_machine.move_to(meeting.starts_at + timedelta(minutes=5), tick=False)
    client.post(address, marks(circle, "present", "present", "absent"))
    time_machine.move_to(meeting.starts_at + timedelta(minutes=90), tick=False)
    third = circle.people[2].pk.hex
    more = {f"minutes-{third}": "60", f"remark-{third}": "Kwam om acht uur."}
    client.post(address, marks(circle, "present", "present", "late", **more))
    client.post(address, marks(circle, "present", "present", "late", **more | {f"minutes-{third}": "45"}))
    assert changes_on(client.get(address).content.decode()) == [
        "Vogel 2: kwam later, van 60 naar 45 minuten 26 november, 20.30, door Noor",
        "Vogel 2: van “gemist” naar “kwam later”, van 0 naar 60 minuten, andere opmerking 26 november, 20.30, door Noor",
        "Vogel 1: van “kwam later” naar “was er” 26 november, 19.05, door Noor",
    ]
    assert (Attendance.objects.count(), Attendance.objects.current().count()) == (6, 3)


def test_a_page_that_was_open_for_long_does_not_undo_that_somebody_caught_up(circle, time_machine):
    meeting, (first, second, third) = circle.meetings[0], circle.people
    time_machine.move_to(meeting.starts_at, tick=False)
    client, address = browser_of(circle.trainer), reverse("attendance", args=[meeting.pk])
    client.post(address, marks(circle, "absent", "absent", "present"))
    old = as_shown(client.get(address).text)
    for person in (first, second):
        browser_of(person).post(reverse("caught_up", args=[meeting.pk]))
    sent = old | {"guests": "7", f"status-{second.pk.hex}": "late", f"status-{third.pk.hex}": "late"}
    page = client.post(address, sent, follow=True).text
    held = Attendance.objects.current().order_by("person__alias").values_list("status", "by_self")
    assert list(held) == [("caught_up", True), ("caught_up", True), ("late", False)]
    # Only who was changed here, too, is told of; on the page as it is now the trainer has the last word.
    assert "Over Vogel 1 is intussen iets anders opgeschreven. Dat blijft staan." in page
    assert Meeting.objects.get(pk=meeting.pk).guests == 7
    page = client.post(address, as_shown(page) | {f"status-{second.pk.hex}": "late"}, follow=True).text
    assert "intussen iets anders" not in page
    assert Attendance.objects.current().get(person=second).status == "late"


def test_a_page_says_nothing_of_who_was_not_on_it(circle, now, time_machine):
    meeting = circle.meetings[0]
    time_machine.move_to(meeting.ends_at + timedelta(days=1), tick=False)
    later, sooner = PersonFactory(alias="Maan"), PersonFactory(alias="Ster")
    enrolled = {"course": circle.course, "cohort": circle.cohort, "admitted": True}
    enrol(learner=later, alias="Maan", now=meeting.ends_at + timedelta(hours=1), **enrolled)
    client, address = browser_of(circle.trainer), reverse("attendance", args=[meeting.pk])
    old = as_shown(client.get(address).text)
    browser_of(later).post(reverse("caught_up", args=[meeting.pk]))
    enrol(learner=sooner, alias="Ster", now=now, **enrolled)
    refused = client.post(address, old | {"guests": "-1"})
    assert refused.status_code == 422
    # What comes back is what was sent: nor does it say anything of them the second time.
    assert client.post(address, as_shown(refused.text) | {"guests": "0"}).status_code == 302
    held = Attendance.objects.order_by("person__alias").values_list("person__alias", "status")
    assert list(held) == [("Maan", "caught_up"), *((f"Vogel {number}", "present") for number in range(3))]
    page = client.get(address).text
    assert all(f'name="status-{person.pk.hex}"' in page for person in (later, sooner))
    assert "Ingehaald" in page


@pytest.mark.parametrize(("chosen", "told"), [("caught_up", False), ("absent", True)])
def test_a_page_that_shows_caught_up_after_it_was_corrected_is_kept(circle, time_machine, chosen, told):
    meeting, person = circle.meetings[0], circle.people[0]
    time_machine.move_to(meeting.starts_at, tick=False)
    client, address = browser_of(circle.trainer), reverse("attendance", args=[meeting.pk])
    client.post(address, marks(circle, "absent", "present", "present"))
    browser_of(person).post(reverse("caught_up", args=[meeting.pk]))
    old = as_shown(client.get(address).text)
    assert old[f"status-{person.pk.hex}"] == "caught_up"
    client.post(address, old | {f"status-{person.pk.hex}": "late"})
    answer = client.post(address, old | {f"status-{person.pk.hex}": chosen}, follow=True)
    assert (answer.status_code, "Over Vogel 0 is intussen iets anders" in answer.text) == (200, told)
    assert Attendance.objects.current().get(person=person).status == "late"
    # As it is now the page cannot say that somebody caught up.
    sent = as_shown(answer.text) | {f"status-{person.pk.hex}": "caught_up"}
    assert client.post(address, sent).status_code == 422


def test_who_checked_in_while_the_page_was_open_stays_checked_in(circle, time_machine):
    meeting, (first, second, _third) = circle.meetings[0], circle.people
    Meeting.objects.filter(pk=meeting.pk).update(self_check_in=True)
    meeting.refresh_from_db()
    time_machine.move_to(meeting.starts_at + timedelta(minutes=30), tick=False)
    client, address = browser_of(circle.trainer), reverse("attendance", args=[meeting.pk])
    old = as_shown(client.get(address).text)
    for person, minute in ((first, 30), (second, 150)):
        slip = read_receipt(make_receipt(meeting.pk, person=person))
        at = meeting.starts_at + timedelta(minutes=minute, seconds=-10)
        check_in(meeting=meeting, nonce=slip.nonce, person=person, now=at)
    page = client.post(address, old, follow=True).text
    held = [("late", 120, True), ("late", 0, True), ("present", 150, False)]
    current = Attendance.objects.current().order_by("person__alias")
    assert list(current.values_list("status", "minutes", "by_self")) == held
    assert "Over Vogel 0 en Vogel 1 is intussen iets anders opgeschreven." in page
    # Nor does keeping it once more give minutes to who came at the very end.
    client.post(address, as_shown(page))
    assert list(current.values_list("status", "minutes", "by_self")) == held


def test_minutes_of_a_meeting_that_was_made_shorter_since_are_kept_untouched(circle, time_machine):
    meeting = circle.meetings[0]
    time_machine.move_to(meeting.starts_at, tick=False)
    late = [Mark(circle.people[0].pk, "late", minutes=120)]
    write_attendance(meeting=meeting, marks=late, by=circle.trainer, now=meeting.starts_at)
    Meeting.objects.filter(pk=meeting.pk).update(ends_at=meeting.starts_at + timedelta(minutes=90))
    client, address = browser_of(circle.trainer), reverse("attendance", args=[meeting.pk])
    assert client.post(address, as_shown(client.get(address).text)).status_code == 302
    assert Attendance.objects.current().get(person=circle.people[0]).minutes == 90


@pytest.mark.parametrize("bad", ["", "onzin", "caught_up"])
def test_what_is_no_answer_is_said_and_nothing_is_kept(circle, time_machine, bad):
    meeting = circle.meetings[0]
    time_machine.move_to(meeting.starts_at, tick=False)
    response = browser_of(circle.trainer).post(
        reverse("attendance", args=[meeting.pk]), marks(circle, "present", bad, "absent")
    )
    assert (response.status_code, Attendance.objects.count()) == (422, 0)


def test_somebody_who_is_not_in_the_group_cannot_be_written_down(circle, time_machine):
    meeting, stranger = circle.meetings[0], PersonFactory()
    time_machine.move_to(meeting.starts_at, tick=False)
    data = marks(circle, "present", "present", "present", **{f"status-{stranger.pk.hex}": "present"})
    browser_of(circle.trainer).post(reverse("attendance", args=[meeting.pk]), data)
    assert Attendance.objects.filter(person=stranger).count() == 0


def test_attendance_of_tomorrow_is_refused(circle):
    response = browser_of(circle.trainer).post(
        reverse("attendance", args=[circle.meetings[0].pk]), marks(circle, "present", "present", "present")
    )
    assert (response.status_code, Attendance.objects.count()) == (422, 0)


def test_catching_up_is_on_the_page_of_the_session_and_done_once(circle, now, learner):
    meeting = circle.meetings[0]
    write_attendance(
        meeting=meeting,
        marks=[Mark(circle.people[0].pk, "absent")],
        by=circle.trainer,
        now=meeting.starts_at,
    )
    address = reverse("caught_up", args=[meeting.pk])
    learner.post(address)
    learner.post(address)
    assert Attendance.objects.current().get().status == "caught_up"
    assert Attendance.objects.count() == 2
    assert browser_of(PersonFactory()).post(address).status_code == 404


# --- counts ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("number", [1, 12])
def test_attendance_costs_the_same_with_one_person_and_with_many(now, number, django_assert_num_queries):
    circle = make_circle(now, members=number, capacity=20)
    client = browser_of(circle.trainer)
    client.get(reverse("attendance", args=[circle.meetings[0].pk]))  # the menu is kept from then on
    # The user, the meeting; members, signed off, written down, who came in later; history; roles.
    with django_assert_num_queries(8):
        assert client.get(reverse("attendance", args=[circle.meetings[0].pk])).status_code == 200
