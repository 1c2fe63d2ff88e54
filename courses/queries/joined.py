"""Whole rows of several models by one statement written by hand.

For the few reads that every lesson asks: the ORM takes three to six times as long to write such a join as the database
to answer it. Everything else is a queryset.
"""

import threading
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Field, Model


class Joined:
    """`SELECT … {source}`. `wanted` says what, by name: a model for all columns of the table that `source` calls by that
    name, or an expression of SQL for one value as the database gives it.

    What is given as a parameter is no part of the statement: write `%s` for it, as ever.
    """

    def __init__(self, wanted: Mapping[str, type[Model] | str], source: str) -> None:
        self.wanted = wanted
        self.source = source
        # By thread, as connections are: a database's converters hold on to the connection they were made for.
        self._of_thread = threading.local()

    def rows(self, *parameters: object) -> list["Row"]:
        """The rows found. A model instance as parameter stands for its primary key."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [_prepared(parameter) for parameter in parameters])
            return [Row(self, values) for values in cursor.fetchall()]

    def first(self, *parameters: object) -> "Row | None":
        return next(iter(self.rows(*parameters)), None)

    @cached_property
    def sql(self) -> str:
        columns = [
            f"{name}.{connection.ops.quote_name(field.column)}" if field else f"{self.wanted[name]} AS {name}"
            for name, field in self._columns
        ]
        return f"SELECT {', '.join(columns)} {self.source}"

    @cached_property
    def places(self) -> dict[str, slice]:
        """Where each thing wanted stands in a row."""
        names = [name for name, _field in self._columns]
        return {name: slice(names.index(name), names.index(name) + names.count(name)) for name in self.wanted}

    def conversions(self, name: str) -> list[tuple[int, Callable[..., Any], Any]]:
        """What makes a model's values of what the database gave: the place among its columns, how, and the column."""
        known = self._of_thread.__dict__
        if name not in known:
            columns = [field.get_col(name) for each, field in self._columns if each == name and field]
            known[name] = [
                (place, convert, column)
                for place, column in enumerate(columns)
                for convert in [
                    *connection.ops.get_db_converters(column),
                    *column.get_db_converters(connection),
                ]
            ]
        return known[name]

    @cached_property
    def _columns(self) -> list[tuple[str, Field | None]]:
        return [
            (name, field)
            for name, what in self.wanted.items()
            for field in ([None] if isinstance(what, str) else what._meta.concrete_fields)
        ]


class Row:
    """One row found. Instances are made when they are asked for, each time anew: most of a lesson's are never needed."""

    __slots__ = ("_statement", "_values")

    def __init__(self, statement: Joined, values: tuple[Any, ...]) -> None:
        self._statement = statement
        self._values = values

    def __getitem__(self, name: str) -> Any:
        """An instance, or `None` where an outer join found no row; of an expression the bare value."""
        model, place = self._statement.wanted[name], self._statement.places[name]
        if isinstance(model, str):
            return self._values[place.start]
        values = list(self._values[place])
        fields = model._meta.concrete_fields
        if values[fields.index(model._meta.pk)] is None:
            return None
        for number, convert, column in self._statement.conversions(name):
            values[number] = convert(values[number], column, connection)
        return model.from_db(DEFAULT_DB_ALIAS, [field.attname for field in fields], values)


def _prepared(parameter: object) -> object:
    if isinstance(parameter, Model):
        return parameter._meta.pk.get_db_prep_value(parameter.pk, connection)
    return parameter
