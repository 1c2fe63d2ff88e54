"""What of a report counts as played. Scrubbing does not, nor what no clock allows."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.activities.playing import (
    FASTEST,
    MOST_STRETCHES,
    SLACK,
    NotPlayed,
    cleaned,
    credited,
    is_enough,
    length,
    merged,
    per_cent,
    second,
)

HOUR = 3600.0


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "0-10",
        {"0": 10},
        [0, 10],
        [[0]],
        [[0, 1, 2]],
        [["0", "10"]],
        [[True, False]],
        [[None, 3]],
        [[-1, 3]],
        [[-0.001, 3]],
        [[5, 3]],
        [[0, 10], [5, 20]],
        [[10, 20], [0, 5]],
        [[0, HOUR + 60]],
        [[0, math.nan]],
        [[math.inf, math.inf]],
        [[0, 10**400]],
        [[0, 1]] * (MOST_STRETCHES + 1),
        [[float(n), n + 0.5] for n in range(3000)],
        [[[]]],
    ],
    ids=lambda sent: repr(sent)[:24],
)
def test_what_is_no_list_of_stretches_is_refused(sent):
    with pytest.raises(NotPlayed):
        cleaned(sent, HOUR)


def test_a_browser_may_round_the_end_up():
    assert cleaned([[0, 1.5], [2, HOUR + 1]], HOUR) == [(0.0, 1.5), (2.0, HOUR)]
    assert second(HOUR + 1, HOUR) == HOUR


def test_a_forged_hour_counts_for_the_seconds_that_passed():
    counted = credited([], [(0.0, HOUR)], elapsed=2.0)
    assert counted == [(0.0, 2.0 * FASTEST + SLACK)]
    assert is_enough(counted, HOUR) is False


def test_the_first_report_counts_for_next_to_nothing():
    assert length(credited([], [(0.0, HOUR)], elapsed=0.0)) == SLACK


def test_a_clock_that_goes_back_gives_nothing_more():
    assert length(credited([], [(0.0, HOUR)], elapsed=-100.0)) == SLACK


def test_scrubbing_to_the_end_counts_what_was_heard():
    counted = credited([(0.0, 5.0)], [(0.0, 5.0), (3590.0, HOUR)], elapsed=10.0)
    assert (counted, per_cent(counted, HOUR)) == ([(0.0, 5.0), (3590.0, HOUR)], 0)


def test_hearing_the_same_again_adds_nothing():
    assert credited([(0.0, 20.0)], [(0.0, 20.0)], elapsed=100.0) == [(0.0, 20.0)]


@pytest.mark.parametrize(("played", "enough"), [(89.9, False), (90.0, True), (100.0, True)])
def test_nine_tenths_is_enough(played, enough):
    assert is_enough([(0.0, played)], 100.0) is enough


STRETCHES = st.lists(
    st.tuples(st.floats(0, HOUR), st.floats(0, HOUR)).map(lambda two: tuple(sorted(two))), max_size=30
)


@given(known=STRETCHES.map(merged), reported=STRETCHES, elapsed=st.floats(-10, HOUR))
def test_nothing_is_lost_and_nothing_counts_that_was_not_reported_or_could_not_be(known, reported, elapsed):
    counted = credited(known, reported, elapsed)
    assert counted == merged(counted)
    assert length(counted) <= length(known) + max(elapsed, 0) * FASTEST + SLACK + 1e-6
    assert merged(counted, known) == counted
    assert merged(counted, known, reported) == merged(known, reported)


@given(one=STRETCHES, other=STRETCHES)
def test_merging_does_not_depend_on_order(one, other):
    assert merged(one, other) == merged(other, one) == merged([*one, *other])
