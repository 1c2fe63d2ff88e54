"""A worker's process is killed while it speaks to a mail server: every message arrives, and none twice but the one in hand.

What the outbox promises (`people.services.messages.deliver`) and no more: between the mail server's yes and the row that says so,
a message may leave once more. Real processes, a real mail server on loopback, on SQLite and on PostgreSQL.
"""

import asyncio
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller
from django.db import connection
from django.utils import timezone

from people.flows import send_message
from people.models import OutboxMessage
from tests.factories import PersonFactory
from tests.figures import figure
from tests.security.test_time_and_faults import (
    Letterboxes,
    letterboxes,
    private_files,
    states,
    time_passes,
    work_through,
    worker,
)

__all__ = ["letterboxes", "private_files", "worker"]  # fixtures

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]

MESSAGES = 24
KILLS = 3
EACH = MESSAGES // (2 * KILLS)  # so many more are taken before each kill
SLOW = 0.2  # seconds between having a message and saying so


class SlowPostbox:
    """Keeps a message first and says so later. Of the one at `silent_at` it never says so."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.silent_at = 0
        self.silent = threading.Event()

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 -- aiosmtpd's name
        self.taken.append(str(message_from_bytes(envelope.content)["Message-ID"]))
        if len(self.taken) == self.silent_at:
            self.silent.set()
            await asyncio.Event().wait()  # until whoever sent it is gone
        await asyncio.sleep(SLOW)
        return "250 taken"

    def wait_for(self, number: int) -> None:
        until = time.monotonic() + 180  # a worker needs a while to start on a machine that does other things
        while len(self.taken) < number and time.monotonic() < until:
            time.sleep(0.02)
        assert len(self.taken) >= number, "the worker never came so far"


@pytest.fixture
def postbox(letterboxes: Letterboxes) -> Iterator[SlowPostbox]:
    """Where the workers of these tests bring their mail."""
    box = SlowPostbox()
    server = Controller(box, hostname="127.0.0.1", port=letterboxes.port)
    server.start()
    yield box
    server.stop()


def queued(count: int) -> set[str]:
    """So many messages with their tasks, each to somebody else. As what the mail server knows them."""
    messages = [
        send_message(
            recipient=PersonFactory(),
            kind="moved",
            cause=f"moved:{number}",
            subject="Een afspraak is veranderd",
            text="Kijk op je leerplek.",
            now=timezone.now(),
        )
        for number in range(count)
    ]
    return {name(message.pk) for message in messages}


def name(pk: object) -> str:
    return f"<{pk}@localhost>"


def in_hand() -> set[str]:
    """What the worker that was killed just now held; the lease of an earlier one's has run out."""
    sending = OutboxMessage.objects.filter(state=OutboxMessage.State.SENDING, lease_until__gt=timezone.now())
    return {name(pk) for pk in sending.values_list("pk", flat=True)}


def check_and_tell(wanted: set[str], postbox: SlowPostbox, at_kills: list[set[str]], what: str) -> Counter:
    """Every message is there; the more there are of one, the more workers died with it in their hands."""
    taken = Counter(postbox.taken)
    more = {each: times - 1 for each, times in taken.items() if times > 1}
    figure(
        f"{connection.vendor}, workers killed while sending, {what}: {len(taken)} of {len(wanted)} messages arrived, "
        f"{len(more)} of them twice, in hand at a kill: {sum(map(len, at_kills))}"
    )
    assert set(taken) == wanted
    assert max(map(len, at_kills)) <= 1
    assert {each: times for each, times in more.items() if times > sum(each in at for at in at_kills)} == {}
    assert states(OutboxMessage) == {"sent": len(wanted)}
    assert not OutboxMessage.objects.exclude(text="", html="", address="").exists()
    return taken


def test_killed_at_any_moment_it_loses_no_message_and_doubles_only_what_it_had_in_hand(
    worker: Callable, postbox: SlowPostbox
):
    wanted, at_kills, chance = queued(MESSAGES), [], random.SystemRandom()
    for _kill in range(KILLS):
        process = worker()
        postbox.wait_for(len(postbox.taken) + EACH)
        time.sleep(chance.uniform(0, 2 * SLOW))
        process.kill()
        at_kills.append(in_hand())
        time_passes()
    work_through(worker)
    taken = check_and_tell(wanted, postbox, at_kills, f"{KILLS} times at random")
    time_passes()
    work_through(worker)  # and nothing more happens
    assert Counter(postbox.taken) == taken


def test_killed_before_it_hears_that_a_message_was_taken_it_sends_that_one_again(
    worker: Callable, postbox: SlowPostbox
):
    """The one moment in which a message leaves twice. Were it not sent again, another moment would lose it."""
    wanted = queued(6)
    postbox.silent_at = 3
    process = worker()
    assert postbox.silent.wait(timeout=180), "the worker never came to the third message"
    process.kill()
    at_kill = in_hand()
    assert at_kill == {postbox.taken[2]}
    assert states(OutboxMessage) == {"sending": 1, "sent": 2, "waiting": 3}
    time_passes()
    work_through(worker)
    taken = check_and_tell(wanted, postbox, [at_kill], "before it heard yes")
    assert taken == Counter(wanted) + Counter(at_kill)
