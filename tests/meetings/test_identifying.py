"""What in a text could tell who it is about: numbers and addresses that are refused, names that are asked about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.identifying import forbidden, passes_eleven_test, telling


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        # By the eleven-test: 111222333 passes, 123456789 does not.
        ("Zijn nummer is 111222333.", ["bsn"]),
        ("111.222.333, of 1112 22 333", ["bsn"]),
        ("BSN111222333", ["bsn"]),
        ("111-222-333", ["bsn"]),
        ("111\u200b222\u2060333", ["bsn"]),  # what does not show between the digits
        ("１１１２２２３３３", ["bsn"]),  # full-width digits
        ("zaak 123456789", []),
        ("00000000 en 000000000", []),
        ("Hij belde 06 12 34 56 78", ["phone"]),
        ("06-12345678", ["phone"]),
        ("(030) 123 45 67", ["phone"]),
        ("030-1234567", ["phone"]),
        ("+31 6 12345678", ["phone"]),
        ("0031(0)612345678", ["phone"]),
        ("+32 470 12 34 56", ["phone"]),
        ("Bel 112, 113 of 0800-2000", []),  # helplines are nobody's
        ("wil.bos+zorg@post.example.nl", ["email"]),
        ("wil [at] post punt nl", ["email"]),
        ("wil apenstaartje post", ["email"]),
        ("een @ los, of €5", []),
        ("3511 AB", ["postcode"]),
        ("3511ab", ["postcode"]),
        ("3511 xb", ["postcode"]),
        ("In 2019 is hij verhuisd, in 2021 en 2022 we niet.", []),
        ("0123 AB, 3511 SS, 3511 ABC", []),
        ("NL91 ABNA 0417 1643 00 en dan nog", ["iban"]),
        ("nl91abna0417164300", ["iban"]),
        ("BE71 0961 2345 6769", ["iban"]),
        ("AB12 CDEF 3456 7890 12", []),  # does not pass the test of 97
        ("Op 28-11-2026 om 19.30, € 1.500,00, 12 jaar", []),
        (
            "111222333 a@b.nl 06-12345678 3511 AB NL91ABNA0417164300",
            ["bsn", "phone", "email", "postcode", "iban"],
        ),
        ("", []),
    ],
)
def test_what_points_at_one_person_by_itself(text, kinds):
    assert forbidden(text) == kinds


@pytest.mark.parametrize(
    ("number", "passes"),
    [
        ("111222333", True),
        ("123456782", True),
        ("12345678", False),
        ("10000008", True),
        ("1112223334", False),
    ],
)
def test_eleven_test(number, passes):
    assert passes_eleven_test(number) == passes


@given(st.integers(min_value=1, max_value=99_999_999))
def test_one_digit_changed_never_passes_the_eleven_test(number):
    """Of nine digits the last follows from the others, and no digit can change alone."""
    first = f"{number:08d}"
    passing = [first + last for last in "0123456789" if passes_eleven_test(first + last)]
    assert len(passing) <= 1
    for whole in passing:
        for place, digit in enumerate(whole):
            other = str((int(digit) + 1) % 10)
            assert not passes_eleven_test(whole[:place] + other + whole[place + 1 :])


@given(st.text(max_size=300))
def test_any_text_can_be_looked_at(text):
    forbidden(text)
    assert len(telling(text, known=[text[:20]])) <= 12


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Gisteren kwam een man. Hij sprak met Ahmed over Zeist.", ["Ahmed", "Zeist"]),
        ("Fatima belde. Daarna niemand.", ["Fatima"]),  # begins a sentence, and is a first name
        ("J. Jansen belde.", ["Jansen"]),
        ("Meneer de Vries en mevrouw Smit.", ["Vries", "Smit"]),
        ("Hij is van 12-03-1985.", ["12-03-1985"]),
        ("Van der Berg kwam.", ["Berg"]),
        # Nobody's: the beginning of a sentence, a line, a quotation; organisations; abbreviations.
        (
            "Zij zei: “Kom maar.” Toen ging hij.\n- Daarna niets. (Niemand.) Het CJG en Veilig Thuis ook niet.",
            [],
        ),
        ("een cliënt, vrouw, begin veertig", []),
        # The people who are there.
        ("Vogel 3 vroeg ernaar, en Quispelaar ook.", ["Vogel 3", "Quispelaar"]),
        ("Quispelaar vroeg ernaar.", ["Quispelaar"]),
        ("een mus op het dak", []),  # somebody is called so, and it is a word
        ("Dat zei Mus.", ["Mus"]),
    ],
)
def test_what_may_be_a_name_or_a_birthday(text, found):
    known = ["Vogel 3", "Wilhelmina Quispelaar", "mus"]
    assert telling(text, known=known) == found


def test_a_name_of_the_law_in_small_letters_is_not_told_apart_from_any_word():
    """Else a writer could find out what somebody is called, by trying."""
    assert telling("quispelaar wilhelmina", known=["Wilhelmina Quispelaar"]) == []
