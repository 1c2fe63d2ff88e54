"""Leases: a piece of work that must run once at a time, whichever process does it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from people.models import Lease


def take_lease(*, name: str, holder: str, seconds: int, now: datetime) -> bool:
    """Take or prolong the lease `name` for `seconds`. False where somebody else holds it and it has not run out.

    The conditional update locks the row, so of two that ask at once one gets it, on either database.
    """
    until = now + timedelta(seconds=seconds)
    with transaction.atomic():
        free = Q(holder=holder) | Q(until__lte=now)
        if Lease.objects.filter(free, name=name).update(holder=holder, until=until):
            return True
        _lease, created = Lease.objects.get_or_create(name=name, defaults={"holder": holder, "until": until})
        return created


def release_lease(*, name: str, holder: str) -> None:
    """Give the lease back. Nothing happens where somebody else holds it by now."""
    Lease.objects.filter(name=name, holder=holder).delete()
