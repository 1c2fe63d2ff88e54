"""From pages to programme texts: the inverse of `cms.loading`. What is live is written; drafts are named and left out."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from wagtail.blocks import StructValue
from wagtail.models import Locale, Page

from cms.blocks import ActivityBlock
from cms.filing import Filed, name_for, text_of
from cms.loading import BLOCKS, FILE_FIELDS, PARTS
from cms.models import CoursePage, LessonPage, QuestionBank, SessionPage, TextKey
from cms.programmes import (
    ActivityText,
    Aside,
    BankText,
    CourseText,
    Drawing,
    Fact,
    Grounding,
    LessonContent,
    LessonText,
    Paragraphs,
    ProgrammeText,
    SessionText,
)
from cms.programmes.dialogues import MEASURES
from cms.programmes.identity import (
    activity_identity,
    bank_name,
    field_identity,
    page_identity,
    row_identities,
)
from cms.programmes.messages import Message, MessageError
from cms.programmes.notation import ROWS
from cms.programmes.writing import (
    CannotBeWritten,
    Problem,
    ProgrammeCannotBeWritten,
    file_name,
    same_html,
    save_files,
    save_media,
    write_programme,
)
from courses.models import Programme
from courses.services.syllabus import TURN

KINDS = {block: kind for kind, block in BLOCKS.items()}
PART_NAMES = {part: name for name, part in PARTS.items()}


class NothingToExport(MessageError):
    """There is no such programme, or not one live course of it."""


@dataclass
class Exported:
    """A programme as text, and what of it was not written: pages that are not live, and changes not yet published."""

    text: ProgrammeText
    not_live: list[str] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)


def export(key: str, folder: Path) -> tuple[Exported, int]:
    """Write the programme of this key as files into a folder, which may be new; also returns how many these are.

    Raises `NothingToExport` and `ProgrammeCannotBeWritten`; then nothing was written.
    """
    exported = read_pages(key)
    files = write_programme(exported.text)
    save_files(folder, files)
    save_media(folder, exported.text.files)
    return exported, len(files) + len(exported.text.files)


def read_pages(key: str) -> Exported:
    """The programme of this key as its pages say it.

    Raises `NothingToExport`, and `ProgrammeCannotBeWritten` for what no text can say.
    """
    programme = Programme.objects.select_related("organisation").filter(key=key).first()
    if programme is None:
        raise NothingToExport(Message("There is no programme '%(key)s'.", key=key))
    return _Export(programme, dict(TextKey.objects.values_list("identity", "key"))).run()


class _Export:
    """One run. `_names`: the keys that texts gave, by identity."""

    def __init__(self, programme: Programme, names: Mapping[uuid.UUID, str]) -> None:
        self._programme = programme
        self._names = names
        self._taken: set[str] = set()
        self._bank_texts: dict[int, BankText] = {}
        self._files: dict[str, Filed] = {}
        self._problems: list[Problem] = []
        self._not_live: list[str] = []
        self._drafts: list[str] = []

    def run(self) -> Exported:
        course = self._course_page()
        sessions = [(session, self._below(session)) for session in self._below(course)]
        pages = [course, *(page for session, lessons in sessions for page in (session, *lessons))]
        # Keys that texts gave come first: what was made in Wagtail takes a key that is free.
        banks = list(QuestionBank.objects.filter(programme=self._programme).order_by("title", "key"))
        identities = [*(page.translation_key for page in pages), *(bank.key for bank in banks)]
        self._taken = {self._names[identity] for identity in identities if identity in self._names}
        self._bank_texts = {bank.pk: self._bank(bank) for bank in banks}
        text = ProgrammeText(
            path="",
            key=self._programme.key,
            name=self._programme.name,
            neutral_name=self._programme.neutral_name,
            organisation=self._programme.organisation.name,
            audience=self._programme.audience,  # type: ignore[arg-type]
            language=course.locale.language_code,
            course=self._course(course),
            sessions=tuple(self._session(session, lessons) for session, lessons in sessions),
            banks=tuple(sorted(self._bank_texts.values(), key=lambda bank: bank.key)),
        )
        text = replace(text, files=tuple(text_of(self._files[name], name) for name in sorted(self._files)))
        if self._problems:
            raise ProgrammeCannotBeWritten(self._problems)
        return Exported(text, self._not_live, self._drafts)

    # --- pages ------------------------------------------------------------------------------------------------------
    def _course_page(self) -> CoursePage:
        """The live course in the site's own language, else in the one that it has."""
        pages = CoursePage.objects.live().filter(programme=self._programme, alias_of=None)
        source = list(pages.filter(locale=Locale.get_default())) or list(pages)
        if len(source) != 1:
            titles = ", ".join(page.title for page in source) or Message("none")
            raise NothingToExport(
                Message(
                    "A text holds one live course; '%(key)s' has: %(titles)s.",
                    key=self._programme.key,
                    titles=titles,
                )
            )
        self._note_draft(source[0])
        return source[0]

    def _below(self, page: Page) -> list[Any]:
        """The live pages below, in the order they are taught: a lesson that was added for before the meeting stands last."""
        children = list(page.get_children().order_by("path").specific())
        self._not_live += [child.title for child in children if not child.live]
        live = [child for child in children if child.live and child.alias_of_id is None]
        for child in live:
            self._note_draft(child)
        return sorted(live, key=lambda child: TURN.get(getattr(child, "part", ""), 1))

    def _note_draft(self, page: Page) -> None:
        if page.has_unpublished_changes:
            self._drafts.append(page.title)

    def _course(self, page: CoursePage) -> CourseText:
        names = self._name(page)
        return CourseText(
            path="course.md",
            key=names["key"],
            identity=names["identity"],
            slug=page.slug,
            title=page.title,
            discreet_title=page.discreet_title,
            eyebrow=page.eyebrow,
            lead=_typed(page.lead),
            summary=_typed(page.summary),
            hours_label=page.hours_label,
            open_enrolment=page.open_enrolment,
            facts=tuple(Fact(fact.value["label"], fact.value["text"]) for fact in page.facts),
            body=self._prose(page, page.body),
        )

    def _session(self, page: SessionPage, lessons: Sequence[LessonPage]) -> SessionText:
        return SessionText(
            path=page.slug,
            **self._name(page),
            title=page.title,
            touches=page.touches,
            note=_typed(page.note),
            meeting=page.meeting,
            meeting_details=page.meeting_details,
            heavy=page.heavy,
            body=self._prose(page, page.body),
            trainer_notes=self._prose(page, page.trainer_notes) if page.trainer_notes else None,
            lessons=tuple(self._lesson(lesson) for lesson in lessons),
        )

    def _lesson(self, page: LessonPage) -> LessonText:
        names = self._name(page)
        scope = f"{self._programme.key}:{names['key']}"
        return LessonText(
            path=page.slug,
            **names,
            title=page.title,
            part=PART_NAMES[page.part],  # type: ignore[arg-type]
            minutes=page.minutes,
            note=_typed(page.note),
            content=tuple(self._content(page, scope)),
        )

    def _bank(self, bank: QuestionBank) -> BankText:
        key, identity = self._key(bank.key, bank.title, partial(bank_name, self._programme.key))
        scope = bank_name(self._programme.key, key)
        questions = tuple(activity_text(child, scope, self._names) for child in bank.questions)
        return BankText("", key, bank.title, questions, identity)

    def _name(self, page: Page) -> dict[str, str]:
        """`key`, and where they do not follow from it, `slug` and `identity`."""
        key, identity = self._key(page.translation_key, page.slug, f"{self._programme.key}:{{}}".format)
        return {"key": key, "slug": "" if page.slug == key else page.slug, "identity": identity}

    def _key(self, identity: uuid.UUID, wanted: str, named: Callable[[str], str]) -> tuple[str, str]:
        """The key that a text gave, or a free one like `wanted`; and the identity, where it does not follow from it."""
        key = self._names.get(identity) or self._free_key(file_name(wanted, str(identity)))
        self._taken.add(key)
        return key, "" if page_identity(named(key)) == identity else str(identity)

    def _free_key(self, wanted: str) -> str:
        number, key = 1, wanted
        while key in self._taken:
            number += 1
            key = f"{wanted}-{number}"
        return key

    # --- a lesson's content -----------------------------------------------------------------------------------------
    def _content(self, page: LessonPage, scope: str) -> Iterator[LessonContent]:
        for child in page.body:
            value = child.value
            if child.block_type == "h5p":
                message = Message(
                    "A package is a file of its own and no text. Take it out before exporting, and bring it in there."
                )
                self._problems.append(Problem(page.slug, page.title, message))
            elif isinstance(child.block, ActivityBlock):
                activity = activity_text(child, scope, self._names)
                yield self._with_what_it_uses(page, activity)
            elif child.block_type == "drawing":
                yield Drawing(value["name"], _typed(value["text"]), "", 0)
            elif child.block_type == "text":
                yield self._prose(page, value.source)
            else:
                piece = {"aside": Aside, "grounding": Grounding}[child.block_type]
                html = self._prose(page, value["text"].source).html
                yield piece(value["title"], html, 0, "", 0)

    def _with_what_it_uses(self, page: LessonPage, activity: ActivityText) -> ActivityText:
        """An activity with the names of its bank or file in the place of these."""
        if activity.kind == "quiz":
            return self._with_bank(page, activity)
        if activity.kind not in FILE_FIELDS:
            return activity
        fields = dict(activity.fields)
        thing = fields.pop(FILE_FIELDS[activity.kind])
        name = ""
        if thing is None:
            self._problems.append(
                Problem(page.slug, page.title, Message("A file is gone. Choose another one."))
            )
        else:
            name = name_for(thing, self._files)
            self._files[name] = thing
        return replace(activity, fields={**fields, "file": name})

    def _with_bank(self, page: LessonPage, quiz: ActivityText) -> ActivityText:
        """A test with the key of its bank."""
        bank = quiz.fields["bank"]
        text = self._bank_texts.get(bank.pk) if bank else None
        if text is None:
            message = Message(
                "A test draws from no bank of this programme. Choose one, or give the bank this programme."
            )
            self._problems.append(Problem(page.slug, page.title, message))
        return replace(quiz, fields={**quiz.fields, "bank": text.key if text else ""})

    def _prose(self, page: Page, html: str) -> Paragraphs:
        try:
            html = same_html(html)
        except CannotBeWritten as reason:
            self._problems.append(Problem(page.slug, page.title, reason.message))
        return Paragraphs(html, 0, "", 0)


