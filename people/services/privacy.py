"""Giving people what we hold about them, and erasing it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import OperationalError, connection, models, transaction

from people.models import User
from people.privacy import Holding, holdings
from people.privacy.traces import Trace, find_traces

TRIES = 3


@dataclass(frozen=True)
class ErasureReport:
    """What an erasure did: rows deleted or changed per model, and where the person still turns up (it should be nowhere)."""

    rows: Mapping[str, int]
    traces: list[Trace]


def export_person(*, user: User, now: datetime) -> dict[str, Any]:
    """All that is held about somebody, per model a list of rows; only what JSON can hold.

    Encrypted text comes readable, by the function its app declared. Secrets (passwords, keys) are left out.
    """
    held: dict[str, list[dict[str, Any]]] = {}
    for holding in holdings():
        if holding.person is None:
            continue
        rows = [_exported(holding, row) for row in _rows(holding, user).iterator(chunk_size=500)]
        if rows:
            held.setdefault(holding.model, []).extend(rows)
    export = {"made_at": now, "account": user.email, "holdings": held}
    return json.loads(json.dumps(export, cls=DjangoJSONEncoder))


def erase_person(*, user: User, now: datetime) -> ErasureReport:
    """Erase somebody: every holding from the top floor down, the account last, all of it or nothing.

    Whoever writes for them at the same moment holds other rows first, and the database may break off either. This is then
    done again: somebody who asked to be erased is. Not within a transaction of the caller's, which is broken off as a whole.
    Afterwards every table is searched for their key and their addresses; what is found is reported, not hidden.
    Names are not searched for here: they are words that others use as well.
    """
    for _try in range(TRIES - 1):
        try:
            return _erase(user, now)
        except OperationalError:
            if connection.in_atomic_block:
                raise
    return _erase(user, now)


@transaction.atomic
def _erase(user: User, now: datetime) -> ErasureReport:
    words = {user.email, str(user.pk), user.pk.hex, *user.emailaddress_set.values_list("email", flat=True)}
    done: dict[str, int] = {}
    # Locked, so that nothing is made for them meanwhile; and an instance of our own, as deleting one empties its key.
    person = User.objects.select_for_update().get(pk=user.pk)
    for holding in holdings():
        rows = _rows(holding, person).count() if holding.person else 0
        if holding.erase is not None:
            holding.erase(user=person, now=now)
        elif holding.person is not None:
            _erase_as_declared(holding, person)
        if rows:
            done[holding.model] = done.get(holding.model, 0) + rows
    return ErasureReport(rows=done, traces=find_traces(words))


def _rows(holding: Holding, user: User) -> models.QuerySet[Any]:
    # Distinct: a path over a many-to-many meets a row more than once.
    return holding.model_class()._base_manager.filter(**{holding.person: user.pk}).distinct()


def _erase_as_declared(holding: Holding, user: User) -> None:
    rows = _rows(holding, user)
    endings = {personal.on_erasure for personal in holding.fields.values()}
    if endings == {"deleted"}:
        model = holding.model_class()
        model._base_manager.filter(pk__in=list(rows.values_list("pk", flat=True))).delete()
        return
    empty = {
        name: _empty(holding.model_class()._meta.get_field(name))
        for name, personal in holding.fields.items()
        if personal.on_erasure in {"cleared", "pseudonymised"}
    }
    if empty:
        keys = list(rows.values_list("pk", flat=True))
        holding.model_class()._base_manager.filter(pk__in=keys).update(**empty)


def _empty(field: Any) -> object:
    return None if field.null else field.get_default()


def _exported(holding: Holding, row: models.Model) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, personal in holding.fields.items():
        if callable(personal.export):
            values[name] = personal.export(row)
        elif personal.export:
            values[name] = _value(row, name)
    values |= {name: _value(row, name) for name in holding.plain}
    return values


def _value(row: models.Model, name: str) -> object:
    field = row._meta.get_field(name)
    if field.many_to_many:
        return [str(item) for item in getattr(row, name).all()]
    value = field.value_from_object(row)
    if isinstance(field, models.FileField):
        return value.name
    if isinstance(value, bytes | memoryview):
        return None  # not readable; an app that holds such a thing declares a function for it
    return value
