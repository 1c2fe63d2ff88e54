"""Numbers that a person can read out: one after another per organisation and year, without gaps or doubles."""

from django.db import transaction
from django.db.models import F

from certification.models import SerialCounter


@transaction.atomic(savepoint=False)  # part of the award's transaction: it stands or falls with it
def next_serial(*, organisation_id: int, year: int) -> int:
    """The next number. The counter's row stays locked until the caller's transaction ends: rolled back, it was not taken.

    Everybody who issues for the same organisation waits for one another, for as long as writing an award takes.
    """
    counters = SerialCounter.objects.filter(organisation_id=organisation_id, year=year)
    if not counters.update(last=F("last") + 1):
        SerialCounter.objects.get_or_create(organisation_id=organisation_id, year=year)
        counters.update(last=F("last") + 1)
    return counters.values_list("last", flat=True).get()
