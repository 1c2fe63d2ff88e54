"""Two clicks at once, clocks that go wrong, workers that die, mail servers that are away: nothing twice, nothing lost.

Real transactions, real threads, real processes, on SQLite and on PostgreSQL. All traffic stays on loopback.
"""

import os
import select
import socketserver
import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from certification.flows import award_and_queue
from certification.models import Award, Document
from certification.services.documents import produce
from courses.models import ActivityState, Attempt, Enrolment
from courses.services.enrolments import enrol
from people.models import OutboxMessage, User
from people.services.privacy import erase_person
from portal.flows import answer_activity
from tests.certification.conftest import START, complete, items_of, make_course
from tests.conftest import NOW
from tests.factories import PersonFactory, right_answer, wrong_answer
from tests.figures import figure
from tests.security.workers import StopsHalfWay, Worker

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 10


@pytest.fixture(autouse=True)
def private_files(settings, tmp_path: Path) -> Path:
    """Documents of one test stay its own."""
    folder = tmp_path / "private"
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": folder}}
    settings.STORAGES = settings.STORAGES | {"private": private}
    return folder


@pytest.fixture
def enrolment() -> Enrolment:
    learner = PersonFactory(legal_name="Sanne de Vries")
    return enrol(learner=learner, course=make_course(), alias="Roos", now=START)


def at_once(*works: Callable[[], object]) -> list[object]:
    """Each in a thread of its own, started together. What they returned, or raised, in their order."""
    gate = threading.Barrier(len(works))
    results: list[object] = [None] * len(works)

    def one(number: int, work: Callable[[], object]) -> None:
        try:
            gate.wait(timeout=30)
            results[number] = work()
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=90)
    return results


