"""Two web workers as gunicorn runs them, eight clients, HTTP: processor time beside the plain view, and memory."""

import os
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.db import connection

from people.models import User
from postgres import free_port

from .asking import cookies_of
from .figures import Figure, at_most, shown
from .pages import LEAST_RATE, STRETCH_RATE

WORKERS, CLIENTS, ROUNDS, BATCH = 2, 8, 5, 48


def figures(keys: dict[str, str]) -> list[Figure]:
    port = free_port()
    command = [
        *(
            sys.executable,
            "-m",
            "gunicorn",
            "django.core.wsgi:get_wsgi_application()",
            "--bind",
            f"127.0.0.1:{port}",
        ),
        *("--workers", str(WORKERS), "--worker-class", "gthread", "--threads", "4", "--log-level", "error"),
        "--no-control-socket",
    ]
    server = subprocess.Popen(command, env=os.environ)
    try:
        fresh, busy = (cookies_of(User.objects.get(alias=alias)) for alias in ("fresh", "busy"))
        lesson, long = (f"/les/{keys[name]}/" for name in ("real", "long"))
        asks = {
            "plain view": ("/bench/plain/", fresh),
            "lesson": (lesson, fresh),
            "lesson, answered": (lesson, busy),
        }
        wait_for(f"http://127.0.0.1:{port}/")
        with ThreadPoolExecutor(CLIENTS) as pool:

            def ask(path: str, cookie: str) -> float:
                """Seconds of processor per request, of all workers and all of PostgreSQL."""
                watched = [*children(server.pid), *children(parent(connection.connection.info.backend_pid))]
                before = sum(map(processor_of, watched))
                addresses = [f"http://127.0.0.1:{port}{path}"] * BATCH
                list(pool.map(get, addresses, [cookie] * BATCH))
                return (sum(map(processor_of, watched)) - before) / BATCH

            for path, cookie in [*asks.values(), (long, busy), ("/leerplek/", busy), ("/", "")]:
                ask(path, cookie)
            taken = [{name: ask(*wanted) for name, wanted in asks.items()} for _round in range(ROUNDS)]
        workers = children(server.pid)
        peak = sum(map(kilobytes, workers)) / 1024
    finally:
        server.terminate()
        server.wait(timeout=20)
    assert len(workers) == WORKERS
    times = {name: statistics.median(round_[name] for round_ in taken) for name in asks}
    return [
        *(shown(f"two workers, {name}: processor", times[name] * 1000, "ms") for name in asks),
        *(
            at_most(
                f"two workers, {name}: processor against the plain view",
                times[name] / times["plain view"],
                "x",
                round(1 / LEAST_RATE, 2),
                stretch=round(1 / STRETCH_RATE, 2),
            )
            for name in asks
            if name != "plain view"
        ),
        at_most("two workers: peak memory", peak, "MiB", 300),
    ]


def get(address: str, cookie: str) -> None:
    request = urllib.request.Request(
        address, headers={"Cookie": cookie, "Host": "localhost", "Accept-Encoding": "gzip"}
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        response.read()


def wait_for(address: str) -> None:
    for _attempt in range(300):
        try:
            return get(address, "")
        except urllib.error.HTTPError:
            raise
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(address)


def children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def parent(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[1])


def processor_of(process: int) -> float:
    """Seconds, over all threads of a process."""
    return (
        sum(int(task.read_text().split()[0]) for task in Path(f"/proc/{process}/task").glob("*/schedstat"))
        / 1e9
    )


def kilobytes(process: int) -> int:
    """The most memory a process ever held, shared pages included."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