def activity_text(child: Any, lesson: str, names: Mapping[uuid.UUID, str]) -> ActivityText:
    """An activity's block as the text that makes it. `lesson`: `programme:lesson`; `names`: keys that texts gave."""
    kind = KINDS.get(child.block_type, child.block_type)
    fields = _plain(child.value)
    required = bool(fields.pop("required", True))
    if not fields.get("alternative"):
        fields.pop("alternative", None)
    key = _key_of(child.id, names, partial(activity_identity, lesson))
    name = f"{lesson}#{key}"
    if kind == "truefalse":
        fields["right"] = fields["right"] == "true"
    elif kind == "scale":
        fields["bands"].sort(key=lambda band: band["first"])
    elif kind == "survey":
        fields["moment"] = fields["moment"] or ""
    elif kind == "dialogue":
        fields["scenes"] = [_with_moves(scene) for scene in fields["scenes"]]
    elif kind == "worksheet":
        fields["fields"] = [
            {"key": _key_of(row.id, names, partial(field_identity, name)), **_plain(row.value)}
            for row in child.value["fields"].bound_blocks
        ]
    return ActivityText(kind, key, required, fields, 0, "", _stated_ids(name, child.value, fields))


def _key_of(identity: str, names: Mapping[uuid.UUID, str], derive: Callable[[str], uuid.UUID]) -> str:
    """The key that a text gave where this identity follows from it, else the identity itself."""
    key = names.get(uuid.UUID(identity), "")
    return key if key and str(derive(key)) == identity else identity


