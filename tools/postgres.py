"""A throw-away PostgreSQL 15: a cluster in a temporary folder, on loopback, gone when the block ends.

    with throwaway_cluster() as url: ...

PostgreSQL refuses to run as root, so root hands it to the user `postgres` that Debian's package makes.
"""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

PLACES = ("/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/17/bin")


class PostgresMissing(Exception):
    """PostgreSQL is not installed, or cannot be started here."""


def program(name: str) -> str:
    """Where a PostgreSQL program lies. Raises `PostgresMissing` with what to install."""
    for place in PLACES:
        if (Path(place) / name).exists():
            return str(Path(place) / name)
    if found := shutil.which(name):
        return found
    raise PostgresMissing("PostgreSQL 15 is not installed. On Debian: apt-get install postgresql-15")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def as_somebody_else() -> dict:
    """Arguments for `subprocess` that make root run a program as `postgres`; nothing for anybody else."""
    if os.geteuid() != 0:
        return {}
    try:
        account = pwd.getpwnam("postgres")
    except KeyError:
        raise PostgresMissing(
            "There is no user `postgres`. On Debian: apt-get install postgresql-15"
        ) from None
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


@contextlib.contextmanager
def throwaway_cluster() -> Iterator[str]:
    """Start a cluster and give its `DATABASE_URL`. Durability is off: nothing here has to survive."""
    folder = Path(tempfile.mkdtemp(prefix="leerhuis-pg-"))
    other = as_somebody_else()
    if other:
        os.chown(folder, other["user"], other["group"])
    data, port = folder / "data", free_port()
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "PGOPTIONS": ""}
    run = {"check": True, "env": environment, "cwd": folder, "stdout": subprocess.DEVNULL, **other}
    try:
        subprocess.run(
            [program("initdb"), "-D", str(data), "-A", "trust", "-U", "leerhuis", "-E", "UTF8"], **run
        )
        # Room for two tests at once that let fifty people ask for one place.
        options = (
            f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off "
            "-c synchronous_commit=off -c full_page_writes=off -c max_connections=200 -c timezone=UTC"
        )
        server = [
            program("pg_ctl"),
            "-D",
            str(data),
            "-w",
            "-t",
            "60",
            "-l",
            str(folder / "log"),
            "-o",
            options,
            "start",
        ]
        subprocess.run(server, **run)
        try:
            yield f"postgres://leerhuis@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run(
                [program("pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop"],
                **{**run, "check": False},
            )
    except subprocess.CalledProcessError as error:
        log = (folder / "log").read_text() if (folder / "log").exists() else ""
        raise PostgresMissing(f"PostgreSQL did not start: {error}\n{log}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    # `python tools/postgres.py COMMAND …` runs a command with DATABASE_URL set to a fresh cluster.
    try:
        with throwaway_cluster() as address:
            finished = subprocess.run(sys.argv[1:], env={**os.environ, "DATABASE_URL": address}, check=False)
        sys.exit(finished.returncode)
    except PostgresMissing as missing:
        sys.exit(str(missing))
