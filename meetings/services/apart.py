"""A trainer's mark that two people had better not be in one group."""

from datetime import datetime

from django.db import transaction

from meetings.models import KeepApart
from people.models import Organisation, User


@transaction.atomic
def keep_apart(*, one: User, other: User, organisation: Organisation, by: User, now: datetime) -> KeepApart:
    """Mark a pair; marking it twice, or the other way round, changes nothing. `ValueError` for one person twice."""
    if one.pk == other.pk:
        raise ValueError("a pair is two people")
    first, second = sorted((one, other), key=lambda person: person.pk)
    mark, _created = KeepApart.objects.get_or_create(
        organisation=organisation, one=first, other=second, defaults={"made_by": by, "made_at": now}
    )
    return mark


def take_mark_back(*, mark: KeepApart) -> None:
    """They may be in one group again; nothing of it is kept."""
    mark.delete()
