"""Each kind of message about a group: written down by what causes it, telling nothing, in a safe hour, and one mail for several."""

import re
import uuid
from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from django.core import mail
from django.utils import translation

from courses.models import Cohort, Enrolment, Submission
from courses.services.enrolments import enrol
from meetings.flows import (
    cancel_and_tell,
    change_and_tell,
    invite,
    let_offers_run_out,
    remind,
    wait_for_group,
    write_attendance,
)
from meetings.flows.groups import keep_group
from meetings.models import Meeting
from meetings.rules import is_neutral
from meetings.services.attendance import Mark
from meetings.services.planning import state_of
from people.models import ContactPreference, OutboxMessage, User
from people.services.messages import deliver
from portal.flows import answer_activity, answer_submission, ask_to_be_called
from tests.courses.activity_samples import FIELDS
from tests.factories import ActivityFactory, PersonFactory
from tests.meetings.conftest import Circle, make_circle

pytestmark = pytest.mark.django_db

# The person is safe from nine to nine; what follows happens at a quarter to midnight in Amsterdam.
LATE = datetime.fromisoformat("2026-11-25T22:45:00+00:00")
NINE = datetime.fromisoformat("2026-11-26T08:00:00+00:00")


@pytest.fixture
def circle(db, now) -> Circle:
    """A group with a free place, whose first member may be written to between nine and nine."""
    circle = make_circle(now, members=1)
    careful(circle.people[0])
    return circle


def careful(person: User) -> User:
    ContactPreference.objects.create(user=person, safe_from=time(9), safe_until=time(21))
    return person


def member(cohort: Cohort, alias: str) -> Enrolment:
    """Somebody who was let in."""
    person = PersonFactory(alias=alias)
    return enrol(learner=person, course=cohort.course, cohort=cohort, alias=alias, admitted=True, now=LATE)


def invited(circle: Circle, number: int) -> User:
    person = circle.people[0]
    cohort = Cohort.objects.create(course=circle.course, name=f"Groep {number}", way_in="invitation")
    invite(cohort=cohort, emails=[person.email], by=circle.coordinator, now=LATE)
    return person


def reminded(circle: Circle, number: int) -> User:
    Meeting.objects.filter(pk=circle.meetings[number].pk).update(reminder_minutes=(number + 2) * 7 * 24 * 60)
    remind(now=LATE)
    return circle.people[0]


def moved(circle: Circle, number: int) -> User:
    meeting = circle.meetings[number + 3]
    change_and_tell(
        meeting=meeting, state=state_of(meeting), by=circle.trainer, now=LATE, place="Utrecht, zaal 3"
    )
    return circle.people[0]


def cancelled(circle: Circle, number: int) -> User:
    cancel_and_tell(meeting=circle.meetings[number + 5], by=circle.trainer, now=LATE)
    return circle.people[0]


def offered(circle: Circle, number: int) -> User:
    """A group that is full gets one place more, for who waits."""
    person = circle.people[0]
    other = make_circle(LATE, members=0, capacity=1, way_in="open")
    member(other.cohort, f"Ander {number}")
    wait_for_group(cohort=other.cohort, person=person, alias="Maan", now=LATE)
    keep_group(cohort=other.cohort, trainers=[other.trainer], now=LATE, capacity=2)
    assert let_offers_run_out(now=LATE) == 0
    return person


def answered(circle: Circle, number: int, now: datetime = LATE) -> User:
    """A trainer writes back about something that was handed in."""
    lesson = circle.course.sessions.first().lessons.first()
    activity = ActivityFactory(lesson=lesson, kind="assignment", fields=FIELDS["assignment"])
    version = activity.versions.get()
    (person,) = circle.people
    answer_activity(
        learner=person,
        activity_id=activity.pk,
        version_id=version.pk,
        data={"text": "Ik sprak met iemand."},
        uuid=uuid.uuid4(),
        now=now,
    )
    answer_submission(
        submission_id=Submission.objects.get(activity=activity).pk,
        trainer=circle.trainer,
        levels={each["key"]: "enough" for each in version.specification["criteria"]},
        words="Je luisterde.",
        now=now,
    )
    return person


