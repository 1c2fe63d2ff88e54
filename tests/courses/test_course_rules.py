"""How the record is computed, without a database."""

import datetime
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.rules import Projection, canonical, fingerprint, payload_digest, project

START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Made:
    pk: int
    score: float
    passed: bool
    received_at: datetime.datetime = START


def attempts_of(*passes):
    return [
        Made(number, float(passed), passed, START + datetime.timedelta(minutes=number))
        for number, passed in enumerate(passes)
    ]


def test_no_attempt_no_state():
    assert project([]) is None


@pytest.mark.parametrize(
    ("passes", "state"),
    [
        ((False,), Projection("tried", 0, 1, 0, None)),
        ((True,), Projection("done", 1, 1, 0, START)),
        ((False, True, False), Projection("done", 1, 3, 2, START + datetime.timedelta(minutes=1))),
    ],
)
def test_done_from_the_first_pass_on(passes, state):
    assert project(attempts_of(*passes)) == state


@given(st.lists(st.booleans(), min_size=1), st.lists(st.booleans()))
def test_what_is_done_stays_done_whatever_follows(first, more):
    before, after = project(attempts_of(*first)), project(attempts_of(*first, *more))
    if before.status == "done":
        assert (after.status, after.completed_at) == ("done", before.completed_at)
    assert after.best_score >= before.best_score


@given(st.dictionaries(st.text(max_size=5), st.integers(), max_size=5))
def test_a_fingerprint_does_not_depend_on_the_order_of_keys(value):
    assert fingerprint(dict(reversed(value.items()))) == fingerprint(value)
    assert len(fingerprint(value)) == 64


@given(st.text())
def test_any_text_can_be_digested(text):
    assert isinstance(canonical({"text": text}), bytes)


def test_a_digest_is_keyed_and_belongs_to_a_wording(settings):
    first = payload_digest(version_id=1, payload={"text": "rust"})
    assert payload_digest(version_id=1, payload={"text": "rust"}) == first
    others = {
        payload_digest(version_id=2, payload={"text": "rust"}),
        payload_digest(version_id=1, payload={}),
    }
    settings.RECORD_KEY = "another"
    others.add(payload_digest(version_id=1, payload={"text": "rust"}))
    assert first not in others
    assert len(others) == 3
