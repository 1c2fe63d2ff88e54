"""Assignments: what an author may ask, what a hand-in is, and when it is enough."""

from itertools import product

import pytest

from courses.activities import ResponseError, SpecificationError, assignment
from courses.activities.assignment import HandedFile
from courses.services.handed_files import ALSO, FORMATS
from tests.courses.activity_samples import FIELDS

FIELD = FIELDS["assignment"]
SPEC = assignment.specification(FIELD)
CONTACT, SAFETY, LIMITS = (criterion["key"] for criterion in SPEC["criteria"])
FILE = HandedFile("verslag.pdf", "pdf", 12, "0" * 64)


def judged(contact, safety, limits):
    return {CONTACT: contact, SAFETY: safety, LIMITS: limits}


def with_criteria(**changed):
    return {**FIELD, "criteria": [{**FIELD["criteria"][1], **changed}]}


@pytest.mark.parametrize(
    "fields",
    [
        {**FIELD, "question": " "},
        {**FIELD, "days": 61},
        {**FIELD, "days": -1},
        {**FIELD, "days": None},
        {**FIELD, "days": True},
        {**FIELD, "criteria": []},
        {**FIELD, "criteria": FIELD["criteria"] * 3},
        {**FIELD, "criteria": [{**row, "must": True} for row in FIELD["criteria"]]},
        {**FIELD, "criteria": [{**row, "must": False} for row in FIELD["criteria"]]},
        {**FIELD, "criteria": [{**row, "id": "1"} for row in FIELD["criteria"]]},
        with_criteria(title=""),
        with_criteria(enough=" "),
    ],
)
def test_what_makes_no_assignment_is_refused_with_a_sentence(fields):
    with pytest.raises(SpecificationError) as refused:
        assignment.specification(fields)
    assert len(refused.value.messages) == 1


def test_it_is_enough_where_the_must_is_and_at_most_one_other_is_not_yet():
    levels = ("not_yet", "enough", "strong")
    enough = {found for found in product(levels, repeat=3) if assignment.is_enough(SPEC, judged(*found))}
    assert enough == {
        (contact, safety, limits)
        for contact, safety, limits in product(levels, repeat=3)
        if safety != "not_yet" and (contact, limits) != ("not_yet", "not_yet")
    }
    assert ("strong", "not_yet", "strong") not in enough


def test_handing_in_is_not_enough_unless_no_answer_is_waited_for():
    response = assignment.clean(SPEC, {"text": "Een gesprek."})
    assert assignment.grade(SPEC, response).passed is False
    assert assignment.grade({**SPEC, "days": 0}, response).passed is True
    assert assignment.grade(SPEC, {**response, "waited": True}).passed is True


def test_a_browser_posts_no_feedback_and_no_file_that_was_not_looked_into():
    data = {"text": "Een gesprek.", "file": "verslag.pdf", "feedback": "{}", "waited": "1", "passed": "1"}
    assert assignment.clean(SPEC, data) == {"text": "Een gesprek.", "file": None}


def test_a_file_counts_only_where_the_author_asks_for_one():
    data = {"text": "Een gesprek.", "file": FILE}
    assert assignment.clean(SPEC, data)["file"] == {
        "name": "verslag.pdf",
        "format": "pdf",
        "size": 12,
        "sha256": "0" * 64,
    }
    with pytest.raises(ResponseError, match="bestand"):
        assignment.clean({**SPEC, "upload": False}, data)


@pytest.mark.parametrize("text", ["", " \n", "\x00"])
def test_without_words_nothing_is_handed_in(text):
    with pytest.raises(ResponseError, match="Schrijf eerst"):
        assignment.clean(SPEC, {"text": text, "file": FILE})


@pytest.mark.parametrize(
    ("levels", "words"),
    [
        ({}, "Goed."),
        (judged("enough", "enough", "prachtig"), "Goed."),
        (judged("enough", "enough", None), "Goed."),
        (judged("enough", "enough", ["strong"]), "Goed."),
        (judged("enough", "enough", "strong"), "  "),
    ],
)
def test_feedback_has_a_level_for_every_criterion_and_words(levels, words):
    with pytest.raises(ResponseError):
        assignment.clean_feedback(SPEC, levels, words)


def test_levels_of_no_criterion_are_left_out():
    levels = judged("enough", "enough", "strong")
    said = assignment.clean_feedback(SPEC, {**levels, "vreemd": "strong"}, " Goed. ")
    assert said == {"levels": levels, "words": "Goed."}


def test_what_was_found_is_shown_in_the_words_of_the_rubric():
    response = {
        "text": "Een gesprek.",
        "file": None,
        "handed_in_at": "2026-11-22T12:00:00+00:00",
        "feedback": {"levels": judged("enough", "strong", "not_yet"), "words": "Mooi."},
    }
    shown = assignment.form(SPEC, response)
    assert [(each.title, each.text) for each in shown["judged"]] == [
        ("Contact", "Ik lees hoe je luisterde."),
        ("Veiligheid", "Je zei het, en dat wist de ander."),
        ("Grenzen", "Ik zie geen grens."),
    ]
    assert (shown["enough"], shown["words"], shown["handed_in_at"].day) == (True, "Mooi.", 22)
    assert assignment.readable(SPEC, response).startswith("Een gesprek.\nContact: ")


def test_a_translation_keeps_keys_days_and_what_has_to_be_enough():
    english = {
        **FIELD,
        "question": "Describe.",
        "days": 3,
        "criteria": [
            {**row, "title": f"T{row['id']}", "must": row["id"] == "1"} for row in FIELD["criteria"]
        ],
    }
    got = assignment.translated(SPEC, assignment.specification(english))
    assert (got["question"], got["days"]) == ("Describe.", 14)
    assert [(each["title"], each["must"]) for each in got["criteria"]] == [
        ("T1", False),
        ("T2", True),
        ("T3", False),
    ]


def test_the_form_offers_the_endings_that_are_looked_into():
    assert sorted(assignment.ENDINGS) == sorted(f".{ending}" for ending in (*FORMATS, *ALSO))
