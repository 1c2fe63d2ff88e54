"""`make test`: on SQLite and on a throw-away PostgreSQL 15, browser journeys included.

What meets no database, and what pages look like, is not asked a second time (docs/decisions/0057). Arguments go to
pytest; `--only sqlite` or `--only postgresql` runs everything on one of the two.
"""

import os
import subprocess
import sys
import tempfile
import time

import setup
from postgres import PostgresMissing, throwaway_cluster
from setup import PYTHON, ROOT, SetupFailed

WORKERS = int(os.environ.get("TEST_WORKERS", min(4, os.cpu_count() or 1)))


def pytest(database: str, url: str, arguments: list[str]) -> int:
    """One run of the whole suite on one database. Returns pytest's exit code."""
    print(f"\n== {database} ==", flush=True)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="leerhuis-test-") as folder:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "VAR_DIR": folder,
            "TEST_SQLITE": f"{folder}/test",
            "DATABASE_URL": url,
        }
        if not url:
            del environment["DATABASE_URL"]  # empty is no address; not there means SQLite
        copies = [f"gw{number}" for number in range(WORKERS)]  # as the processes are called
        making = [str(PYTHON), "-m", "tools.test_databases", *copies]
        spread = ["-n", str(WORKERS), "--dist", "loadfile", "--no-loadscope-reorder"]
        command = [str(PYTHON), "-m", "pytest", "-q", *spread, *arguments]
        for each in (making, command):
            code = subprocess.run(each, cwd=ROOT, env=environment, check=False).returncode
            if code:
                break
    print(
        f"== {database}: {'passed' if code == 0 else 'FAILED'} in {time.monotonic() - started:.0f} s ==",
        flush=True,
    )
    return code


def main(arguments: list[str]) -> int:
    only = ""
    if "--only" in arguments:
        place = arguments.index("--only")
        only = arguments[place + 1]
        arguments = arguments[:place] + arguments[place + 2 :]
    try:
        setup.everything(testing=True)
    except SetupFailed as failed:
        print(failed, file=sys.stderr)
        return 1
    codes = []
    if only != "postgresql":
        codes.append(pytest("SQLite", "", arguments))
    if only != "sqlite":
        try:
            with throwaway_cluster() as url:
                codes.append(pytest("PostgreSQL", url, [*(["--again"] if codes else []), *arguments]))
        except PostgresMissing as missing:
            print(missing, file=sys.stderr)
            return 1
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
