import pytest

from certification.models import ID_LENGTH, Award, new_public_id
from certification.queries import Passed, Required
from certification.rules import (
    PUBLIC_ID,
    evidence,
    meets_requirement,
    net_minutes,
    normalise_public_id,
    printable_name,
)

NUMBER = "7KQ4M2XDP2TH6WJ3RBOINVC5EA"


def passed(version_id: int = 1, *, max_score: float = 1, self_reported: bool = False) -> Passed:
    return Passed(version_id, 10 + version_id, max_score, max_score, self_reported)


def required(
    lesson: int = 1, *, by: Passed | None, minutes: int = 10, live: bool = False, asked: bool = True
) -> Required:
    return Required(lesson, lesson, minutes, live, asked, by)


def test_all_done_with_one_graded_here_meets_the_requirement():
    assert meets_requirement([required(1, by=passed(1)), required(2, by=passed(2, max_score=0))]) is True


def test_one_thing_left_does_not():
    assert meets_requirement([required(1, by=passed(1)), required(2, by=None)]) is False


def test_what_was_withdrawn_from_the_course_holds_nobody_up():
    assert meets_requirement([required(1, by=passed(1)), required(2, by=None, asked=False)]) is True


def test_nothing_graded_by_the_server_does_not():
    assert meets_requirement([required(1, by=passed(1, max_score=0))]) is False
    assert meets_requirement([required(1, by=passed(1, self_reported=True))]) is False
    assert meets_requirement([]) is False


def test_minutes_count_each_lesson_once_without_meetings_and_without_what_was_not_done():
    items = [
        required(1, by=passed(1), minutes=10),
        required(1, by=passed(2), minutes=10),
        required(2, by=passed(3), minutes=150, live=True),
        required(3, by=passed(4), minutes=15),
        required(4, by=None, minutes=20, asked=False),
    ]
    assert net_minutes(items) == 25


def test_evidence_is_ids_and_scores():
    assert evidence([required(1, by=passed(7)), required(2, by=None, asked=False)]) == [
        {"required": 1, "version": 7, "attempt": 17, "score": 1, "max_score": 1, "self_reported": False}
    ]


@pytest.mark.parametrize(
    "typed",
    [
        NUMBER,
        NUMBER.lower(),
        f"  {NUMBER[:4]} {NUMBER[4:8]}-{NUMBER[8:]}\n",
        NUMBER.replace("O", "0").replace("I", "1").replace("B", "8"),
        "–".join(NUMBER),
        NUMBER.translate({ord(letter): ord(letter) + 0xFEE0 for letter in NUMBER}),
    ],
)
def test_a_number_is_understood_as_it_was_meant(typed: str):
    assert normalise_public_id(typed) == NUMBER


@pytest.mark.parametrize(
    "typed",
    ["", "ABC", NUMBER + "A", NUMBER[:-1] + "9", NUMBER[:-1] + "É", "A" * 5000, "\x00" * 26, "\ud800"],
)
def test_what_is_no_number_is_none(typed: str):
    assert normalise_public_id(typed) is None


def test_numbers_are_26_characters_of_base32_and_differ():
    numbers = {new_public_id() for _ in range(500)}
    assert len(numbers) == 500
    assert {len(number) for number in numbers} == {ID_LENGTH}
    assert all(PUBLIC_ID.match(number) for number in numbers)
    assert set("".join(numbers)) == set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("Sanne de Vries", "Sanne de Vries"),
        ("Zoe\u0308 O\u2019Brien-Ng\u0169", "Zoë O’Brien-Ngũ"),
        ("Kim 😀🏽 de Boer ❤️", "Kim de Boer"),
        ("محمد بن عبد الله", "محمد بن عبد الله"),
        ("👩‍🚀", ""),
        ("Sanne 👩‍🚀 de Vries👩‍🚀", "Sanne de Vries"),
        ("\u200dSanne\u200c \u200d", "Sanne"),
        # Between letters, or behind a vowel sign, they say how the letters look.
        ("می\u200cنا", "می\u200cنا"),
        ("മോഹന്\u200d നായര്\u200d", "മോഹന്\u200d നായര്\u200d"),
        ("   ", ""),
        ("12345", ""),
    ],
)
def test_a_name_is_kept_as_far_as_type_can_set_it(name: str, printed: str):
    assert printable_name(name) == printed


@pytest.mark.parametrize(
    ("minutes", "label", "words"),
    [
        (25, "", "25 minuten"),
        (60, "", "1 uur"),
        (335, "online deel", "5 uur en 35 minuten, online deel"),
        (0, "online deel", ""),
    ],
)
def test_study_time_is_said_in_words(dutch: None, minutes: int, label: str, words: str):
    assert Award(net_minutes=minutes, hours_label=label).net_time == words


def test_a_number_is_grouped_for_reading_aloud():
    assert Award(public_id=NUMBER).grouped_id == "7KQ4 M2XD P2TH 6WJ3 RBOI NVC5EA"