def browser_of(learner: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(learner)
    return client


def graded(enrolment: Enrolment):
    return next(
        item.activity_version
        for item in items_of(enrolment)
        if item.activity_version.activity.kind == "single_choice"
    )


def sender(learner: User, version, data: dict, number: str) -> Callable[[], int]:
    """What a browser does when the button is pressed: gives the status."""
    client = browser_of(learner)
    sent = {**data, "uuid": number, "version": version.pk}
    return lambda: client.post(reverse("answer", args=[version.activity_id]), sent).status_code


def certified() -> tuple[int, int, int]:
    """Awards, documents, and tasks that will make one."""
    tasks = DBTaskResult.objects.filter(task_path="certification.tasks.render_document")
    return Award.objects.count(), Document.objects.count(), tasks.count()


# --- at the same moment ---------------------------------------------------------------------------------------------
def test_ten_clicks_on_one_button_are_one_answer(enrolment: Enrolment):
    version, number = graded(enrolment), str(uuid.uuid4())
    clicks = [sender(enrolment.learner, version, right_answer(version), number) for _ in range(THREADS)]
    statuses = at_once(*clicks)
    attempts = Attempt.objects.filter(enrolment=enrolment)
    figure(f"{THREADS} clicks at once on {connection.vendor}: {attempts.count()} answer, statuses {statuses}")
    assert statuses == [302] * THREADS
    assert attempts.count() == 1
    assert ActivityState.objects.get(enrolment=enrolment).attempts_count == 1


def test_two_answers_under_one_form_at_once_are_one_answer_and_a_question(enrolment: Enrolment):
    """Two tabs that came from the same page: one counts, the other is told."""
    version, number = graded(enrolment), str(uuid.uuid4())
    right, wrong = right_answer(version), wrong_answer(version)
    clicks = [sender(enrolment.learner, version, (right, wrong)[turn % 2], number) for turn in range(THREADS)]
    statuses = at_once(*clicks)
    figure(f"{THREADS} clicks with two answers on {connection.vendor}: statuses {statuses}")
    assert sorted(statuses) == [302] * (THREADS // 2) + [409] * (THREADS // 2)
    assert Attempt.objects.filter(enrolment=enrolment).count() == 1


def test_the_same_form_with_another_answer_is_a_conflict_and_changes_nothing(enrolment: Enrolment):
    version, number = graded(enrolment), str(uuid.uuid4())
    assert sender(enrolment.learner, version, wrong_answer(version), number)() == 302
    assert sender(enrolment.learner, version, right_answer(version), number)() == 409
    assert sender(enrolment.learner, version, wrong_answer(version), number)() == 302
    assert [attempt.passed for attempt in Attempt.objects.filter(enrolment=enrolment)] == [False]


def test_ten_answers_at_once_are_all_kept_and_counted(enrolment: Enrolment):
    version = graded(enrolment)
    answers = [
        sender(enrolment.learner, version, wrong_answer(version), str(uuid.uuid4())) for _ in range(THREADS)
    ]
    assert at_once(*answers) == [302] * THREADS
    state = ActivityState.objects.get(enrolment=enrolment)
    assert Attempt.objects.filter(enrolment=enrolment).count() == THREADS
    assert (state.attempts_count, state.status) == (THREADS, "tried")
    figure(f"{THREADS} of {THREADS} acknowledged answers found once on {connection.vendor}")


def test_ten_last_answers_at_once_give_one_certificate(enrolment: Enrolment):
    complete(enrolment, but=1)
    version = items_of(enrolment)[-1].activity_version
    answers = [
        sender(enrolment.learner, version, right_answer(version), str(uuid.uuid4())) for _ in range(THREADS)
    ]
    assert at_once(*answers) == [302] * THREADS
    counts = certified()
    figure(f"{THREADS} last answers on {connection.vendor}: (awards, documents, tasks) = {counts}")
    assert counts == (1, 1, 1)
    assert Enrolment.objects.get(pk=enrolment.pk).status == "completed"


def test_ten_starts_at_once_are_one_enrolment():
    course, learner = make_course(), PersonFactory()
    start = reverse("start_course", args=[course.short_key])
    clients = [browser_of(learner) for _ in range(THREADS)]
    statuses = at_once(
        *(lambda client=client: client.post(start, {"alias": "Roos"}).status_code for client in clients)
    )
    assert statuses == [302] * THREADS
    assert Enrolment.objects.filter(learner=learner).count() == 1


# --- clocks ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("days", [-1, 1], ids=["a day behind", "a day ahead"])
def test_a_clock_that_is_a_day_off_costs_nobody_an_answer_or_a_certificate(days):
    """The clock was right when the course was begun, and jumped before it was finished: or the other way round."""
    learner = PersonFactory(legal_name="Sanne de Vries")
    enrolment = enrol(learner=learner, course=make_course(), alias="Roos", now=NOW)
    with time_machine.travel(NOW + timedelta(days=days), tick=False):
        for item in items_of(enrolment):
            version = item.activity_version
            assert sender(learner, version, right_answer(version), str(uuid.uuid4()))() == 302
        assert browser_of(learner).get(reverse("leerplek")).status_code == 200
    assert Enrolment.objects.get(pk=enrolment.pk).status == "completed"
    award = Award.objects.get(holder=learner)
    assert award.started_on <= award.completed_on
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        assert produce(award_id=award.pk, now=timezone.now())


def test_answers_given_while_the_clock_was_wrong_count_as_the_others(enrolment: Enrolment):
    version = graded(enrolment)
    for days, data in [(0, right_answer(version)), (-1, wrong_answer(version)), (1, wrong_answer(version))]:
        with time_machine.travel(NOW + timedelta(days=days), tick=False):
            assert sender(enrolment.learner, version, data, str(uuid.uuid4()))() == 302
    state = ActivityState.objects.get(enrolment=enrolment)
    assert (state.attempts_count, state.status, state.best_score) == (3, "done", 1.0)


# --- erasure in the middle ------------------------------------------------------------------------------------------
def test_erasure_while_the_document_is_made_leaves_nothing_of_the_person(
    enrolment: Enrolment, private_files: Path
):
    award = award_and_queue(enrolment=complete(enrolment), now=NOW)
    person = enrolment.learner
    works = [lambda: produce(award_id=award.pk, now=NOW)] * 3 + [lambda: erase_person(user=person, now=NOW)]
    results = at_once(*works)
    assert [result for result in results if isinstance(result, Exception)] == []
    kept = Award.objects.get(pk=award.pk)
    assert (kept.holder, kept.holder_name, kept.salt) == (None, "", "")
    assert Document.objects.count() == 0
    assert list(private_files.rglob("*.pdf")) == []
    assert not User.objects.filter(pk=person.pk).exists()
    assert not OutboxMessage.objects.exists()


# --- processes that die, and a mail server that is away -------------------------------------------------------------
N = 6
HALF_WAY = 3  # the document, and the message, over which a worker dies


class Letterbox(socketserver.ThreadingTCPServer):
    """A mail server on loopback that counts what it took; at `hold_at` it takes the text and says nothing."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int, *, hold_at: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Letter)
        self.taken: list[str] = []
        self.hold_at, self.held = hold_at, threading.Event()

    @property
    def port(self) -> int:
        return self.server_address[1]


class Letter(socketserver.StreamRequestHandler):
    server: Letterbox

    def handle(self) -> None:
        self.say("220 hier")
        while line := self.rfile.readline():
            word = line.split()[0].upper() if line.split() else b""
            if word == b"DATA":
                self.say("354 zeg het")
                if not self.take():
                    return
            elif word == b"QUIT":
                self.say("221 dag")
                return
            else:
                self.say("250 goed")

    def take(self) -> bool:
        text = b""
        while not text.endswith(b"\r\n.\r\n"):
            line = self.rfile.readline()
            if not line:
                return False
            text += line
        if self.server.hold_at and len(self.server.taken) + 1 >= self.server.hold_at:
            self.server.held.set()
            self.rfile.read()  # until whoever sent it is gone
            return False
        self.server.taken.append(str(message_from_bytes(text)["Message-ID"]))
        self.say("250 genomen")
        return True

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


class Letterboxes:
    """The mail server through the day: open and closed again at one port. `taken`: all it ever took."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.box: Letterbox | None = None
        # A port that is ours while nobody listens on it.
        with Letterbox(0) as reserved:
            self.port = reserved.port

    def open(self, **how: int) -> Letterbox:
        self.box = Letterbox(self.port, **how)
        threading.Thread(target=self.box.serve_forever, daemon=True).start()
        return self.box

    def close(self) -> None:
        if self.box is not None:
            self.box.shutdown()
            self.box.server_close()
            self.taken += self.box.taken
            self.box = None


@pytest.fixture
def letterboxes() -> Iterator[Letterboxes]:
    boxes = Letterboxes()
    yield boxes
    boxes.close()


@pytest.fixture
def worker(tmp_path: Path, private_files: Path, letterboxes: Letterboxes) -> Iterator[Callable[..., Worker]]:
    """Starts `manage.py db_worker` on this test's database; whatever is left of it at the end is killed."""
    started: list[Worker] = []

    def start(*arguments: str, **more: str) -> Worker:
        storage = StopsHalfWay if "STOP_AT" in more else FileSystemStorage
        private = {
            "BACKEND": f"{storage.__module__}.{storage.__qualname__}",
            "OPTIONS": {"location": str(private_files)},
        }
        values = {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": letterboxes.port,
            "EMAIL_TIMEOUT": 10,
            "STORAGES": {**settings.STORAGES, "private": private},
        }
        said = tmp_path / f"worker-{len(started)}"
        started.append(Worker(*arguments, said=said, values=values, environment=more))
        return started[-1]

    yield start
    for each in started:
        each.put_away()


def work_through(worker: Callable[..., Worker], *, patience: float = 120) -> None:
    """A worker that does all there is to do, and ends."""
    status, said = worker("--batch").end(within=patience)
    assert status == 0, said[-3000:]


def time_passes() -> None:
    """Twenty minutes later: leases have run out, what was put off is due, a dead worker's task is known to be dead."""
    earlier = timedelta(minutes=20)
    Document.objects.exclude(lease_until=None).update(lease_until=F("lease_until") - earlier)
    Document.objects.update(due_at=F("due_at") - earlier)
    OutboxMessage.objects.exclude(lease_until=None).update(lease_until=F("lease_until") - earlier)
    OutboxMessage.objects.update(due_at=F("due_at") - earlier)
    DBTaskResult.objects.exclude(started_at=None).update(started_at=F("started_at") - earlier)
    put_off = DBTaskResult.objects.filter(run_after__lt=timezone.now() + timedelta(days=400))
    put_off.update(run_after=F("run_after") - earlier)  # "at once" is a date in the far future
    call_command("clock", "--once")


def awards(count: int) -> list[Award]:
    course, now = make_course(), timezone.now()
    made = []
    for number in range(count):
        learner = PersonFactory(legal_name=f"Deelnemer {number}")
        done = complete(enrol(learner=learner, course=course, alias="Roos", now=START))
        made.append(award_and_queue(enrolment=done, now=now))
    return made


def states(model: type) -> dict[str, int]:
    found = list(model.objects.values_list("state", flat=True))
    return {state: found.count(state) for state in sorted(set(found))}


@pytest.mark.timeout(300)
def test_every_document_and_every_message_once_whatever_dies_on_the_way(
    worker, letterboxes, private_files, tmp_path
):
    """A worker is killed over a document, the mail server is away, a worker is killed over a message."""
    awards(N)
    says = tmp_path / "says"
    os.mkfifo(says)
    reading = os.open(says, os.O_RDONLY | os.O_NONBLOCK)
    try:
        first = worker(STOP_AT=str(HALF_WAY), SAYS=str(says))
        assert select.select([reading], [], [], 90)[0], "the worker never came to the third document"
    finally:
        os.close(reading)
    first.kill()
    assert states(Document) == {"ready": HALF_WAY - 1, "rendering": 1, "waiting": N - HALF_WAY}

    time_passes()
    work_through(worker)  # with no mail server
    assert states(Document) == {"ready": N}
    assert states(OutboxMessage) == {"waiting": N}
    assert set(OutboxMessage.objects.values_list("last_error", flat=True)) == {"ConnectionRefusedError"}

    box = letterboxes.open(hold_at=HALF_WAY)
    time_passes()
    second = worker()
    assert box.held.wait(timeout=90), "the worker never came to the third message"
    second.kill()
    letterboxes.close()
    assert states(OutboxMessage) == {"sending": 1, "sent": HALF_WAY - 1, "waiting": N - HALF_WAY}

    letterboxes.open()
    time_passes()
    work_through(worker)
    letterboxes.close()

    files = sorted(path.relative_to(private_files).as_posix() for path in private_files.rglob("*.pdf"))
    named = sorted(Document.objects.values_list("file_name", flat=True))
    sent, taken = states(OutboxMessage), letterboxes.taken
    figure(
        f"{connection.vendor}: 2 workers killed, mail server away and back: {len(named)} of {N} documents, "
        f"{len(files)} files, {len(set(taken))} of {N} messages taken, {len(taken) - len(set(taken))} twice"
    )
    assert files == named
    assert len(set(named)) == N
    assert sent == {"sent": N}
    assert sorted(taken) == sorted(
        f"<{pk}@localhost>" for pk in OutboxMessage.objects.values_list("pk", flat=True)
    )
    assert not OutboxMessage.objects.exclude(text="", html="", address="").exists()

    time_passes()
    work_through(worker)  # and nothing more happens
    assert states(OutboxMessage) == {"sent": N}
    assert len(Document.objects.all()) == N


@pytest.mark.timeout(240)
def test_a_worker_that_dies_before_it_began_loses_no_certificate(worker, letterboxes, private_files):
    """Between award and document: the task was taken, and nothing else was done."""
    (award,) = awards(1)
    DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now(), worker_ids=["een-dode-werker"])
    work_through(worker)
    assert states(Document) == {"waiting": 1}
    letterboxes.open()
    time_passes()
    work_through(worker)
    letterboxes.close()
    assert states(Document) == {"ready": 1}
    assert len(letterboxes.taken) == 1
    assert Document.objects.get(award=award).file_name


def test_an_answer_that_fails_half_way_leaves_neither_award_nor_task(enrolment: Enrolment):
    """The database gives up at the very end: nothing of the answer is kept, and the same answer may come again."""
    complete(enrolment, but=1)
    version = items_of(enrolment)[-1].activity_version
    number = uuid.uuid4()

    def answer() -> None:
        answer_activity(
            learner=enrolment.learner,
            activity_id=version.activity_id,
            version_id=version.pk,
            data=right_answer(version),
            uuid=number,
            now=NOW,
        )

    with transaction.atomic():
        answer()
        assert certified() == (1, 1, 1)
        transaction.set_rollback(True)
    assert not Attempt.objects.filter(uuid=number).exists()
    assert certified() == (0, 0, 0)
    answer()
    assert certified() == (1, 1, 1)
