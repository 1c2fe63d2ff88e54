"""Rows that are dear to make, made once for all tests of a module: what a test does to them ends with the test."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker


def commits(item: pytest.Item) -> bool:
    """Whether a test has transactions of its own, and the database is emptied after it."""
    marker = item.get_closest_marker("django_db")
    return bool(
        {"transactional_db", "live_server"} & set(item.fixturenames)
        or (marker and marker.kwargs.get("transaction"))
    )


def has_database(item: pytest.Item) -> bool:
    """Whether a test meets the database at all."""
    return bool("db" in item.fixturenames or item.get_closest_marker("django_db") or commits(item))


@contextmanager
def one_transaction(request: pytest.FixtureRequest, blocker: DjangoDbBlocker) -> Iterator[bool]:
    """A transaction around the tests of the fixture's module, for rows to be made in; whether there is one.

    There is none where a test of the module does not ask for the rows, which would be there all the same; or commits, and
    would wait forever for what is not committed.
    """
    tests = [item for item in request.session.items if item.path == request.path and has_database(item)]
    if not all(request.fixturename in item.fixturenames and not commits(item) for item in tests):
        yield False
        return
    outer = transaction.atomic()
    outer._from_testcase = True  # as TestCase does: a durable transaction inside a test is not one
    with blocker.unblock():
        outer.__enter__()
    try:
        yield True
    finally:
        with blocker.unblock():
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


def made_for_the_module(make: Callable[[], object]) -> Callable[..., Iterator[bool]]:
    """A fixture that makes rows once for the tests of a module; its value is whether they are there."""

    @pytest.fixture(scope="module")
    def made(
        request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
    ) -> Iterator[bool]:
        with one_transaction(request, django_db_blocker) as shared:
            if shared:
                with django_db_blocker.unblock():
                    make()
            yield shared

    return made
