from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from people.services.leases import release_lease, take_lease

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.django_db
def test_a_lease_is_held_prolonged_given_back_and_runs_out():
    assert take_lease(name="clock", holder="a", seconds=60, now=NOW) is True
    assert take_lease(name="clock", holder="b", seconds=60, now=NOW) is False
    assert take_lease(name="clock", holder="a", seconds=60, now=NOW + timedelta(seconds=50)) is True
    assert take_lease(name="clock", holder="b", seconds=60, now=NOW + timedelta(seconds=109)) is False
    assert take_lease(name="clock", holder="b", seconds=60, now=NOW + timedelta(seconds=110)) is True
    release_lease(name="clock", holder="a")  # not theirs any more
    assert take_lease(name="clock", holder="a", seconds=60, now=NOW + timedelta(seconds=111)) is False
    release_lease(name="clock", holder="b")
    assert take_lease(name="clock", holder="a", seconds=60, now=NOW + timedelta(seconds=111)) is True


@pytest.mark.django_db(transaction=True)
def test_of_eight_at_once_one_gets_the_lease():
    def work(number):
        try:
            return take_lease(name="clock", holder=str(number), seconds=60, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as holders:
        assert sorted(holders.map(work, range(8))) == [False] * 7 + [True]
