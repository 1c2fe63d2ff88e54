"""What goes out about meetings: neutral, one mail instead of many, and every one of them once."""

import re
import smtplib
from datetime import timedelta
from pathlib import Path

import polib
import pytest
from aiosmtpd.controller import Controller
from django.conf import settings as django_settings
from django.core import mail
from django.core.management import call_command
from django.db import connection

from meetings import wording
from meetings.flows import cancel_and_tell, change_and_tell, remind
from meetings.rules import TELLING, is_neutral
from meetings.services.planning import state_of
from people.flows import redeliver_overdue
from people.models import ContactPreference, OutboxMessage
from people.services.joining import joined, switch_off_address
from people.services.messages import claim_companions, claim_message, deliver, queue_message
from tests.factories import PersonFactory
from tests.figures import figure


def shifted(circle, now):
    meeting = circle.meetings[3]
    later = meeting.starts_at + timedelta(days=7)
    return change_and_tell(
        meeting=meeting,
        state=state_of(meeting),
        by=circle.trainer,
        starts_at=later,
        ends_at=later + timedelta(minutes=150),
        and_later=True,
        now=now,
    )


@pytest.mark.django_db
def test_six_moved_meetings_are_one_mail_for_each_person(circle, now):
    shifted(circle, now)
    ids = list(OutboxMessage.objects.values_list("pk", flat=True))
    assert len(ids) == 18
    sent = [deliver(message_id=pk, now=now) for pk in ids]
    assert sum(sent) == len(mail.outbox) == 3
    assert {message.subject for message in mail.outbox} == {"Er zijn 6 berichten voor je"}
    for message in mail.outbox:
        assert message.body.count("Een afspraak is veranderd.") == 6
        assert message.body.startswith("Hallo,\n\n")
    assert set(OutboxMessage.objects.values_list("state", "text")) == {("sent", "")}


def dates_in(letter) -> list[str]:
    return re.findall(r"(\d+ (?:november|december|januari)), 19\.00 uur", letter.body)


@pytest.mark.django_db
def test_what_is_told_of_several_meetings_stands_in_the_order_of_their_dates(circle, now):
    """Whatever was written down first: the last of all is called off before the others move."""
    cancel_and_tell(meeting=circle.meetings[8], by=circle.trainer, now=now - timedelta(hours=1))
    shifted(circle, now)
    for pk in OutboxMessage.objects.order_by("-created_at", "-pk").values_list("pk", flat=True):
        deliver(message_id=pk, now=now)
    assert [dates_in(letter) for letter in mail.outbox] == [
        ["24 december", "31 december", "7 januari", "14 januari", "21 januari", "21 januari"]
    ] * 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "until"), [(7, timedelta(days=7)), (0, timedelta(0)), (-1, timedelta(0))], ids=str
)
def test_a_change_is_told_until_nobody_can_miss_anything_by_it(circle, now, days, until):
    """Until the meeting begins; until it would have begun, where it comes earlier."""
    meeting = circle.meetings[3]
    starts_at = meeting.starts_at + timedelta(days=days)
    change_and_tell(
        meeting=meeting,
        state=state_of(meeting),
        by=circle.trainer,
        place="Utrecht, zaal 3",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=150),
        now=now,
    )
    told = OutboxMessage.objects.get(recipient=circle.people[0])
    last = meeting.starts_at + until
    assert not deliver(message_id=told.pk, now=last)
    told.refresh_from_db()
    assert (told.state, told.useless_from) == ("withheld", last)


@pytest.mark.django_db
def test_what_belongs_to_somebody_else_or_is_not_due_does_not_come_along(circle, now):
    shifted(circle, now)
    first = OutboxMessage.objects.filter(recipient=circle.people[0]).first()
    queue_message(
        recipient=circle.people[0],
        kind="feedback",
        cause="alone",
        subject="Antwoord",
        text="Los bericht.",
        now=now,
    )
    queue_message(
        recipient=circle.people[0],
        kind="later",
        cause="later",
        subject="Straks",
        text="Straks",
        joinable=True,
        due_at=now + timedelta(hours=1),
        now=now,
    )
    deliver(message_id=first.pk, now=now)
    (message,) = mail.outbox
    assert message.to == [circle.people[0].email]
    assert "Los bericht" not in message.body
    assert "Straks" not in message.body
    assert OutboxMessage.objects.filter(state="waiting").count() == 12 + 2


