"""`make run`: sets everything up, then runs web server, task worker and clock together until Ctrl-C.

Only the standard library: it runs before anything is installed.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import setup
from setup import PYTHON, ROOT, SetupFailed, done, run, say, unchanged

PROGRAMMES = (
    "site",
    "maatjestraining",
    "motiverende-gespreksvoering",
    "vertrouwen-opbouwen",
    "grenzen-stellen",
    "ervaringsdeskundigheid-inzetten",
)
PATIENCE = 180  # seconds for the web server to answer: no bound for a quiet machine, a busy one needs them
SHORT_LIFE = 30  # seconds: a program that ends sooner would end again
LAST_WORDS = 10  # seconds to finish what a program is doing


def chosen_port() -> int:
    """`PORT`, or 8000. Raises `SetupFailed` where it is no port, or taken."""
    text = os.environ.get("PORT", "8000")
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise SetupFailed(
            f"PORT={text} is no port number. Choose one between 1024 and 65535: PORT=8001 make run"
        )
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except OSError as error:
            raise SetupFailed(
                f"Port {text} is taken by another program. Choose another one: PORT={int(text) + 1} make run"
            ) from error
    return int(text)


def database(port: int) -> None:
    """Migrate, load the programmes, make the demo accounts; skipped where nothing of it changed."""
    migrations = [path for path in ROOT.glob("*/migrations") if path.is_dir()]
    code = [
        ROOT / "cms" / "loading",
        ROOT / "cms" / "programmes",
        ROOT / "cms" / "roles.py",
        ROOT / "cms" / "blocks",
    ]
    commands = [ROOT / "portal" / "management" / "commands" / "load_demo.py", ROOT / "requirements.txt"]
    sources = [*migrations, ROOT / "content", *code, *commands]
    where = os.environ.get("DATABASE_URL", "") + os.environ.get("VAR_DIR", "")
    there = bool(os.environ.get("DATABASE_URL")) or (var_dir() / "leerhuis.sqlite3").exists()
    if there and unchanged("database", sources, extra=where):
        return
    say("Database")
    manage(port, "migrate", "--verbosity", "0")
    say("Programmes")
    manage(port, "load_programme", *(str(ROOT / "content" / name) for name in PROGRAMMES))
    manage(port, "setup_roles")
    say("Demo accounts")
    manage(port, "load_demo")
    done("database", sources, extra=where)


def var_dir() -> Path:
    return Path(os.environ.get("VAR_DIR", ROOT / "var"))


def manage(port: int, *arguments: str) -> None:
    run(
        PYTHON,
        ROOT / "manage.py",
        *arguments,
        env=environment(port),
        failure=f"`manage.py {arguments[0]}` failed; the lines above say why.",
    )


def environment(port: int) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "config.settings.local"),
        "SITE_URL": os.environ.get("SITE_URL", f"http://localhost:{port}"),
        "PYTHONUNBUFFERED": "1",
    }


@dataclass
class Program:
    """One of the three programs, in a session of its own, so that Ctrl-C reaches it through us alone."""

    name: str
    command: list[str]
    environment: dict[str, str]
    process: subprocess.Popen | None = None
    began: float = 0

    def start(self) -> None:
        self.began = time.monotonic()
        self.process = subprocess.Popen(self.command, cwd=ROOT, env=self.environment, start_new_session=True)

    @property
    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def start_again(self) -> None:
        """Raises `SetupFailed` where it would only end again."""
        if time.monotonic() - self.began < SHORT_LIFE:
            raise SetupFailed(f"The {self.name} stopped by itself; the lines above say why.")
        say(f"The {self.name} stopped by itself and starts again")
        self.start()


def programs(port: int) -> list[Program]:
    """The web server first: where it does not come up, the others need not."""
    python, manager = str(PYTHON), str(ROOT / "manage.py")
    quiet = {**environment(port), "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING")}
    gunicorn = [
        *(python, "-m", "gunicorn", "config.wsgi:application", "--bind", f"127.0.0.1:{port}"),
        *("--workers", "1", "--threads", os.environ.get("WEB_THREADS", "4"), "--worker-class", "gthread"),
        *("--log-level", "warning", "--no-control-socket", "--graceful-timeout", "5"),
    ]
    worker = [python, manager, "db_worker", "--interval", "1", "--verbosity", "0"]
    return [
        Program("web server", gunicorn, quiet),
        Program("task worker", worker, quiet),
        Program("clock", [python, manager, "clock"], quiet),
    ]


def wait_for(web: Program, port: int, stopped: threading.Event) -> None:
    """Until the web server answers, or nobody waits for it any more. Raises `SetupFailed` where it does not come up."""
    address, until = f"http://127.0.0.1:{port}/account/login/", time.monotonic() + PATIENCE
    while time.monotonic() < until and not stopped.is_set():
        if web.has_ended:
            raise SetupFailed("The web server stopped; the lines above say why.")
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except urllib.error.HTTPError as error:
            raise SetupFailed(
                f"The site answers with an error ({error.code}); the lines above say why."
            ) from error
        except OSError:
            stopped.wait(0.1)
    if not stopped.is_set():
        raise SetupFailed(f"The web server did not answer within {PATIENCE} s.")


def stop(started: list[Program]) -> None:
    """Ask each to finish what it is doing; after a while stop it, and what it started."""
    processes = [program.process for program in started if program.process is not None]
    for process in processes:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    until = time.monotonic() + LAST_WORDS
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=max(0.1, until - time.monotonic()))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def serve(port: int, stopped: threading.Event) -> None:
    """Run the programs until somebody stops them. Whatever happens leaves none behind. Raises `SetupFailed`."""
    started: list[Program] = []
    try:
        for program in programs(port):
            if stopped.is_set():
                return
            program.start()
            started.append(program)
            if len(started) == 1:
                wait_for(program, port, stopped)
        say_where(port)
        while not stopped.wait(0.5):
            for program in started:
                if program.has_ended:
                    program.start_again()
    finally:
        stop(started)


def say_where(port: int) -> None:
    password = os.environ.get("DEMO_PASSWORD", "rustig-leren-2026")
    print(f"\n  http://localhost:{port}/         the site")
    print(f"  http://localhost:{port}/cms/     the editor, for trainer and editor")
    print(f"\n  Sign in as trainee@, trainer@, coordinator@ or editor@example.org, password {password}")
    print(f"  Mail is written to {var_dir() / 'mail'}\n  Ctrl-C stops everything.\n", flush=True)


def main() -> int:
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_arguments: stopped.set())
    try:
        port = chosen_port()
        print("Leerhuis", flush=True)
        setup.everything()
        database(port)
        say("Web server, worker and clock")
        serve(port, stopped)
    except SetupFailed as failed:
        print(f"\n{failed}", file=sys.stderr)
        return 1
    print("Stopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
