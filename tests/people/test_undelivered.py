"""What could not be delivered: sent again once, or put aside with a note."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django_tasks_db.models import DBTaskResult

from people import flows
from people.models import OutboxMessage
from people.services import messages
from people.services.undelivered import LONGEST_NOTE, put_aside, send_again
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
ALL = OutboxMessage.objects.all


def dead(cause="1", **fields):
    values = {
        "recipient": PersonFactory(),
        "kind": "moved",
        "subject": "Een bericht",
        "text": "Er staat iets voor je klaar.",
        "state": "dead",
        "attempts": 8,
        "last_error": "TimeoutError",
        "due_at": NOW - timedelta(hours=2),
        "created_at": NOW - timedelta(hours=4),
    }
    return OutboxMessage.objects.create(cause=cause, **values | fields)


def test_what_is_sent_again_leaves_once_to_the_address_the_person_has_now():
    message = dead()
    person = message.recipient
    person.email = "nieuw@example.org"
    person.save()
    assert (send_again(messages=ALL(), now=NOW), send_again(messages=ALL(), now=NOW)) == (1, 0)
    assert flows.redeliver_overdue(now=NOW) == 1
    assert DBTaskResult.objects.get().args_kwargs["args"] == [str(message.pk)]
    assert [messages.deliver(message_id=message.pk, now=NOW) for _twice in range(2)] == [True, False]
    assert [sent.to for sent in mail.outbox] == [["nieuw@example.org"]]
    message.refresh_from_db()
    assert (message.state, message.attempts, message.last_error, message.text) == ("sent", 1, "", "")


def test_what_is_sent_again_is_tried_eight_times_anew(settings):
    settings.EMAIL_BACKEND = "tests.people.test_messages.BusyMailServer"
    message = dead()
    send_again(messages=ALL(), now=NOW)
    messages.deliver(message_id=message.pk, now=NOW)
    message.refresh_from_db()
    assert (message.state, message.attempts, message.due_at) == ("waiting", 1, NOW + timedelta(minutes=1))


@pytest.mark.parametrize(
    "fields",
    [
        {"text": ""},
        {"kind": "account.login_code"},
        {"useless_from": NOW},
        {"state": "sent"},
        {"state": "withheld"},
        {"state": "sending"},
    ],
)
def test_what_says_nothing_any_more_or_did_not_fail_is_not_sent_again(fields):
    message = dead(**fields)
    assert send_again(messages=ALL(), now=NOW) == 0
    message.refresh_from_db()
    assert (message.state, message.attempts) == (fields.get("state", "dead"), 8)


def test_what_is_put_aside_keeps_the_note_and_nothing_it_said():
    message, by = dead(address="anders@example.org", html="<p>x</p>"), PersonFactory()
    assert put_aside(message=message, note=" Gebeld\nop maandag ", by=by) is True
    message.refresh_from_db()
    assert (message.state, message.note) == ("withheld", "Gebeld op maandag")
    assert (message.text, message.html, message.address) == ("", "", "")
    assert list(OutboxMessage.objects.put_aside()) == [message]
    assert list(OutboxMessage.objects.undelivered()) == []
    assert send_again(messages=ALL(), now=NOW) == 0
    assert put_aside(message=message, note="Nog eens", by=by) is False


def test_a_long_note_is_cut_to_what_is_kept():
    message = dead()
    put_aside(message=message, note="a" * 500, by=PersonFactory())
    message.refresh_from_db()
    assert message.note == "a" * LONGEST_NOTE


def test_a_reason_is_no_note():
    dead(state="withheld")
    assert [message.note for message in ALL()] == [""]
    assert list(OutboxMessage.objects.put_aside()) == []


def test_a_code_asked_for_at_an_address_of_nobody_is_nobodys_to_look_at():
    dead(recipient=None, address="typfout@example.org", kind="account.unknown_account")
    invitation = dead("2", recipient=None, address="gast@example.org", kind="invitation")
    code = dead("3", kind="account.login_code")
    assert set(OutboxMessage.objects.undelivered()) == {invitation, code}


def test_what_no_longer_holds_is_not_there_to_be_sent_again():
    message = dead("moved:1:2")
    assert messages.withdraw_messages(causes="moved:1:") == 1
    message.refresh_from_db()
    assert (message.state, message.text) == ("withheld", "")
