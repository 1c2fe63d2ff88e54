"""What is read out of statements: the answers in the words that a learner saw."""

import pytest

from courses.activities.statements import Interaction, interaction_of

CHOICES = [
    {"id": "0", "description": {"en-US": "<p>Lui<b>steren</b></p>\n"}},
    {"id": "1", "description": {"en-US": "Sturen &amp; regelen"}},
]


def statement(kind, response, pattern=None, *, success=None, score=None, **definition):
    result = {"response": response, "completion": True}
    if success is not None:
        result["success"] = success
    if score:
        result["score"] = {"raw": score[0], "max": score[1]}
    described = {
        "interactionType": kind,
        "description": {"en-US": "<p>Wat&nbsp;doe</p><p>je?</p>"},
        **definition,
    }
    if pattern is not None:
        described["correctResponsesPattern"] = pattern
    return {"verb": {"id": "http://x/answered"}, "object": {"definition": described}, "result": result}


@pytest.mark.parametrize(
    ("sent", "answers", "rights"),
    [
        (statement("choice", "0", ["0"], choices=CHOICES), ["Luisteren"], ["Luisteren"]),
        (
            statement("choice", "0[,]1", ["1"], choices=CHOICES),
            ["Luisteren", "Sturen & regelen"],
            ["Sturen & regelen"],
        ),
        (statement("choice", "7", [], choices=CHOICES), ["7"], []),
        (statement("true-false", "true", ["false"]), ["waar"], ["niet waar"]),
        (
            statement("fill-in", "hoe[,]wacht", ["{case_matters=false}hoe[,]wacht", "wat[,]wacht"]),
            ["hoe", "wacht"],
            ["hoe / wat", "wacht"],
        ),
        (
            statement(
                "matching",
                "1[.]0",
                ["1[.]0"],
                source=[{"id": "0", "description": {"en-US": "Gevaar"}}],
                target=[{"id": "1", "description": {"en-US": "112"}}],
            ),
            ["Gevaar → 112"],
            ["Gevaar → 112"],
        ),
        (
            statement("sequencing", "1[,]0", ["0[,]1"], choices=CHOICES),
            ["Sturen & regelen", "Luisteren"],
            ["Luisteren", "Sturen & regelen"],
        ),
        (statement("long-fill-in", "<script>x</script> Mijn antwoord"), ["x Mijn antwoord"], []),
        (statement("other", "iets"), ["iets"], []),
        (statement("choice", "", ["0"], choices=CHOICES), [], ["Luisteren"]),
        (statement("choice", 1, [], choices=CHOICES), ["Sturen & regelen"], []),
        (statement("choice", [3], {"a": 1}, choices="x"), [], []),
        (statement("choice", True, [], choices=CHOICES), [], []),
    ],
)
def test_answers_are_read_as_the_learner_saw_them(sent, answers, rights):
    found = interaction_of(sent)
    assert (found.question, list(found.answers), list(found.rights)) == ("Wat doe je?", answers, rights)


@pytest.mark.parametrize(
    ("sent", "right", "points"),
    [
        (statement("choice", "0", success=True, score=(1, 1)), True, (1, 1)),
        (statement("choice", "0", success=False, score=(1, 2)), False, (1, 2)),
        (statement("choice", "0", score=(2, 2)), True, (2, 2)),
        (statement("choice", "0", score=(0, 0)), None, None),
        (statement("choice", "0"), None, None),
        (statement("choice", "0", score=(3, 2)), None, None),
    ],
)
def test_what_was_right_is_said_where_the_package_tells(sent, right, points):
    found = interaction_of(sent)
    assert (found.right, found.points) == (right, points)


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"object": None},
        {"object": {"definition": []}},
        {"object": {"definition": {"interactionType": 3}}},
    ],
)
def test_what_tells_no_answer_is_none(sent):
    assert interaction_of(sent) is None


def test_an_interaction_may_be_empty():
    sent = {"object": {"definition": {"interactionType": "choice"}}}
    assert interaction_of(sent) == Interaction(question="")
