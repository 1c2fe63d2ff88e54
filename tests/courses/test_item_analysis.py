"""Item analysis against numbers worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.item_analysis import Answer, Try, Verdict, analyse, correlation

# Five people, three questions: A B C. Worked out on paper, see the comments below.
TABLE = {"Roos": "111", "Maan": "110", "Ster": "100", "Beek": "010", "Duin": "000"}


def tries(table):
    return [
        Try(name, [Answer(question, mark == "1") for question, mark in zip("ABCDEFGH", marks, strict=False)])
        for name, marks in table.items()
    ]


def test_discrimination_is_the_correlation_with_the_other_questions():
    numbers = analyse(tries(TABLE))
    # A: 1 1 1 0 0 against the others' shares 1 ½ 0 ½ 0: 0.30 / √(1.2 × 0.7)
    assert numbers["A"].discrimination == pytest.approx(0.3273, abs=1e-4)
    # C: 1 0 0 0 0 against 1 1 ½ ½ 0: 0.40 / √(0.8 × 0.7)
    assert numbers["C"].discrimination == pytest.approx(0.5345, abs=1e-4)


def test_how_often_asked_and_right_is_counted():
    numbers = analyse(tries(TABLE))
    assert {key: (each.asked, each.right, each.share_right) for key, each in numbers.items()} == {
        "A": (5, 3, 0.6),
        "B": (5, 3, 0.6),
        "C": (5, 1, 0.2),
    }


def test_the_wrong_option_chosen_most_is_named():
    chosen = ["x", "y", "x", "z"]
    made = [Try(number, [Answer("A", False, (option,))]) for number, option in enumerate(chosen)]
    numbers = analyse([*made, Try(9, [Answer("A", True)])])["A"]
    assert (numbers.commonest_wrong, numbers.commonest_wrong_count) == ("x", 2)
    assert numbers.discrimination is None  # there is no other question


def test_several_tries_of_one_person_are_one_person():
    made = [Try("Roos", [Answer("A", True), Answer("B", False)]) for _time in range(9)]
    assert analyse(made)["A"].learners == 1
    assert analyse(made)["A"].verdict == Verdict.TOO_FEW


@pytest.mark.parametrize(
    ("marks", "verdict"),
    [
        (["111", "111", "110", "000", "000"], Verdict.FINE),
        (["011", "011", "010", "100", "100"], Verdict.TURNED),
        (["011", "011", "010", "010", "001"], Verdict.HARD),
        (["111", "111", "110", "110", "100"], Verdict.EASY),
        (["110", "010", "110", "010", "100"], Verdict.TURNED),
        (["111", "100", "010", "000", "100", "010"], Verdict.WEAK),
    ],
)
def test_what_the_numbers_say_of_the_first_question(marks, verdict):
    assert analyse(tries(dict(enumerate(marks))))["A"].verdict == verdict


def test_nothing_is_said_where_nothing_differs():
    assert correlation([]) is None
    assert correlation([(1, 1)]) is None
    assert correlation([(1, 0.5), (1, 0.2)]) is None


@given(st.lists(st.tuples(st.sampled_from([0.0, 1.0]), st.floats(0, 1)), min_size=2, max_size=40))
def test_a_correlation_lies_between_minus_one_and_one(pairs):
    value = correlation(pairs)
    assert value is None or -1 <= value <= 1
