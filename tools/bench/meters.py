"""Meters: statements and where the processor's time goes. Times are in seconds."""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.template.base import Template

TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def spent() -> float:
    """Processor time of this process and, where the database is a server, of the one that serves us."""
    return time.process_time() + server_time()


def server_time() -> float:
    """Processor time of our PostgreSQL backend, by the kernel's own account; nothing for SQLite, which is in-process."""
    backend = getattr(connection.connection, "info", None)
    if backend is None:
        return 0.0
    try:
        return int(Path(f"/proc/{backend.backend_pid}/schedstat").read_text().split()[0]) / 1e9
    except OSError:
        return 0.0  # another system than Linux: the server's share is left out


@dataclass
class Meter:
    """What was counted while it was on. `template` excludes the SQL that templates cause."""

    statements: list[str] = field(default_factory=list)
    sql: float = 0.0
    template: float = 0.0
    _depth: int = 0
    _sql_in_template: float = 0.0

    @property
    def queries(self) -> int:
        return sum(not statement.lstrip().upper().startswith(TRANSACTION) for statement in self.statements)

    def timed_sql(self, work: Callable[..., Any], *arguments: Any) -> Any:
        started = time.process_time()
        try:
            return work(*arguments)
        finally:
            took = time.process_time() - started
            self.sql += took
            if self._depth:
                self._sql_in_template += took

    def timed_template(self, work: Callable[..., Any], *arguments: Any) -> Any:
        if self._depth:
            return work(*arguments)
        self._depth, self._sql_in_template, started = 1, 0.0, time.process_time()
        try:
            return work(*arguments)
        finally:
            self.template += time.process_time() - started - self._sql_in_template
            self._depth = 0


@contextlib.contextmanager
def metered() -> Iterator[Meter]:
    """Measure what happens inside, at the price of some overhead: for counts and shares, not for totals."""
    meter = Meter()

    class MeteredCursor(CursorWrapper):
        def execute(self, sql: str, params: Any = None) -> Any:
            meter.statements.append(sql)
            return meter.timed_sql(super().execute, sql, params)

        def executemany(self, sql: str, param_list: Any) -> Any:
            meter.statements.append(sql)
            return meter.timed_sql(super().executemany, sql, param_list)

        def fetchone(self) -> Any:
            return meter.timed_sql(self.cursor.fetchone)

        def fetchmany(self, *size: int) -> Any:
            return meter.timed_sql(self.cursor.fetchmany, *size)

        def fetchall(self) -> Any:
            return meter.timed_sql(self.cursor.fetchall)

    make_cursor, render = connection.make_cursor, Template.render
    connection.make_cursor = lambda cursor: MeteredCursor(cursor, connection)
    Template.render = lambda template, context: meter.timed_template(render, template, context)
    try:
        yield meter
    finally:
        del connection.make_cursor
        Template.render = render
        assert connection.make_cursor == make_cursor
