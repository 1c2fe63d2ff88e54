"""Workers as processes of their own, that can be killed: `manage.py db_worker`, on a test's own database.

Loading the site takes seconds, for each of many processes. One process of a test run does it and from then on only forks: what it
forks runs the command from there. It holds no connection to a database and has no thread.
"""

import multiprocessing
import os
import runpy
import signal
import sys
from pathlib import Path
from unittest import mock

from django.apps import apps
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db import connection, connections
from django.test import override_settings

COMMAND = ["manage.py", "db_worker", "--no-startup-delay", "--interval", "0.2"]

forking = multiprocessing.get_context("forkserver")
forking.set_forkserver_preload(["tests.security.warm"])


class Worker:
    """A worker's process, under way. `environment` is what it finds besides what everybody finds."""

    def __init__(
        self, *arguments: str, said: Path, values: dict[str, object], environment: dict[str, str]
    ) -> None:
        self._said = said
        self._process = forking.Process(
            target=work, args=([*COMMAND, *arguments], said, values, environment), daemon=True
        )
        with mock.patch.dict(
            os.environ, _loaded_with()
        ):  # where this is the first, what it is forked from starts here
            self._process.start()

    def end(self, *, within: float) -> tuple[int | None, str]:
        """What it ended with, and what it said on the way; None where it did not end in so many seconds."""
        self._process.join(within)
        return self._process.exitcode, self._said.read_text()

    def kill(self) -> None:
        """At once, and without a chance to say or to tidy anything."""
        os.kill(self._process.pid, signal.SIGKILL)
        assert self.end(within=30)[0] == -signal.SIGKILL

    def put_away(self) -> None:
        """Whatever became of it."""
        self._process.kill()
        self._process.join(30)
        self._process.close()


def _loaded_with() -> dict[str, str]:
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{database['NAME']}"
    else:
        url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)
    return {
        "PYTHONPATH": str(settings.BASE_DIR),
        "PYTHONWARNINGS": "ignore",
        "DATABASE_URL": url,
    }


def work(command: list[str], said: Path, values: dict[str, object], environment: dict[str, str]) -> None:
    """The forked process. Settings that differ by test take the place of those that were loaded."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
    assert apps.ready, "nothing was loaded before"
    assert "tests.security.warm" in sys.modules
    assert [each.connection for each in connections.all()] == [None]
    os.environ.update(environment)
    os.chdir(settings.BASE_DIR)
    sys.argv = command
    with override_settings(**values):
        runpy.run_path(command[0], run_name="__main__")


class StopsHalfWay(FileSystemStorage):
    """Writes half of a file, says so, and waits for the end."""

    saved = 0

    def _save(self, name: str, content: object) -> str:
        StopsHalfWay.saved += 1
        if StopsHalfWay.saved < int(os.environ["STOP_AT"]):
            return super()._save(name, content)
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"%PDF-1.7 half")
        Path(os.environ["SAYS"]).write_text("half")
        signal.pause()
        raise AssertionError("nobody killed it")
