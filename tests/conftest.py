"""What every test stands on."""

import datetime

import pytest
from django.core.cache import cache
from django.utils import timezone

NOW = datetime.datetime(2026, 11, 20, 10, 0, tzinfo=datetime.UTC)


@pytest.fixture
def now():
    """A moment, so that nothing depends on the clock."""
    return NOW


@pytest.fixture(autouse=True)
def _empty_cache():
    """The cache outlives a test; the rows it was filled from do not."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _through_the_door(request):
    """Attempts leave by an erasure order only, also when a test's database is emptied after it."""
    yield
    marker = request.node.get_closest_marker("django_db")
    transactional = {"transactional_db", "live_server"} & set(request.fixturenames)
    if not (transactional or (marker and marker.kwargs.get("transaction"))):
        return
    from courses.models import ActivityState, Attempt, Enrolment, ErasureOrder

    with request.getfixturevalue("django_db_blocker").unblock():
        orders = [ErasureOrder(enrolment_id=pk, ordered_at=timezone.now()) for pk in Enrolment.objects.values_list("pk", flat=True)]
        ErasureOrder.objects.bulk_create(orders, ignore_conflicts=True)
        ActivityState.objects.all().delete()
        Attempt.objects.all().delete()
