"""`make run`: what it starts, it stops, whatever comes between."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.conf import settings

sys.path.insert(0, str(settings.BASE_DIR / "tools"))

import run

from setup import SetupFailed

# Keeps a child and takes no notice of being asked to stop; the file says that both are there.
STUBBORN = """
import pathlib, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path(sys.argv[1]).write_text(str(child.pid))
time.sleep(600)
"""


def is_there(pid: int) -> bool:
    """A process that ended and waits for its parent to be told is not."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(state.stdout.strip()) and not state.stdout.startswith("Z")


def child_of(file: Path) -> int:
    until = time.monotonic() + 30
    while not (file.exists() and file.read_text()):
        assert time.monotonic() < until
        time.sleep(0.05)
    return int(file.read_text())


@pytest.fixture
def silent(monkeypatch, tmp_path):
    """A web server that never answers, with a child of its own. The file its child's number comes in."""
    file = tmp_path / "child"
    command = [sys.executable, "-c", STUBBORN, str(file)]
    program = run.Program("web server", command, dict(os.environ))
    monkeypatch.setattr(run, "programs", lambda port: [program])
    monkeypatch.setattr(run, "LAST_WORDS", 0.5)
    return file, program


@pytest.fixture
def port():
    with run.socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_web_server_that_does_not_answer_is_not_left_behind(silent, port, monkeypatch):
    file, program = silent
    monkeypatch.setattr(run, "PATIENCE", 3)
    with pytest.raises(SetupFailed, match="did not answer within 3 s"):
        run.serve(port, threading.Event())
    assert program.process.returncode == -signal.SIGKILL
    assert not is_there(child_of(file))


def test_who_stops_it_while_it_starts_does_not_wait(silent, port):
    file, program = silent
    stopped = threading.Event()
    serving = threading.Thread(target=run.serve, args=(port, stopped))
    serving.start()
    child = child_of(file)
    stopped.set()
    serving.join(timeout=20)
    assert not serving.is_alive()
    assert program.process.returncode == -signal.SIGKILL
    assert not is_there(child)


def test_a_program_that_ends_starts_again_unless_it_would_only_end_again(monkeypatch, tmp_path):
    program = run.Program("task worker", [sys.executable, "-c", ""], dict(os.environ))
    program.start()
    program.process.wait()
    with pytest.raises(SetupFailed, match="The task worker stopped by itself"):
        program.start_again()
    first = program.process
    monkeypatch.setattr(run, "SHORT_LIFE", 0)
    program.start_again()
    program.process.wait()
    assert program.process is not first
