"""Question banks: `bank/<key>.md`, and whether the tests of a programme find in them what they draw."""

from collections.abc import Iterable
from pathlib import Path

from cms.programmes.blocks import read_content
from cms.programmes.errors import NotationError
from cms.programmes.listing import Reading
from cms.programmes.messages import Message
from cms.programmes.notation import ActivityText, BankText, LessonContent, SessionText
from cms.programmes.source import Source, shorten

FOLDER = "bank"
QUESTION_KINDS = ("single", "multiple", "truefalse")


def read_banks(reading: Reading) -> tuple[BankText, ...]:
    """All banks of the programme that is read, by file name; errors are noted in the reading."""
    folder = reading.folder / FOLDER
    if not folder.is_dir():
        return ()
    return tuple(bank for path in reading.list_entries(folder) if (bank := _read_bank(reading, path)))


def _read_bank(reading: Reading, path: Path) -> BankText | None:
    if path.suffix != ".md":
        reading.report(path, Message("This does not belong here. Banks have names such as mg-eindtoets.md."))
        return None
    opened = reading.open(path)
    if opened is None:
        return None
    source, fields, body_line = opened
    key_line = fields.line_of_field("key")
    bank = BankText(
        path=source.path,
        key=reading.claim_key(source, fields.key("key")),
        identity=reading.claim_identity(source, fields.identity("identity")),
        title=fields.text("title"),
        questions=_only_questions(source, read_content(source, body_line)),
    )
    fields.finish()
    if bank.key and bank.key != path.stem:
        source.report(
            key_line,
            Message(
                "The file of the bank '%(bank)s' must be named %(key)s.md.",
                bank=shorten(bank.key),
                key=bank.key,
            ),
        )
    if not any(line.strip() for line in source.lines[body_line - 1 :]):
        source.report(body_line, Message("This bank is empty. Write its questions."))
    return bank


def _only_questions(source: Source, content: Iterable[LessonContent]) -> tuple[ActivityText, ...]:
    questions = []
    for piece in content:
        if not isinstance(piece, ActivityText) or piece.kind not in QUESTION_KINDS:
            source.report(
                piece.line,
                Message("A bank holds %(kinds)s and nothing between them.", kinds=", ".join(QUESTION_KINDS)),
            )
            continue
        if not piece.required or "alternative" in piece.fields:
            source.report(
                piece.line,
                Message(
                    "A question in a bank has no 'optional' and no 'alternative>'. Write those with the quiz."
                ),
            )
        questions.append(piece)
    return tuple(questions)


def check_quizzes(reading: Reading, sessions: Iterable[SessionText], banks: Iterable[BankText]) -> None:
    """Report tests without their bank, and those that draw more than it holds."""
    by_key = {bank.key: bank for bank in banks}
    quizzes = [
        activity
        for session in sessions
        for lesson in session.lessons
        for activity in lesson.activities
        if activity.kind == "quiz" and activity.fields["bank"]
    ]
    for quiz in quizzes:
        key, drawn = quiz.fields["bank"], quiz.fields["draw"]
        bank = by_key.get(key)
        if bank is None:
            message = Message(
                "There is no bank '%(key)s'. Write %(folder)s/%(key)s.md, or mend 'bank>'.",
                key=shorten(key),
                folder=FOLDER,
            )
        elif drawn > len(bank.questions):
            message = Message(
                "The bank '%(key)s' has %(number)s questions; %(drawn)s cannot be drawn.",
                key=shorten(key),
                number=len(bank.questions),
                drawn=drawn,
            )
        else:
            continue
        reading.errors.append(NotationError(quiz.path, quiz.line, message))
