"""The outbox: once, when it is safe, and nothing left behind."""

import smtplib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.utils import translation
from django_tasks_db.models import DBTaskResult

from people import flows
from people.models import ContactPreference, OutboxMessage
from people.queries import overdue_messages
from people.services import messages
from people.tasks import deliver_message
from tests.factories import PersonFactory
from tests.figures import figure

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOME = ZoneInfo("Europe/Amsterdam")
WORDS = {
    "kind": "reminder",
    "subject": "Een bericht",
    "text": "Er staat iets voor je klaar.",
    "html": "<p>Klaar.</p>",
}


class NoSuchMailbox(BaseEmailBackend):
    def send_messages(self, email_messages):
        raise smtplib.SMTPRecipientsRefused({"anna@example.org": (550, b"no such mailbox anna@example.org")})


class FullMailbox(BaseEmailBackend):
    def send_messages(self, email_messages):
        raise smtplib.SMTPRecipientsRefused({"anna@example.org": (452, b"anna@example.org is full")})


class BusyMailServer(BaseEmailBackend):
    def send_messages(self, email_messages):
        raise smtplib.SMTPServerDisconnected("connection closed")


def queue(person, *, cause="1", **changes):
    return messages.queue_message(recipient=person, cause=cause, **WORDS | {"now": NOW} | changes)


@pytest.mark.django_db
def test_the_same_cause_is_one_message():
    person = PersonFactory()
    assert queue(person) == queue(person, subject="Anders")
    assert OutboxMessage.objects.count() == 1


@pytest.mark.django_db
def test_a_message_needs_somewhere_to_go():
    with pytest.raises(ValueError, match="recipient or an address"):
        queue(None)


@pytest.mark.django_db
def test_a_message_leaves_once_and_its_text_and_address_are_erased():
    person = PersonFactory(email="anna@example.org")
    message = queue(person, address="nieuw@example.org")
    assert messages.deliver(message_id=message.pk, now=NOW) is True
    assert messages.deliver(message_id=message.pk, now=NOW) is False
    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body) == (["nieuw@example.org"], "Een bericht", WORDS["text"])
    assert [tuple(part) for part in sent.alternatives] == [("<p>Klaar.</p>", "text/html")]
    message.refresh_from_db()
    assert (message.state, message.text, message.html, message.address) == ("sent", "", "", "")
    assert (message.sent_at, message.attempts, message.lease_until) == (NOW, 1, None)


@pytest.mark.django_db
def test_a_mail_without_html_of_its_own_gets_its_text_as_html_in_the_language_it_was_written_in():
    with translation.override("en"):
        message = queue(
            PersonFactory(), html="", text="Hello,\n\nIt is <here>:\nhttp://testserver/a/\n\nBye.\n"
        )
    messages.deliver(message_id=message.pk, now=NOW)
    (sent,) = mail.outbox
    (html,) = sent.alternatives
    assert html.mimetype == "text/html"
    assert html.content.splitlines() == [
        "<!doctype html>",
        '<html lang="en"><body>',
        "<p>Hello,</p>",
        "<p>It is &lt;here&gt;:<br>",
        '<a href="http://testserver/a/">http://testserver/a/</a></p>',
        "<p>Bye.</p>",
        "</body></html>",
    ]


@pytest.mark.django_db
def test_a_newline_in_the_subject_becomes_a_space_and_no_header():
    message = queue(PersonFactory(), subject="Hallo\r\nBcc: everybody@example.org\x00\u202e")
    assert message.subject == "Hallo Bcc: everybody@example.org"
    messages.deliver(message_id=message.pk, now=NOW)
    assert "Bcc" not in dict(mail.outbox[0].message().items())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("channel", "unsafe", "kind", "state"),
    [
        ("mail", False, "reminder", "waiting"),
        ("mail", False, "account.login_code", "waiting"),
        ("mail", True, "reminder", "waiting"),
        ("mail", True, "account.login_code", "withheld"),
        ("none", False, "reminder", "withheld"),
        ("none", False, "account.login_code", "withheld"),
    ],
)
def test_what_is_withheld_keeps_no_text(channel, unsafe, kind, state):
    person = PersonFactory(mailbox_unsafe=unsafe)
    ContactPreference.objects.create(user=person, channel=channel)
    message = queue(person, kind=kind)
    assert message.state == state
    assert message.text == ("" if state == "withheld" else WORDS["text"])
    assert message.html == ("" if state == "withheld" else WORDS["html"])


