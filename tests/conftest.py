"""What every test stands on."""

import datetime

import pytest
from django.core.cache import cache
from django.utils import timezone, translation

from tests.figures import _figures, pytest_terminal_summary

__all__ = ["_figures", "pytest_terminal_summary"]  # pytest finds them here

NOW = datetime.datetime(2026, 11, 20, 10, 0, tzinfo=datetime.UTC)


LONG = ("tests/e2e/", "tests/security/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long files first: handed out last, one of them would keep one worker busy while the others wait."""
    items.sort(
        key=lambda item: next((n for n, part in enumerate(LONG) if item.nodeid.startswith(part)), len(LONG))
    )


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
def _what_migrations_planted(request):
    """Wagtail's first rows come by migration; a test that empties the database takes them from those after it."""
    uses = {"db", "transactional_db", "live_server"} & set(request.fixturenames)
    if not (uses or request.node.get_closest_marker("django_db")):
        return
    request.getfixturevalue("db")
    from django_tasks_db.models import DBTaskResult
    from wagtail.models import Collection, Locale, Page, Site

    if Page.objects.filter(depth=1).exists():
        return
    locale, _made = Locale.objects.get_or_create(language_code="nl")
    root = Page.add_root(instance=Page(title="Root", slug="root", locale=locale))
    welcome = root.add_child(instance=Page(title="Welcome", slug="home", locale=locale))
    Site.objects.create(hostname="localhost", root_page=welcome, is_default_site=True)
    if not Collection.objects.filter(depth=1).exists():
        Collection.add_root(name="Root")
    DBTaskResult.objects.all().delete()  # Wagtail asked for these pages to be indexed; tests count what they ask for


@pytest.fixture(autouse=True)
def _through_the_door(request):
    """Attempts leave by an erasure order only, also when a test's database is emptied after it."""
    yield
    marker = request.node.get_closest_marker("django_db")
    transactional = {"transactional_db", "live_server"} & set(request.fixturenames)
    if not (transactional or (marker and marker.kwargs.get("transaction"))):
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