@pytest.mark.django_db
def test_a_mail_server_that_is_away_leaves_all_of_a_mail_waiting(circle, now, settings):
    settings.EMAIL_BACKEND = "tests.people.test_messages.BusyMailServer"
    shifted(circle, now)
    first = OutboxMessage.objects.filter(recipient=circle.people[0]).first()
    assert not deliver(message_id=first.pk, now=now)
    rows = OutboxMessage.objects.filter(recipient=circle.people[0])
    assert set(rows.values_list("state", "attempts", "last_error")) == {
        ("waiting", 1, smtplib.SMTPServerDisconnected.__name__)
    }


@pytest.mark.django_db
def test_who_wants_fewer_messages_gets_no_reminder_but_hears_of_a_change(circle, now, client):
    person = circle.people[0]
    remind(now=circle.meetings[0].starts_at - timedelta(hours=23))
    reminder = OutboxMessage.objects.get(kind="reminder", recipient=person)
    when = circle.meetings[0].starts_at - timedelta(hours=22)
    deliver(message_id=reminder.pk, now=when)
    (sent,) = mail.outbox
    address = re.search(r"https?://testserver(/account/messages/\S+/)", sent.body)[1]
    assert sent.extra_headers["List-Unsubscribe"] == f"<http://testserver{address}>"
    assert client.get(address).status_code == 200
    assert not ContactPreference.objects.filter(user=person, only_needed=True).exists()
    assert client.post(address).status_code == 200
    assert ContactPreference.objects.get(user=person).only_needed
    person.refresh_from_db()
    shifted(circle, now)
    del person.__dict__["_state"].fields_cache
    states = OutboxMessage.objects.filter(recipient=person, kind="moved").values_list("state", flat=True)
    assert set(states) == {"waiting"}
    assert client.post("/account/messages/onzin/").status_code == 404


def every_wording(circle):
    """Each message of this app, as it would be written."""
    meeting = circle.meetings[3]
    with wording.in_our_language():
        yield wording.invitation("x" * 43)
        yield wording.place_free(meeting.starts_at, "http://testserver/leerplek/")
        yield wording.welcome()
        for write in (wording.reminder, wording.planned, wording.moved, wording.cancelled, wording.catch_up):
            yield write(meeting)


@pytest.mark.django_db
def test_no_message_about_meetings_tells_what_it_is_about(circle, now):
    names = [circle.course.title, circle.course.programme.name, circle.cohort.name, circle.meetings[3].title]
    off = switch_off_address(circle.people[0])
    for words in every_wording(circle):
        subject, text, html = joined([(words.subject, words.text)], off)
        for shown in (subject, text, html):
            assert is_neutral(shown), shown
            assert [name for name in names if name in shown] == []
        assert "<img" not in html
        assert "style" not in html


def sentences_of_messages() -> list[str]:
    """Every sentence of the code base that goes out as a message: what is given to the outbox, and allauth's templates."""
    root = Path(django_settings.BASE_DIR)
    found = []
    for path in [*root.glob("*/flows.py"), *root.glob("*/flows/*.py"), *root.glob("*/wording.py")]:
        if "messages" in path.read_text() or "send_message" in path.read_text() or path.name == "wording.py":
            found += [path.read_text()]
    for app in ("certification", "people", "portal", "meetings", "courses"):
        found += [
            path.read_text()
            for path in root.glob(f"{app}/services/*.py")
            if "queue_message(" in path.read_text()
        ]
    found += [path.read_text() for path in root.glob("*/templates/account/email/*")]
    return found


def test_no_source_of_a_message_holds_a_word_that_tells():
    """The English sentences where they are written, and their Dutch in the catalogue."""
    sources = sentences_of_messages()
    assert len(sources) >= 10
    catalogue = polib.pofile(str(Path(django_settings.BASE_DIR) / "locale/nl/LC_MESSAGES/django.po"))
    quoted = {entry.msgid: entry.msgstr for entry in catalogue if entry.msgid and not entry.obsolete}
    flat = [re.sub(r'"\s*\n\s*"', "", source) for source in sources]
    checked, telling = 0, []
    for msgid, msgstr in quoted.items():
        as_written = msgid.replace("\n", "\\n")
        if any(f'_("{as_written}")' in source or f'_(\n        "{as_written}"' in source for source in flat):
            checked += 1
            telling += [text for text in (msgid, msgstr) if not is_neutral(text)]
    assert telling == []
    assert checked >= 15, checked
    assert "geweld" in TELLING