@pytest.mark.django_db
def test_who_says_meanwhile_that_their_mailbox_is_unsafe_gets_no_code():
    person = PersonFactory()
    message = queue(person, kind="account.login_code", urgent=True)
    person.mailbox_unsafe = True
    person.save()
    assert messages.deliver(message_id=message.pk, now=NOW) is False
    message.refresh_from_db()
    assert (message.state, message.text, mail.outbox) == ("withheld", "", [])


@pytest.mark.django_db
def test_a_message_waits_for_the_safe_hour_and_an_urgent_one_does_not():
    person = PersonFactory()
    ContactPreference.objects.create(user=person, safe_from=time(19), safe_until=time(21))
    assert queue(person).due_at == datetime(2026, 3, 2, 19, tzinfo=HOME)
    assert queue(person, cause="2", urgent=True).due_at == NOW
    assert queue(person, cause="3", due_at=NOW + timedelta(days=2)).due_at == datetime(
        2026, 3, 4, 19, tzinfo=HOME
    )


@pytest.mark.django_db
def test_a_worker_that_comes_back_at_night_waits_for_the_next_safe_hour():
    person = PersonFactory()
    ContactPreference.objects.create(user=person, safe_from=time(19), safe_until=time(21))
    message = queue(person)
    at_night = datetime(2026, 3, 3, 3, tzinfo=HOME)
    assert messages.deliver(message_id=message.pk, now=at_night) is False
    message.refresh_from_db()
    assert (message.state, message.due_at, message.attempts) == (
        "waiting",
        datetime(2026, 3, 3, 19, tzinfo=HOME),
        0,
    )


@pytest.mark.django_db
def test_failures_wait_longer_each_time_and_end_after_eight(settings):
    settings.EMAIL_BACKEND = f"{__name__}.FullMailbox"
    message = queue(PersonFactory(email="anna@example.org"))
    waits, now = [], NOW
    for _attempt in range(8):
        assert messages.deliver(message_id=message.pk, now=now) is False
        message.refresh_from_db()
        waits.append((message.due_at - now).total_seconds() / 60)
        now = max(now, message.due_at)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 0]
    assert (message.state, message.attempts) == ("dead", 8)
    assert (
        message.last_error == "SMTPRecipientsRefused 452"
    )  # never what the server says: it repeats the address
    assert messages.deliver(message_id=message.pk, now=now + timedelta(days=1)) is False


@pytest.mark.django_db
def test_a_mailbox_that_refuses_for_good_is_given_up_at_once_with_all_that_went_along(settings):
    settings.EMAIL_BACKEND = f"{__name__}.NoSuchMailbox"
    person = PersonFactory(email="anna@example.org")
    together = [queue(person, cause=cause, joinable=True) for cause in ("1", "2")]
    assert messages.deliver(message_id=together[0].pk, now=NOW) is False
    told = OutboxMessage.objects.values_list("state", "attempts", "last_error", "text")
    assert list(told) == [("dead", 1, "SMTPRecipientsRefused 550", WORDS["text"])] * 2
    assert list(overdue_messages(NOW + timedelta(days=1))) == []


