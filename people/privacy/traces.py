"""Looking for somebody in every column of every table, whoever made it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import connection


@dataclass(frozen=True)
class Trace:
    table: str
    column: str
    rows: int


def find_traces(words: Collection[str]) -> list[Trace]:
    """Columns in which one of `words` occurs, whatever its case. Stored sessions are decoded first.

    Reads every row of every table: for after an erasure, not for every day.
    """
    words = [word for word in words if word]
    return [*_in_tables(words), *_in_sessions(words)] if words else []


def _in_tables(words: list[str]) -> Iterator[Trace]:
    quote = connection.ops.quote_name
    place = "INSTR(LOWER(CAST({0} AS TEXT)), LOWER(%s))"
    if connection.vendor == "postgresql":
        place = "STRPOS(LOWER(CAST({0} AS TEXT)), LOWER(%s))"
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            for column in connection.introspection.get_table_description(cursor, table):
                found = " OR ".join([f"{place.format(quote(column.name))} > 0"] * len(words))
                cursor.execute(f"SELECT COUNT(*) FROM {quote(table)} WHERE {found}", words)  # noqa: S608 -- names of ours
                if rows := cursor.fetchone()[0]:
                    yield Trace(table, column.name, rows)


def _in_sessions(words: list[str]) -> Iterator[Trace]:
    lowered = [word.lower() for word in words]
    sessions = apps.get_model("sessions.Session").objects.iterator()
    if rows := sum(any(word in str(row.get_decoded()).lower() for word in lowered) for row in sessions):
        yield Trace("django_session", "session_data", rows)
