"""What a programme says, as plain frozen data. docs/programme-format.md describes how it is written.

Every text knows its `path`, relative to the folder that was read, and where it matters its first `line`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Literal

Audience = Literal["ervaringsmaatjes", "professionals"]
Part = Literal["vooraf", "bijeenkomst", "achteraf", "les"]
ActivityKind = Literal[
    "single",
    "multiple",
    "truefalse",
    "order",
    "match",
    "scale",
    "reflection",
    "read",
    "sort",
    "fill",
    "open",
    "label",
    "worksheet",
    "survey",
    "dialogue",
    "quiz",
    "assignment",
    "video",
    "audio",
    "download",
]

AUDIENCES: tuple[Audience, ...] = ("ervaringsmaatjes", "professionals")
MEETING_PARTS: tuple[Part, ...] = ("vooraf", "bijeenkomst", "achteraf")
PARTS: tuple[Part, ...] = (*MEETING_PARTS, "les")
# The field of an activity whose rows have an identity each; no kind has two of these.
ROWS = ("options", "items", "pairs", "bands", "checks", "lines", "scenes", "criteria")
DRAWINGS = (
    "raam",
    "spiraal",
    "cirkels",
    "fasen",
    "stappen",
    "weegschaal",
    "verandering",
    "liniaal",
    "loyaliteit",
    "driehoek",
    "grens",
    "schaam-schuld",
)


@dataclass(frozen=True)
class Paragraphs:
    """A run of Markdown as the HTML that Wagtail's rich text stores; empty text is `html == ""`."""

    html: str
    words: int
    path: str
    line: int


@dataclass(frozen=True)
class Aside:
    """A box beside the text. `words` counts the title and the text."""

    title: str
    html: str
    words: int
    path: str
    line: int


@dataclass(frozen=True)
class Grounding:
    """A short exercise to land. `words` counts the title and the text."""

    title: str
    html: str
    words: int
    path: str
    line: int


@dataclass(frozen=True)
class Drawing:
    """A drawing of the house by name, and the same in plain words; paragraphs are split by a blank line."""

    name: str
    text: str
    path: str
    line: int


@dataclass(frozen=True)
class ActivityText:
    """An activity as its writer wrote it. `fields` holds plain JSON types, by kind:

    single, multiple: question, options [text, right, feedback]
    truefalse: statement, right, feedback_true, feedback_false
    order: question, items (in the right order), feedback_right, feedback_wrong
    match: question, pairs [left, right], feedback_right, feedback_wrong
    scale: question, minimum, maximum, low_label, high_label, bands [first, last, feedback]
    reflection: question, hint
    read: statement
    sort: question, items [text, group], feedback_right, feedback_wrong
    fill: question, text (with [[answer|other answer]]), feedback_right, feedback_wrong
    open: question, model, checks [text]
    survey: question, moment, minimum, maximum, low_label, high_label, items [construct, form, reversed, text]
    worksheet: question, fields [key, text]
    label: question, labels, lines [speaker, text, label, why]
    dialogue: question, client, trust, shame, change, scenes [name, variants [when [measure, comparison, number], text],
        says, choices [text, to, codes, trust, shame, change, feedback], end]
    quiz: question, bank (its key), draw, pass_score, attempts (0: as many as people like)
    assignment: question, upload, days, criteria [title, must, not_yet, enough, strong]
    video, audio: question, file (its name in media/)
    download: question, file, statement

    Any kind may have an `alternative`. `key` is unique within the lesson; a UUID is the activity's identity itself.
    `line` is the line that opens the block. `ids` are the identities of its rows (see `ROWS`) where these do not
    follow from their places, as after an edit in Wagtail.
    """

    kind: ActivityKind
    key: str
    required: bool
    fields: dict[str, Any]
    line: int
    path: str
    ids: tuple[str, ...] = ()


LessonContent = Paragraphs | Aside | Grounding | Drawing | ActivityText


@dataclass(frozen=True)
class LessonText:
    """One lesson. `minutes` is what the writer states; `minutes.lesson_minutes` is what the text takes.

    `slug` is its place in an address where that is not its key; `identity` a UUID where it does not follow from it.
    """

    path: str
    key: str
    title: str
    part: Part
    minutes: int
    note: str
    content: tuple[LessonContent, ...]
    slug: str = ""
    identity: str = ""

    @property
    def activities(self) -> tuple[ActivityText, ...]:
        return tuple(piece for piece in self.content if isinstance(piece, ActivityText))


@dataclass(frozen=True)
class SessionText:
    """One session with its lessons in order. `meeting` says how long the live meeting takes, or is empty.

    `meeting_details` say when and where. `trainer_notes` are for the trainer alone. `slug`, `identity`: as of a lesson.
    """

    path: str
    key: str
    title: str
    touches: str
    note: str
    meeting: str
    heavy: bool
    body: Paragraphs
    trainer_notes: Paragraphs | None
    lessons: tuple[LessonText, ...]
    meeting_details: str = ""
    slug: str = ""
    identity: str = ""


@dataclass(frozen=True)
class BankText:
    """A question bank: activities of the kinds single, multiple and truefalse. `identity`: as of a lesson."""

    path: str
    key: str
    title: str
    questions: tuple[ActivityText, ...]
    identity: str = ""


@dataclass(frozen=True)
class FileText:
    """A file of media/ and what its text says: `path` is that of the text, `name` that of the file.

    `seconds` as it is written; of a document `language` and `seconds` are empty. `opened` gives the content.
    """

    path: str
    name: str
    title: str
    language: str
    seconds: str
    transcript: str
    captions: str
    sha256: str
    opened: Callable[[], BinaryIO] = field(compare=False, repr=False)

    @property
    def stem(self) -> str:
        return self.name.partition(".")[0]

    @property
    def ending(self) -> str:
        return self.name.partition(".")[2]


@dataclass(frozen=True)
class Fact:
    label: str
    text: str


@dataclass(frozen=True)
class CourseText:
    path: str
    key: str
    slug: str
    title: str
    discreet_title: str
    eyebrow: str
    lead: str
    summary: str
    hours_label: str
    facts: tuple[Fact, ...]
    body: Paragraphs
    open_enrolment: bool = True
    identity: str = ""


@dataclass(frozen=True)
class ProgrammeText:
    """A whole programme folder."""

    path: str
    key: str
    name: str
    neutral_name: str
    organisation: str
    audience: Audience
    language: str
    course: CourseText
    sessions: tuple[SessionText, ...]
    banks: tuple[BankText, ...] = ()
    files: tuple[FileText, ...] = ()


@dataclass(frozen=True)
class Door:
    """A way in on the home page. `course` is the slug of the course behind it; `small` may be empty."""

    title: str
    text: str
    small: str
    course: str


@dataclass(frozen=True)
class TitledText:
    title: str
    text: str


@dataclass(frozen=True)
class HomeText:
    path: str
    key: str
    title: str
    lead: str
    doors: tuple[Door, ...]
    steps_title: str
    steps: tuple[TitledText, ...]
    promises_title: str
    promises: tuple[TitledText, ...]


@dataclass(frozen=True)
class PageText:
    """A standard page or the catalogue page."""

    path: str
    key: str
    slug: str
    title: str
    lead: str
    body: Paragraphs


@dataclass(frozen=True)
class SiteText:
    """The pages around the programmes."""

    home: HomeText
    catalogue: PageText
    pages: tuple[PageText, ...]
