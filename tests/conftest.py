"""What every test stands on."""

import datetime
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.core.management.commands import flush
from django.utils import timezone, translation

from tests.figures import _figures, pytest_terminal_summary
from tests.rows import Rows
from tests.sharing import commits, has_database

__all__ = ["_figures", "pytest_terminal_summary"]  # pytest finds them here

NOW = datetime.datetime(2026, 11, 20, 10, 0, tzinfo=datetime.UTC)


LONG = ("tests/e2e/", "tests/security/")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--again",
        action="store_true",
        help="all of it passed on another database: leave out what meets none, and what pages look like",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The long files first: handed out last, one of them would keep one worker busy while the others wait."""
    if config.getoption("again"):
        alike = [item for item in items if item.get_closest_marker("looks") or not has_database(item)]
        config.hook.pytest_deselected(items=alike)
        left_out = set(alike)
        items[:] = [item for item in items if item not in left_out]
    items.sort(
        key=lambda item: next((n for n, part in enumerate(LONG) if item.nodeid.startswith(part)), len(LONG))
    )


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """A test that empties the database leaves what migrations planted to those after it.

    Django itself writes a part of that anew, by looking at every model; the rows are the same every time.
    """
    planted = Rows()
    with django_db_blocker.unblock():
        planted.take()
    with patch.object(flush, "emit_post_migrate_signal", lambda *_args, **_options: planted.put_back()):
        yield


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
def _own_language():
    """The language of a request outlives it in the thread."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _through_the_door(request):
    """Attempts leave by an erasure order only, also when a test's database is emptied after it."""
    yield
    if not commits(request.node):
        return
    from courses.models import ActivityState, Attempt, Enrolment, ErasureOrder, Submission

    with request.getfixturevalue("django_db_blocker").unblock():
        orders = [
            ErasureOrder(enrolment_id=pk, ordered_at=timezone.now())
            for pk in Enrolment.objects.values_list("pk", flat=True)
        ]
        ErasureOrder.objects.bulk_create(orders, ignore_conflicts=True)
        ActivityState.objects.all().delete()
        Submission.objects.all().delete()
        Attempt.objects.all().delete()
