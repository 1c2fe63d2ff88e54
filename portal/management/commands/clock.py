"""The clock: what has to happen because time passed."""

import io
import logging
import os
import signal
import socket
import threading
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections
from django.utils import timezone

from certification.flows import (
    award_what_waited,
    remind_of_ends,
    renew_what_points_renew,
    requeue_forgotten_batches,
    requeue_overdue_documents,
    sweep_document_files,
)
from certification.services.accesses import clear_old_accesses, clear_old_batches
from certification.services.bundles import drop_expired
from courses.services.care import clear_call_requests
from courses.services.handed_files import sweep_handed_files
from courses.services.retention import clear_old_reflections, close_old_records
from courses.services.teams import align_teams
from media.flows import requeue_overdue_imports
from media.services.clearing import clear_unused
from meetings.flows import let_offers_run_out, remind
from meetings.services.invitations import let_invitations_run_out
from meetings.services.learning_points import clear_old_learning_points
from meetings.services.rooms import end_forgotten_rooms
from people.flows import redeliver_overdue
from people.services.leases import release_lease, take_lease
from people.services.retention import clear_expired
from portal.flows import ask_later_questions, complete_finished, wait_out_assignments

logger = logging.getLogger(__name__)

EVERY = 60  # seconds
LEASE = 300  # seconds: longer than a round takes, short enough to be taken over after a crash


def publish_scheduled(*, now: datetime) -> None:
    """Pages whose time has come go live, or leave, through the same doors as by hand."""
    call_command("publish_scheduled", verbosity=0)


def sweep_uploads(*, now: datetime) -> None:
    """Programmes that were uploaded to the editor and not confirmed are removed."""
    call_command("sweep_uploads", verbosity=0, stdout=io.StringIO())


JOBS: tuple[Callable[..., Any], ...] = (
    align_teams,  # first: what is scheduled asks who may publish
    publish_scheduled,
    complete_finished,
    requeue_overdue_documents,
    redeliver_overdue,
    wait_out_assignments,
    requeue_overdue_imports,
    requeue_forgotten_batches,
    drop_expired,
    let_offers_run_out,
    let_invitations_run_out,
    remind,
    end_forgotten_rooms,
    ask_later_questions,
)
# What looks at everybody under way: often enough that nobody waits, not every minute.
OFTEN: tuple[Callable[..., Any], ...] = (award_what_waited, renew_what_points_renew)
DAILY: tuple[Callable[..., Any], ...] = (
    clear_expired,
    remind_of_ends,
    clear_old_reflections,
    clear_old_learning_points,
    close_old_records,
    clear_call_requests,
    sweep_document_files,
    clear_old_accesses,
    clear_old_batches,
    sweep_handed_files,
    sweep_uploads,
    clear_unused,
)
A_WHILE = 15 * 60  # seconds that such a round is taken for
A_DAY = 20 * 3600  # seconds that the day's round is taken for


class Command(BaseCommand):
    help = "Runs every due job once a minute, under a lease: several clocks may run, one works."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="One round, then stop.")

    def handle(self, *args: object, **options: Any) -> None:
        if options["once"]:
            run_round()
            return
        stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_args: stopped.set())
        while not stopped.is_set():
            run_round()
            stopped.wait(EVERY)


def run_round() -> None:
    """All due jobs once: the minute's under a lease that is given back, the day's under one that is kept."""
    close_old_connections()
    holder = f"{socket.gethostname()}:{os.getpid()}"
    if not take_lease(name="clock", holder=holder, seconds=LEASE, now=timezone.now()):
        return
    try:
        _run(JOBS)
        if take_lease(name="clock-often", holder=uuid.uuid4().hex, seconds=A_WHILE, now=timezone.now()):
            _run(OFTEN)
        if take_lease(name="clock-daily", holder=uuid.uuid4().hex, seconds=A_DAY, now=timezone.now()):
            _run(DAILY)
    finally:
        release_lease(name="clock", holder=holder)


def _run(jobs: tuple[Callable[..., Any], ...]) -> None:
    """A job that fails is logged and does not keep the others from running."""
    for job in jobs:
        try:
            job(now=timezone.now())
        except Exception:
            logger.exception("the clock's job %s failed", job.__name__)