def _stated_ids(name: str, value: StructValue, fields: Mapping[str, Any]) -> tuple[str, ...]:
    """The ids of an activity's rows, where they are others than their names and places give."""
    rows = next((rows for rows in ROWS if rows in fields), None)
    if rows is None:
        return ()
    blocks = value[rows].bound_blocks
    ids = tuple(_ids_of(sorted(blocks, key=lambda row: row.value["first"]) if rows == "bands" else blocks))
    return () if ids == tuple(row_identities(name, fields[rows])) else ids


def _ids_of(rows: Iterable[Any]) -> Iterator[str]:
    """In the order of `row_identities`."""
    for row in rows:
        yield str(row.id)
        for _name, inner in sorted(row.value.items()):
            if hasattr(inner, "bound_blocks"):
                yield from _ids_of(inner.bound_blocks)


def _with_moves(scene: dict[str, Any]) -> dict[str, Any]:
    """A scene whose sentences move by 0 what they do not move."""
    choices = [
        {**choice, **{name: choice[name] or 0 for name in MEASURES}, "codes": list(choice["codes"])}
        for choice in scene["choices"]
    ]
    return {**scene, "choices": choices}


def _plain(value: Any) -> Any:
    """A block's value as the plain types of `ActivityText.fields`; a row of one text is that text."""
    if isinstance(value, StructValue):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, str):
        return _typed(value)
    if hasattr(value, "bound_blocks"):
        rows = [_plain(each) for each in value]
        return [row["text"] if isinstance(row, dict) and set(row) == {"text"} else row for row in rows]
    return value


def _typed(text: str) -> str:
    """A text as people type it, with the line ends that a text file has."""
    return text.replace("\r\n", "\n").strip()
