"""A table of the screen as a file: the same rows in the same order, and nothing in it that a spreadsheet would run."""

import django_tables2 as tables
import tablib
from django.http import HttpResponse

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# What makes a cell a formula, in one program or another; full-width signs count as the plain ones do.
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(value: object) -> object:
    """The value; a text that a spreadsheet would take for a formula gets a mark in front that makes it text."""
    if not isinstance(value, str):
        return value
    return f"'{value}" if value.lstrip(" \u00a0").startswith(RUNS) or value.startswith(RUNS) else value


def as_file(table: tables.Table, *, file_format: str, name: str, title: str) -> HttpResponse:
    """All rows of a table, as it is filtered and sorted. `name` is neutral: files lie around in a downloads folder."""
    header, *rows = [[harmless(cell) for cell in row] for row in table.as_values()]
    data = tablib.Dataset(*rows, headers=header, title=title[:31])
    # The mark in front: without it Excel takes UTF-8 for something else.
    content = "\ufeff" + data.export("csv") if file_format == "csv" else data.export("xlsx")
    response = HttpResponse(content, content_type=FORMATS[file_format])
    response["Content-Disposition"] = f'attachment; filename="{name}.{file_format}"'
    return response
