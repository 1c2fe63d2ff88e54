"""What each kind of requirement makes of evidence. Without a database."""

import pytest

from certification.requirements import (
    DEFAULT,
    KINDS,
    Evidence,
    Part,
    RequirementError,
    clean,
    judge,
)

DONE, CHECKED, OPEN = Part(1, True, False), Part(2, True, True), Part(3, False, False)


def outcome(kind: str, evidence: Evidence, settings: dict | None = None):
    return judge({kind: settings or {}}, evidence).outcomes[kind]


@pytest.mark.parametrize(
    ("kind", "evidence", "met", "checked"),
    [
        ("activities", Evidence(asked=3, done=2, graded_here=True), False, True),
        ("activities", Evidence(completed=True, asked=3, done=3), True, False),
        ("activities", Evidence(completed=True, asked=3, done=3, graded_here=True), True, True),
        ("activities", Evidence(completed=False, asked=0, done=0), False, False),
        ("final_test", Evidence(), False, False),
        ("final_test", Evidence(tests=(CHECKED,)), True, True),
        ("final_test", Evidence(tests=(CHECKED, OPEN)), False, True),
        ("final_test", Evidence(tests=(DONE,)), True, False),
        ("evaluation", Evidence(surveys=(OPEN,)), False, False),
        ("evaluation", Evidence(surveys=(DONE,)), True, False),
        ("assignment", Evidence(assignments=(OPEN,)), False, False),
        ("assignment", Evidence(assignments=(CHECKED,)), True, True),
        ("sign_off", Evidence(), False, False),
        ("sign_off", Evidence(signed_off=True), True, True),
    ],
)
def test_what_a_requirement_makes_of_evidence(kind, evidence, met, checked):
    found = outcome(kind, evidence)
    assert (found.met, found.checked) == (met, checked)


def test_a_trainers_word_is_not_said_before_it_was_given():
    sentences = [outcome("sign_off", Evidence(signed_off=said)).sentence for said in (False, True)]
    assert sentences == [
        "Je trainer moet nog zeggen dat je er klaar voor bent. Daar praten jullie samen over.",
        "Je trainer vindt dat je er klaar voor bent.",
    ]


def test_all_is_met_and_one_of_it_checked_or_nothing_is_earned():
    asked = {"activities": {}, "evaluation": {}}
    done = Evidence(completed=True, asked=1, done=1, surveys=(DONE,))
    assert not judge(asked, done).earned
    assert not judge(asked, done).missing
    checked = Evidence(completed=True, asked=1, done=1, graded_here=True, surveys=(DONE,))
    assert judge(asked, checked).earned
    assert not judge(asked, Evidence(completed=True, asked=1, done=1, graded_here=True)).earned


def test_what_was_checked_and_is_not_met_checks_nothing():
    asked = {"evaluation": {}, "final_test": {}}
    assert not judge(asked, Evidence(surveys=(DONE,), tests=(CHECKED, OPEN))).is_checked


def test_a_scheme_that_asks_nothing_gives_nothing():
    assert not judge({}, Evidence(completed=True, graded_here=True, signed_off=True)).earned


def test_the_learner_reads_how_far_they_are():
    found = outcome("activities", Evidence(asked=9, done=3))
    assert found.sentence == "Doe alle onderdelen van de lessen: 3 van de 9 gedaan."
    assert found.found == {"done": 3, "asked": 9}
    assert (
        outcome("final_test", Evidence(tests=(CHECKED, OPEN))).sentence
        == "Haal de toetsen: 1 van de 2 gehaald."
    )


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({}, "Kies minstens één eis"),
        ({"evaluation": {}}, "niet alleen op iemands eigen woord rust"),
        ({"stempel": {}}, "unknown: stempel"),
    ],
)
def test_a_scheme_that_could_not_hold_is_refused(asked, words):
    with pytest.raises(RequirementError, match=words):
        clean(asked)


def test_requirements_are_kept_in_one_order():
    assert list(clean({"sign_off": {}, "activities": {}})) == ["activities", "sign_off"]


def test_every_kind_is_whole():
    for kind, module in KINDS.items():
        assert (module.KIND, isinstance(module.CAN_BE_CHECKED, bool), bool(str(module.LABEL))) == (
            kind,
            True,
            True,
        )
    assert set(DEFAULT) <= set(KINDS)