@pytest.mark.django_db
def test_a_worker_that_dies_with_a_mail_in_hand_loses_none_of_its_messages(circle, now):
    """It had taken six as one mail and said nothing more. When its lease has run out each leaves, once."""
    shifted(circle, now)
    mine = OutboxMessage.objects.filter(recipient=circle.people[0])
    first = claim_message(message_id=mine.first().pk, now=now)
    assert len(claim_companions(message=first, now=now)) == 5
    assert set(mine.values_list("state", flat=True)) == {"sending"}
    assert deliver(message_id=first.pk, now=now + timedelta(minutes=4)) is False
    later = now + timedelta(minutes=6)
    redeliver_overdue(now=later)
    for pk in list(mine.values_list("pk", flat=True)):
        deliver(message_id=pk, now=later)
    told = [message for message in mail.outbox if message.to == [circle.people[0].email]]
    assert sum(message.body.count("Een afspraak is veranderd.") for message in told) == 6
    assert set(mine.values_list("state", "text")) == {("sent", "")}


@pytest.mark.django_db
def test_an_operator_sees_what_could_not_be_delivered_and_never_what_it_said(now, capsys):
    person = PersonFactory(alias="Wilg")
    words = {"kind": "moved", "subject": "Geheim", "text": "Geheim", "now": now}
    dead = queue_message(recipient=person, cause="1", **words)
    OutboxMessage.objects.filter(pk=dead.pk).update(state="dead", attempts=8, last_error="SMTPDataError 550")
    queue_message(recipient=person, cause="2", **words)
    call_command("outbox")
    shown = capsys.readouterr().out
    assert "dead      1\nwaiting   1\n" in shown
    assert "moved: to Wilg, 8 attempts, SMTPDataError 550" in shown
    assert "Geheim" not in shown
    assert person.email not in shown


# --- a real mail server ---------------------------------------------------------------------------------------------
class Postbox:
    """Takes mail over SMTP and keeps it."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes]] = []

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 -- aiosmtpd's name
        self.taken.append((envelope.rcpt_tos[0], envelope.content))
        return "250 OK"


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.django_db
def test_a_mail_server_that_was_away_for_an_hour_gets_every_message_once(circle, now, settings):
    """Nobody listens at the port for an hour, the clock and the worker go on; then the server is back."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", free_port(), 5
    people = [PersonFactory() for _number in range(20)]
    queued = [
        queue_message(
            recipient=person,
            kind="moved",
            cause=f"m:{number}:{person.pk}",
            subject="Een afspraak is veranderd",
            text=f"Afspraak {number}.",
            joinable=number < 2,
            now=now,
        )
        for person in people
        for number in range(3)
    ]

    def round_of_the_clock(moment):
        redeliver_overdue(now=moment)
        due = OutboxMessage.objects.filter(state="waiting", due_at__lte=moment)
        return [deliver(message_id=pk, now=moment) for pk in list(due.values_list("pk", flat=True))]

    away = [sum(round_of_the_clock(now + timedelta(minutes=minute))) for minute in range(0, 60, 3)]
    assert sum(away) == 0
    postbox = Postbox()
    server = Controller(postbox, hostname="127.0.0.1", port=settings.EMAIL_PORT)
    server.start()
    try:
        for minute in range(60, 200, 5):
            round_of_the_clock(now + timedelta(minutes=minute))
    finally:
        server.stop()
    sent = OutboxMessage.objects.filter(state="sent").count()
    texts = sorted(
        (to, number)
        for to, content in postbox.taken
        for number in re.findall(rb"Afspraak (\d)\.\r\n", content.split(b"text/html")[0])
    )
    figure(
        f"mail server away for an hour on {connection.vendor}: {sent} of {len(queued)} messages delivered once, "
        f"in {len(postbox.taken)} mails"
    )
    assert sent == len(queued) == 60
    assert texts == sorted((person.email, str(n).encode()) for person in people for n in range(3))
    assert len(postbox.taken) == 40