def missed(circle: Circle, number: int) -> User:
    meeting = circle.meetings[number]
    starts_at = LATE - timedelta(days=2 - number)
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))
    marks = [Mark(circle.people[0].pk, "absent")]
    write_attendance(meeting=meeting, marks=marks, by=circle.trainer, now=LATE)
    return circle.people[0]


def asked_to_call(circle: Circle, number: int) -> User:
    """The trainer is told, once for each who asks."""
    if not number:
        careful(circle.trainer)
    enrolment = member(circle.cohort, f"Beller {number}") if number else circle.members[0]
    ask_to_be_called(enrolment=enrolment, moment="Dinsdag", phone="06 12345678", now=LATE)
    return circle.trainer


KINDS: dict[str, Callable[[Circle, int], User]] = {
    "reminder": reminded,
    "moved": moved,
    "cancelled": cancelled,
    "offer": offered,
    "feedback": answered,
    "catch_up": missed,
    "call": asked_to_call,
}


def told(person: User, kind: str) -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(recipient=person, kind=kind).order_by("created_at", "pk"))


def assert_tells_nothing(circle: Circle, text: str) -> None:
    assert is_neutral(text)
    names = [circle.course.title, circle.course.programme.name, circle.cohort.name, "06 12345678", "Dinsdag"]
    names += [meeting.title for meeting in circle.meetings] + [each.alias for each in circle.members]
    assert [name for name in names if name in text] == []


@pytest.mark.parametrize(("kind", "cause"), KINDS.items(), ids=KINDS)
def test_each_kind_waits_for_a_safe_hour_and_several_are_one_mail(kind, cause, circle):
    for number in range(2):
        person = cause(circle, number)
    messages = told(person, kind)
    assert [(each.state, each.due_at, each.joinable) for each in messages] == [("waiting", NINE, True)] * 2
    assert [deliver(message_id=each.pk, now=NINE - timedelta(minutes=1)) for each in messages] == [
        False,
        False,
    ]
    assert [deliver(message_id=each.pk, now=NINE) for each in messages] == [True, False]
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == ([person.email], "Er zijn 2 berichten voor je")
    assert letter.body.count("http://testserver/") >= 2
    for text in (letter.subject, letter.body, letter.alternatives[0].content):
        assert_tells_nothing(circle, text)
    assert {(each.state, each.text) for each in told(person, kind)} == {("sent", "")}


def test_of_two_moves_and_a_reminder_in_one_night_the_last_word_alone_leaves(circle):
    meeting = circle.meetings[0]
    reminded(circle, 0)
    for _move in range(2):
        meeting.refresh_from_db()
        starts_at = meeting.starts_at + timedelta(days=1)
        ends_at = starts_at + timedelta(minutes=150)
        changes = {"starts_at": starts_at, "ends_at": ends_at}
        change_and_tell(meeting=meeting, state=state_of(meeting), by=circle.trainer, now=LATE, **changes)
    waiting = list(OutboxMessage.objects.filter(recipient=circle.people[0], state="waiting"))
    assert [each.kind for each in waiting] == ["moved"]
    deliver(message_id=waiting[0].pk, now=NINE)
    assert "zaterdag 28 november" in mail.outbox[0].body
    meeting.refresh_from_db()
    change_and_tell(
        meeting=meeting,
        state=state_of(meeting),
        by=circle.trainer,
        now=NINE + timedelta(hours=13),
        place="Zaal 3",
    )
    cancel_and_tell(meeting=meeting, by=circle.trainer, now=NINE + timedelta(hours=13))
    waiting = OutboxMessage.objects.filter(recipient=circle.people[0], state="waiting")
    assert [each.kind for each in waiting] == ["cancelled"]


