"""A site that is loaded and has typeset a sheet. Imported by the process that workers are forked from, and by nobody else."""

import threading

import django

django.setup()

from django.core.management import call_command  # noqa: E402 -- needs the settings, as the others do
from django.db import connections  # noqa: E402
from django.utils import timezone  # noqa: E402

import certification.services.papers  # noqa: E402
import certification.tasks  # noqa: E402, F401
import tests.security.workers  # noqa: E402, F401
from certification.services.samples import preview, sample_sheet  # noqa: E402

call_command("check")  # every command does, and it imports all views
preview(sample_sheet(now=timezone.now()))  # fonts and style sheet are read
connections.close_all()  # what two processes speak through is a connection of neither
assert threading.active_count() == 1, "threads do not come along over a fork"
