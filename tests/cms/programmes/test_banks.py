"""Question banks and tests as text."""

import pytest

from cms.programmes import lesson_minutes, read_programme
from cms.programmes.check import main

SINGLE = "::: single {key}\nWat past?\n\n- [ ] Dit\n  > Nog niet.\n- [x] Dat\n  > Ja.\n:::\n"
BANK = "---\nkey: proeftoets\ntitle: Vragen bij de toets\n---\n" + "\n".join(
    SINGLE.format(key=f"vraag-{number}") for number in range(3)
)
QUIZ = "::: quiz eindtoets\nVragen over alles.\n\nbank> proeftoets\ndraw> 3\npass> 2\n:::\n"
LESSON = "---\nkey: p1-les\ntitle: Een les\npart: les\nminutes: 3\n---\n" + QUIZ
FILES = {"bank/proeftoets.md": BANK, "01-begin/10-les.md": LESSON}


def test_a_test_and_its_bank_are_read(write_programme):
    programme = read_programme(write_programme(FILES))
    (bank,) = programme.banks
    assert (bank.path, bank.key, bank.title) == ("bank/proeftoets.md", "proeftoets", "Vragen bij de toets")
    assert [(question.kind, question.key) for question in bank.questions] == [
        ("single", "vraag-0"),
        ("single", "vraag-1"),
        ("single", "vraag-2"),
    ]
    (quiz,) = programme.sessions[0].lessons[0].activities
    assert (quiz.kind, quiz.key, quiz.required) == ("quiz", "eindtoets", True)
    assert quiz.fields == {
        "question": "Vragen over alles.",
        "bank": "proeftoets",
        "draw": 3,
        "pass_score": 2,
        "attempts": 0,
    }


def test_the_number_of_tries_may_be_given(write_programme):
    lesson = LESSON.replace("pass> 2\n", "pass> 2\nattempts> 5\n")
    programme = read_programme(write_programme({**FILES, "01-begin/10-les.md": lesson}))
    assert programme.sessions[0].lessons[0].activities[0].fields["attempts"] == 5


def test_a_question_drawn_takes_a_minute_and_the_bank_no_words(write_programme):
    lesson = read_programme(write_programme(FILES)).sessions[0].lessons[0]
    assert lesson_minutes(lesson) == pytest.approx(3 + 3 / 130)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("bank> proeftoets", "bank> anders", 7, "There is no bank 'anders'."),
        ("bank> proeftoets", "bank> Geen sleutel", 10, "is no key of a bank"),
        ("bank> proeftoets\n", "", 7, "There is no 'bank>' line."),
        ("draw> 3", "draw> 4", 7, "has 3 questions; 4 cannot be drawn"),
        ("draw> 3", "draw> veel", 11, "'draw>' must be a whole number"),
        ("draw> 3", "draw> 0", 11, "'draw>' must be a whole number"),
        ("pass> 2", "pass> 4", 12, "4 right answers cannot be had of 3 questions"),
        ("pass> 2", "pass> 2\nattempts> 0", 13, "'attempts>' must be a whole number"),
        ("pass> 2", "pass> 2\nright> ja", 13, "is no line of this kind of activity"),
    ],
)
def test_mistakes_in_a_test_are_told_by_their_line(write_programme, find_errors, old, new, line, words):
    errors = find_errors(write_programme({**FILES, "01-begin/10-les.md": LESSON.replace(old, new)}))
    assert [(error.path, error.line) for error in errors] == [("01-begin/10-les.md", line)]
    assert words in errors[0].message


@pytest.mark.parametrize(
    ("files", "path", "line", "words"),
    [
        ({"bank/proeftoets.md": BANK + "\nEen zin.\n"}, "bank/proeftoets.md", 32, "nothing between them"),
        (
            {"bank/proeftoets.md": BANK + "\n::: read klaar\nGelezen\n:::\n"},
            "bank/proeftoets.md",
            32,
            "nothing between them",
        ),
        (
            {"bank/proeftoets.md": BANK.replace("single vraag-0", "single vraag-0 optional")},
            "bank/proeftoets.md",
            5,
            "no 'optional'",
        ),
        (
            {"bank/proeftoets.md": BANK.replace("vraag-1", "vraag-0")},
            "bank/proeftoets.md",
            14,
            "is used on line 5 already",
        ),
        (
            {"bank/proeftoets.md": BANK.replace("key: proeftoets", "key: p1")},
            "bank/proeftoets.md",
            1,
            "is used in 01-begin/session.md",
        ),
        ({"bank/plaatje.png": b"x"}, "bank/plaatje.png", 1, "does not belong here"),
    ],
)
def test_mistakes_in_a_bank_are_told_by_their_line(write_programme, find_errors, files, path, line, words):
    errors = find_errors(write_programme({**FILES, **files}))
    assert [
        (error.path, error.line) for error in errors if error.path == path and words in error.message
    ] == [(path, line)]


def test_a_bank_is_named_after_its_key(write_programme, find_errors):
    files = {"bank/anders.md": BANK, "01-begin/10-les.md": LESSON, "bank/proeftoets.md": None}
    (error,) = find_errors(write_programme(files))
    assert (error.path, error.line) == ("bank/anders.md", 2)
    assert "proeftoets.md" in error.message


def test_an_empty_bank_is_refused(write_programme, find_errors):
    files = {"bank/leeg.md": "---\nkey: leeg\ntitle: Leeg\n---\n"}
    (error,) = find_errors(write_programme(files))
    assert "This bank is empty" in error.message


def test_the_check_counts_the_questions(write_programme, capsys):
    assert main([str(write_programme(FILES))]) == 0
    assert "bank/proeftoets.md: 3 questions" in capsys.readouterr().out