def test_an_invitation_waits_for_a_safe_hour_and_goes_by_itself(circle):
    """Its link is for one person and works once: it is whole, and joins nothing."""
    for number in range(2):
        person = invited(circle, number)
    messages = told(person, "invitation")
    assert [(each.state, each.due_at, each.joinable) for each in messages] == [("waiting", NINE, False)] * 2
    for each in messages:
        deliver(message_id=each.pk, now=NINE)
    assert [letter.subject for letter in mail.outbox] == ["Een uitnodiging voor je"] * 2
    for letter in mail.outbox:
        (html,) = letter.alternatives
        (link,) = re.findall(r"http://testserver/uitnodiging/\S+/", letter.body)
        assert html.mimetype == "text/html"
        assert html.content.count(f'<a href="{link}"') == 1
        assert ("<img" in html.content, "style" in html.content) == (False, False)
        for text in (letter.subject, letter.body, html.content):
            assert_tells_nothing(circle, text)


def test_an_invitation_is_in_our_language_whatever_the_trainer_reads(circle):
    with translation.override("en"):
        invite(cohort=circle.cohort, emails=["nieuw@example.org"], by=circle.trainer, now=LATE)
    message = OutboxMessage.objects.get(kind="invitation")
    assert message.text.startswith("Hallo,")
    assert '<html lang="nl">' in message.html
    assert "<p>Hallo,</p>" in message.html


def test_who_has_no_account_is_invited_at_once(circle):
    invite(cohort=circle.cohort, emails=["nieuw@example.org"], by=circle.coordinator, now=LATE)
    message = OutboxMessage.objects.get(kind="invitation")
    assert (message.recipient, message.address, message.due_at) == (None, "nieuw@example.org", LATE)


def test_different_kinds_that_are_due_together_are_one_mail(circle):
    for cause in (moved, cancelled, answered, missed):
        person = cause(circle, 0)
    waiting = list(OutboxMessage.objects.filter(recipient=person).order_by("created_at", "pk"))
    assert sorted(each.kind for each in waiting) == ["cancelled", "catch_up", "feedback", "moved"]
    assert [deliver(message_id=each.pk, now=NINE) for each in waiting] == [True, False, False, False]
    assert [letter.subject for letter in mail.outbox] == ["Er zijn 4 berichten voor je"]


@pytest.mark.parametrize(
    ("causes", "need_do_nothing"),
    [((moved,), True), ((offered,), False), ((asked_to_call,), False), ((moved, offered), False)],
    ids=["moved", "offer", "call", "moved and offer"],
)
def test_only_a_mail_that_asks_nothing_says_so(circle, causes, need_do_nothing):
    for cause in causes:
        person = cause(circle, 0)
    for each in OutboxMessage.objects.filter(recipient=person).order_by("created_at", "pk"):
        deliver(message_id=each.pk, now=NINE)
    (letter,) = mail.outbox
    said = [
        "Je hoeft niets te doen met dit bericht." in text
        for text in (letter.body, letter.alternatives[0].content)
    ]
    assert said == [need_do_nothing] * 2


@pytest.mark.parametrize(
    ("answered_at", "leaves_at"), [("10:00", "10:00"), ("10:01", "11:00"), ("10:59", "11:00")]
)
def test_what_a_trainer_answers_within_the_hour_is_one_mail(answered_at, leaves_at, now):
    circle = make_circle(now, members=1)
    moment = datetime.fromisoformat(f"2026-11-25T{answered_at}:00+00:00")
    person = answered(circle, 0, moment)
    (message,) = told(person, "feedback")
    assert message.due_at == datetime.fromisoformat(f"2026-11-25T{leaves_at}:00+00:00")


def test_a_second_person_is_told_in_a_mail_of_their_own(circle):
    circle.members.append(member(circle.cohort, "Ander"))
    moved(circle, 0)
    assert OutboxMessage.objects.filter(kind="moved").count() == 2
    for each in OutboxMessage.objects.all():
        deliver(message_id=each.pk, now=NINE)
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(person.email for person in circle.people)