@pytest.mark.django_db
def test_every_message_leaves_once_when_the_mail_server_comes_back(settings):
    people = PersonFactory.create_batch(3)
    settings.EMAIL_BACKEND = f"{__name__}.BusyMailServer"
    queued = [
        flows.send_message(recipient=person, cause=str(person.pk), now=NOW, **WORDS) for person in people
    ]
    for message in queued:
        deliver_message.call(str(message.pk))
    DBTaskResult.objects.update(status="SUCCESSFUL")
    later = datetime.now(UTC) + timedelta(minutes=5)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert flows.redeliver_overdue(now=later) == 3
    assert flows.redeliver_overdue(now=later) == 0  # their tasks are alive
    for _twice in range(2):
        for message in queued:
            messages.deliver(message_id=message.pk, now=later)
    assert sorted(sent.to[0] for sent in mail.outbox) == sorted(person.email for person in people)


@pytest.mark.django_db
def test_a_message_whose_worker_died_is_taken_up_when_its_lease_has_run_out():
    message = queue(PersonFactory())
    assert messages.claim_message(message_id=message.pk, now=NOW) == message
    assert messages.claim_message(message_id=message.pk, now=NOW + timedelta(minutes=4)) is None
    assert list(overdue_messages(NOW + timedelta(minutes=4))) == []
    assert list(overdue_messages(NOW + timedelta(minutes=5))) == [message]
    assert messages.deliver(message_id=message.pk, now=NOW + timedelta(minutes=5)) is True


@pytest.mark.django_db
def test_a_message_over_which_workers_keep_dying_is_given_up():
    message = queue(PersonFactory())
    OutboxMessage.objects.update(attempts=8)
    assert messages.claim_message(message_id=message.pk, now=NOW) is None
    message.refresh_from_db()
    assert (message.state, message.text) == ("dead", "")


@pytest.mark.django_db
def test_the_task_is_written_with_the_message():
    message = flows.send_message(recipient=PersonFactory(), cause="1", now=NOW, **WORDS)
    task = DBTaskResult.objects.get()
    assert task.args_kwargs == {"args": [str(message.pk)], "kwargs": {}}
    assert OutboxMessage.objects.get().task_id == task.pk
    flows.send_message(recipient=message.recipient, cause="1", now=NOW, **WORDS)
    assert DBTaskResult.objects.count() == 1


@pytest.mark.django_db
def test_a_task_for_later_waits_until_then():
    person = PersonFactory()
    ContactPreference.objects.create(user=person, safe_from=time(19), safe_until=time(21))
    flows.send_message(recipient=person, cause="1", now=NOW, **WORDS)
    assert DBTaskResult.objects.get().run_after == datetime(2026, 3, 2, 19, tzinfo=HOME)


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_neither_message_nor_task():
    with transaction.atomic():
        flows.send_message(recipient=PersonFactory(), cause="1", now=NOW, **WORDS)
        transaction.set_rollback(True)
    assert (OutboxMessage.objects.count(), DBTaskResult.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_of_eight_workers_at_once_one_sends():
    message = queue(PersonFactory())
    start = Barrier(8)

    def work(_number):
        try:
            start.wait(timeout=20)
            return messages.deliver(message_id=message.pk, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as workers:
        left = list(workers.map(work, range(8)))
    figure(f"8 workers at one message on {connection.vendor}: {len(mail.outbox)} mail")
    assert (sorted(left), len(mail.outbox)) == ([False] * 7 + [True], 1)


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "state"), [(59, "sent"), (60, "withheld"), (300, "withheld")])
def test_what_helps_nobody_any_more_is_withheld_however_late_a_worker_comes(minutes, state):
    message = queue(PersonFactory(), useless_from=NOW + timedelta(hours=1))
    assert messages.deliver(message_id=message.pk, now=NOW + timedelta(minutes=minutes)) is (state == "sent")
    message.refresh_from_db()
    assert (message.state, message.text, len(mail.outbox)) == (state, "", int(state == "sent"))


@pytest.mark.django_db
def test_what_could_only_leave_too_late_is_never_written_out():
    message = queue(PersonFactory(), due_at=NOW + timedelta(hours=2), useless_from=NOW + timedelta(hours=2))
    assert (message.state, message.text) == ("withheld", "")
