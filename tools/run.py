"""`make run`: sets everything up, then runs web server, task worker and clock together until Ctrl-C.

Only the standard library: it runs before anything is installed.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
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
PATIENCE = 60  # seconds for the web server to answer


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


def start(port: int) -> list[subprocess.Popen]:
    """The three processes, each in a session of its own, so that Ctrl-C reaches them through us alone."""
    python, manager = str(PYTHON), str(ROOT / "manage.py")
    quiet = {**environment(port), "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING")}
    gunicorn = [
        *(python, "-m", "gunicorn", "config.wsgi:application", "--bind", f"127.0.0.1:{port}"),
        *("--workers", "1", "--threads", os.environ.get("WEB_THREADS", "4"), "--worker-class", "gthread"),
        *("--log-level", "warning", "--no-control-socket"),
    ]
    options = {"cwd": ROOT, "env": quiet, "start_new_session": True}
    web = subprocess.Popen(gunicorn, **options)
    wait_for(web, port)
    worker = subprocess.Popen(
        [python, manager, "db_worker", "--interval", "1", "--verbosity", "0"], **options
    )
    clock = subprocess.Popen([python, manager, "clock"], **options)
    return [web, worker, clock]


def wait_for(web: subprocess.Popen, port: int) -> None:
    """Until the web server answers. Raises `SetupFailed` where it does not come up."""
    address, until = f"http://127.0.0.1:{port}/account/login/", time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if web.poll() is not None:
            raise SetupFailed("The web server stopped; the lines above say why.")
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except urllib.error.HTTPError as error:
            raise SetupFailed(
                f"The site answers with an error ({error.code}); the lines above say why."
            ) from error
        except OSError:
            time.sleep(0.1)
    raise SetupFailed(f"The web server did not answer within {PATIENCE} s.")


def stop(processes: list[subprocess.Popen]) -> None:
    """Ask each to finish what it is doing; after ten seconds stop it."""
    for process in processes:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    until = time.monotonic() + 10
    for process in processes:
        try:
            process.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def main() -> int:
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_arguments: stopped.set())
    processes: list[subprocess.Popen] = []
    try:
        port = chosen_port()
        print("Leerhuis", flush=True)
        setup.everything()
        database(port)
        if stopped.is_set():
            return 0
        say("Web server, worker and clock")
        processes = start(port)
        password = os.environ.get("DEMO_PASSWORD", "rustig-leren-2026")
        print(f"\n  http://localhost:{port}/         the site")
        print(f"  http://localhost:{port}/cms/     the editor, for trainer and editor")
        print(f"\n  Sign in as trainee@, trainer@, coordinator@ or editor@example.org, password {password}")
        print(f"  Mail is written to {var_dir() / 'mail'}\n  Ctrl-C stops everything.\n", flush=True)
        while not stopped.wait(0.5):
            if ended := next((process for process in processes if process.poll() is not None), None):
                raise SetupFailed(
                    f"A process stopped by itself ({' '.join(ended.args[1:4])}); the lines above say why."
                )
    except SetupFailed as failed:
        print(f"\n{failed}", file=sys.stderr)
        return 1
    finally:
        stop(processes)
    print("Stopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
