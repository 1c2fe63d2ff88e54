"""From programme texts to pages. Publishing the pages writes the syllabus, as for any editor.

Loading is idempotent: a page whose text is the same is left alone. So is a page that somebody has edited in Wagtail,
unless told otherwise: the text on disk must not undo a trainer's work.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from wagtail.blocks import StreamValue
from wagtail.models import Locale, ModelLogEntry, Page, PageLogEntry, Site

from cms.filing import Filed, Filing
from cms.models import (
    CataloguePage,
    CoursePage,
    HomePage,
    LessonPage,
    QuestionBank,
    SessionPage,
    StandardPage,
    TextKey,
)
from cms.programmes import (
    ActivityText,
    Aside,
    BankText,
    Drawing,
    Grounding,
    LessonText,
    Paragraphs,
    ProgrammeText,
    SessionText,
    SiteText,
)
from cms.programmes.identity import (
    activity_identity,
    bank_name,
    field_identity,
    identity_of,
    inner_rows,
    is_identity,
    page_identity,
    row_identities,
)
from cms.programmes.notation import ROWS
from courses.models import Lesson, Programme
from courses.services.syllabus import publish_programme

NAMED = 5  # the UUIDs made here from a name; Wagtail makes random ones
UPLOADED = "leerhuis.uploaded"  # somebody's deed, but no change of theirs to the page
MOVES = ("wagtail.move", "wagtail.reorder")
PARTS = {
    "vooraf": Lesson.Part.BEFORE,
    "bijeenkomst": Lesson.Part.LIVE,
    "achteraf": Lesson.Part.AFTER,
    "les": Lesson.Part.WHOLE,
}
# Fields of activities that are list blocks of several fields each.
LISTS = {"options", "items", "pairs", "bands", "checks", "lines", "fields", "scenes", "criteria"}
# Activities with a file: the field of their block that holds it.
FILE_FIELDS = {"video": "recording", "audio": "recording", "download": "document"}
BLOCKS = {"single": "single_choice", "multiple": "multiple_choice", "truefalse": "true_false"}


@dataclass
class Loaded:
    """What a run did, by title of page or question bank."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    # Edited in Wagtail since; the text on disk was not taken over.
    left_alone: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        return bool(self.created or self.updated or self.withdrawn)


class SiteMissing(Exception):
    """There is no catalogue yet to hang a course under."""


class Rehearsed(Exception):
    """Everything was done, and undone by this."""


class IdentityTaken(Exception):
    """A text states the identity of something else: in another course, or elsewhere in the same text."""


@dataclass
class Loader:
    """One run. `overwrite` takes the text over where somebody edited the page in Wagtail.

    `rehearse` raises `Rehearsed` at the end of a programme: `result` says what would happen, and nothing did.
    """

    language: str = "nl"
    overwrite: bool = False
    rehearse: bool = False
    say: Callable[[str], None] = lambda _line: None
    result: Loaded = field(default_factory=Loaded)
    # Of the programme that is being loaded: its banks by their key in the text, and the keys of those that changed.
    _banks: dict[str, QuestionBank] = field(default_factory=dict)
    _changed_banks: set[str] = field(default_factory=set)
    _filing: Filing = field(default_factory=Filing)

    @transaction.atomic
    def load_site(self, text: SiteText) -> Loaded:
        """Home, catalogue and standard pages; makes the home page the site's root where it is not yet."""
        home = self._home(text)
        catalogue = self._put(
            home,
            CataloguePage,
            text.catalogue.key,
            text.catalogue.slug,
            title=text.catalogue.title,
            lead=text.catalogue.lead,
        )
        pages = [
            self._put(
                home,
                StandardPage,
                page.key,
                page.slug,
                title=page.title,
                lead=page.lead,
                body=[_block(f"{page.key}-text", "text", page.body.html)],
            )
            for page in text.pages
        ]
        self._order(home, [catalogue, *pages])
        return self.result

    def load_programme(self, text: ProgrammeText) -> Loaded:
        """A programme with its banks, files, course, sessions and lessons.

        Raises `SiteMissing`, `IdentityTaken` and `FileRefused`; then nothing is changed, and no file is left behind.
        """
        self._filing = Filing(self.overwrite)
        with self._filing.nothing_left_behind(), transaction.atomic():
            return self._load_programme(text)

    def _load_programme(self, text: ProgrammeText) -> Loaded:
        names = list(names_in(text))
        _refuse_twice(names)
        catalogue = CataloguePage.objects.filter(locale=self._locale).first()
        if catalogue is None:
            raise SiteMissing("There is no catalogue page yet. Load content/site first.")
        programme = publish_programme(
            key=text.key,
            name=text.name,
            neutral_name=text.neutral_name,
            organisation=text.organisation.casefold().replace(" ", "-"),
            organisation_name=text.organisation,
            audience=text.audience,
        )
        self._banks = {bank.key: self._bank(programme, bank) for bank in text.banks}
        self._filing.put(text.files)
        self._note_files()
        course = self._put(
            catalogue,
            CoursePage,
            f"{text.key}:{text.course.key}",
            text.course.slug,
            identity=text.course.identity,
            title=text.course.title,
            programme=programme,
            discreet_title=text.course.discreet_title,
            eyebrow=text.course.eyebrow,
            lead=text.course.lead,
            summary=text.course.summary,
            hours_label=text.course.hours_label,
            open_enrolment=text.course.open_enrolment,
            facts=[
                _block(f"{text.course.key}-fact-{number}", "fact", {"label": fact.label, "text": fact.text})
                for number, fact in enumerate(text.course.facts)
            ],
            body=text.course.body.html,
        )
        sessions = [self._session(course, text.key, session) for session in text.sessions]
        self._order(course, sessions)
        self._withdraw_missing(course, sessions)
        _remember(names)
        if self.rehearse:
            raise Rehearsed
        return self.result

    def _bank(self, programme: Programme, text: BankText) -> QuestionBank:
        """Create, update or leave alone the question bank of a key."""
        key = bank_name(programme.key, text.key)
        values = {
            "title": text.title,
            "programme": programme,
            "questions": [_activity(key, question) for question in text.questions],
        }
        identity = page_identity(key, text.identity)
        bank = QuestionBank.objects.filter(key=identity).first()
        if bank is not None and bank.programme_id not in {None, programme.pk}:
            raise IdentityTaken(f"The identity {identity} belongs to “{bank.title}” of another programme.")
        if bank is None:
            bank = QuestionBank(key=identity)
            noted, what = self.result.created, "new"
        elif not _differs(bank, values):
            self._note(self.result.unchanged, "", bank)
            return bank
        elif not self.overwrite and _edited_bank(bank):
            self._note(self.result.left_alone, "edited in Wagtail, left alone", bank)
            return bank
        else:
            noted, what = self.result.updated, "changed"
        _assign(bank, values)
        bank.save()
        self._changed_banks.add(text.key)
        self._note(noted, what, bank)
        return bank

    def _session(self, course: Page, programme_key: str, text: SessionText) -> Page:
        page = self._put(
            course,
            SessionPage,
            f"{programme_key}:{text.key}",
            text.slug or text.key,
            identity=text.identity,
            title=text.title,
            touches=text.touches,
            note=text.note,
            meeting=text.meeting,
            meeting_details=text.meeting_details,
            heavy=text.heavy,
            body=text.body.html,
            trainer_notes=text.trainer_notes.html if text.trainer_notes else "",
        )
        lessons = [self._lesson(page, programme_key, lesson) for lesson in text.lessons]
        self._order(page, lessons)
        self._withdraw_missing(page, lessons)
        return page

    def _lesson(self, session: Page, programme_key: str, text: LessonText) -> Page:
        key = f"{programme_key}:{text.key}"
        return self._put(
            session,
            LessonPage,
            key,
            text.slug or text.key,
            identity=text.identity,
            title=text.title,
            part=PARTS[text.part],
            minutes=text.minutes,
            note=text.note,
            body=list(lesson_blocks(key, text, self._banks, self._filing.by_name)),
            stale=any(
                activity.fields.get("bank") in self._changed_banks
                or activity.fields.get("file") in self._filing.changed
                for activity in text.activities
            ),
        )

    @property
    def _locale(self) -> Locale:
        return Locale.objects.get_or_create(language_code=self.language)[0]

    def _home(self, text: SiteText) -> Page:
        root = Page.objects.get(depth=1)
        home = self._put(
            root,
            HomePage,
            text.home.key,
            "leerhuis",
            title=text.home.title,
            lead=text.home.lead,
            doors=self._doors(text),
            steps_title=text.home.steps_title,
            steps=[
                _block(f"step-{number}", "step", {"title": step.title, "text": step.text})
                for number, step in enumerate(text.home.steps)
            ],
            promises_title=text.home.promises_title,
            promises=[
                _block(f"promise-{number}", "promise", {"title": promise.title, "text": promise.text})
                for number, promise in enumerate(text.home.promises)
            ],
        )
        site = Site.objects.filter(is_default_site=True).first()
        if site is None:
            Site.objects.create(
                hostname="localhost", root_page=home, is_default_site=True, site_name="Leerhuis"
            )
        elif site.root_page_id != home.pk:
            replaced = site.root_page
            site.root_page, site.site_name = home, "Leerhuis"
            site.save()
            if type(replaced.specific) is Page:
                replaced.delete()  # Wagtail's own welcome page
        return home

    def _doors(self, text: SiteText) -> list[dict[str, Any]]:
        """Doors to the courses that are there; a door without a course behind it waits for the next run."""
        courses = {page.slug: page.pk for page in CoursePage.objects.filter(locale=self._locale)}
        return [
            _block(
                f"door-{door.course}",
                "door",
                {"title": door.title, "text": door.text, "small": door.small, "course": courses[door.course]},
            )
            for door in text.home.doors
            if door.course in courses
        ]

    def _put(
        self,
        parent: Page,
        model: type[Page],
        key: str,
        slug: str,
        *,
        identity: str = "",
        stale: bool = False,
        **values: Any,
    ) -> Page:
        """Create, update or leave alone the page of a key, or of the `identity` that its text states.

        `stale`: what it draws on changed, so publish it again.
        """
        translation_key = page_identity(key, identity)
        page = model.objects.filter(translation_key=translation_key, locale=self._locale).first()
        if identity and page is not None:
            _refuse_other_course(page, parent, values)
        if page is None:
            page = model(translation_key=translation_key, locale=self._locale, slug=slug, live=False)
            _assign(page, values)
            parent.add_child(instance=page)
            self._publish(page)
            self._note(self.result.created, "new", page)
            return page
        if not stale and not _differs(page, values) and page.live and page.get_parent().pk == parent.pk:
            self._note(self.result.unchanged, "", page)
            return page
        if not self.overwrite and _touched([page.pk]):
            self._note(self.result.left_alone, "edited in Wagtail, left alone", page)
            return page
        if page.get_parent().pk != parent.pk:
            page.move(parent, pos="last-child")
            page = model.objects.get(pk=page.pk)
        _assign(page, values)
        self._publish(page)
        self._note(self.result.updated, "changed", page)
        return page

    def _publish(self, page: Page) -> None:
        page.save_revision().publish()

    def _order(self, parent: Page, pages: list[Page]) -> None:
        wanted = [page.pk for page in pages]
        there = [
            pk for pk in parent.get_children().order_by("path").values_list("pk", flat=True) if pk in wanted
        ]
        if there == wanted or (not self.overwrite and _touched(wanted, *MOVES)):
            return
        for pk in wanted:
            fresh = Page.objects.get(pk=pk)
            fresh.move(Page.objects.get(pk=parent.pk), pos="last-child")

    def _withdraw_missing(self, parent: Page, kept: list[Page]) -> None:
        """Pages that a text once made and no longer names go off line. What people made in Wagtail stays."""
        for page in parent.get_children().live().exclude(pk__in=[page.pk for page in kept]).specific():
            if page.translation_key.version != NAMED:
                continue
            page.unpublish()
            self._note(self.result.withdrawn, "no longer in the text, off line", page)

    def _note_files(self) -> None:
        done = self._filing
        for things, titles, what in (
            (done.created, self.result.created, "new"),
            (done.updated, self.result.updated, "changed"),
            (done.left_alone, self.result.left_alone, "edited in Wagtail, left alone"),
        ):
            for thing in things:
                self._note(titles, what, thing)

    def _note(self, titles: list[str], what: str, thing: Page | QuestionBank | Filed) -> None:
        titles.append(thing.title)
        if what:
            self.say(f"{what}: {thing.title}")


def lesson_blocks(
    key: str, text: LessonText, banks: Mapping[str, QuestionBank], files: Mapping[str, Filed] | None = None
) -> Iterable[dict[str, Any]]:
    """The lesson's stream as raw data with stable ids. `banks` by key, `files` by name: what its activities use."""
    for number, piece in enumerate(text.content):
        if isinstance(piece, ActivityText):
            yield _activity(key, piece, banks, files)
        elif isinstance(piece, Paragraphs):
            yield _block(f"{key}-{number}", "text", piece.html)
        elif isinstance(piece, Aside):
            yield _block(f"{key}-{number}", "aside", {"title": piece.title, "text": piece.html})
        elif isinstance(piece, Grounding):
            yield _block(f"{key}-{number}", "grounding", {"title": piece.title, "text": piece.html})
        elif isinstance(piece, Drawing):
            yield _block(f"{key}-{number}", "drawing", {"name": piece.name, "text": piece.text})


def _activity(
    lesson_key: str,
    piece: ActivityText,
    banks: Mapping[str, QuestionBank] | None = None,
    files: Mapping[str, Filed] | None = None,
) -> dict[str, Any]:
    name = f"{lesson_key}#{piece.key}"
    value: dict[str, Any] = {**piece.fields, "required": piece.required}
    if piece.kind == "truefalse":
        value["right"] = "true" if value["right"] else "false"
    for rows in {*ROWS, "fields"} & value.keys():
        value[rows] = _items(value[rows], iter(piece.ids or row_identities(name, value[rows])))
    if piece.kind == "quiz":
        value["bank"] = banks[piece.fields["bank"]].pk if banks else None
    if piece.kind in FILE_FIELDS:
        value[FILE_FIELDS[piece.kind]] = files[value.pop("file")].pk if files else None
    if "labels" in value:
        value["labels"] = [
            _block(f"{name}-label-{number}", "item", label) for number, label in enumerate(value["labels"])
        ]
    identity = activity_identity(lesson_key, piece.key)
    return {"type": BLOCKS.get(piece.kind, piece.kind), "id": str(identity), "value": value}


def _items(rows: Iterable[Mapping[str, Any] | str], ids: Iterator[str]) -> list[dict[str, Any]]:
    """A list block's raw data, lists inside it too. `ids` in the order of `row_identities`."""
    items = []
    for row in rows:
        written = {"text": row} if isinstance(row, str) else row
        item = {"type": "item", "id": next(ids), "value": {}}
        inner = {name: _items(each, ids) for name, each in inner_rows(written)}
        item["value"] = {name: inner.get(name, each) for name, each in written.items() if name != "key"}
        items.append(item)
    return items


def _block(name: str, kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "id": str(identity_of(name)), "value": value}


def names_in(text: ProgrammeText) -> Iterator[tuple[uuid.UUID, str]]:
    """Identities and the keys that this text gives them: of pages, banks, activities and worksheets' questions."""
    lessons = [lesson for session in text.sessions for lesson in session.lessons]
    for bank in text.banks:
        scope = bank_name(text.key, bank.key)
        yield page_identity(scope, bank.identity), bank.key
        for question in bank.questions:
            yield activity_identity(scope, question.key), question.key
    for page in (text.course, *text.sessions, *lessons):
        yield page_identity(f"{text.key}:{page.key}", page.identity), page.key
    for lesson in lessons:
        scope = f"{text.key}:{lesson.key}"
        for activity in lesson.activities:
            yield activity_identity(scope, activity.key), activity.key
            for asked in activity.fields.get("fields", ()):
                yield field_identity(f"{scope}#{activity.key}", asked["key"]), asked["key"]


def _refuse_twice(names: Iterable[tuple[uuid.UUID, str]]) -> None:
    """Two things with one identity would be one thing twice, as after copying a file with the identities in it."""
    seen: set[uuid.UUID] = set()
    for identity, key in names:
        if identity in seen:
            raise IdentityTaken(
                f"Two texts have the identity {identity} (“{key}”). Give one an id of its own."
            )
        seen.add(identity)


def _remember(names: Iterable[tuple[uuid.UUID, str]]) -> None:
    """Keep the keys, which cannot be told from the identities made of them."""
    rows = [TextKey(identity=identity, key=key) for identity, key in names if not is_identity(key)]
    TextKey.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["identity"], update_fields=["key"]
    )


def _refuse_other_course(page: Page, parent: Page, values: Mapping[str, Any]) -> None:
    """A text may take along what is its own; an identity copied from another course must not carry that page off."""
    course = parent.get_ancestors(inclusive=True).type(CoursePage).last()
    if isinstance(page, CoursePage):
        is_own = page.programme == values["programme"]
    else:
        is_own = course is not None and page.is_descendant_of(course)
    if not is_own:
        raise IdentityTaken(
            f"The identity {page.translation_key} belongs to “{page.title}” in another course."
        )


def _touched(pages: Iterable[int], *actions: str) -> bool:
    """Whether a person did something (one of `actions`, where given) to one of these pages in Wagtail."""
    deeds = PageLogEntry.objects.filter(page__in=pages, user__isnull=False).exclude(action=UPLOADED)
    return (deeds.filter(action__in=actions) if actions else deeds).exists()


def _edited_bank(bank: QuestionBank) -> bool:
    """Whether a person did something to this bank in Wagtail."""
    return ModelLogEntry.objects.for_instance(bank).filter(user__isnull=False).exists()


def _assign(thing: Page | QuestionBank, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        field_ = thing._meta.get_field(name)
        setattr(thing, name, field_.to_python(value) if hasattr(field_, "stream_block") else value)
    if isinstance(thing, Page):
        thing.draft_title = thing.title


def _differs(thing: Page | QuestionBank, values: Mapping[str, Any]) -> bool:
    """Whether what is live says something else than the text."""
    for name, value in values.items():
        field_ = thing._meta.get_field(name)
        if hasattr(field_, "stream_block"):
            if _plain(getattr(thing, name)) != _plain(field_.to_python(value)):
                return True
        elif getattr(thing, name) != value:
            return True
    return False


def _plain(stream: StreamValue) -> list[dict[str, Any]]:
    """A stream as plain data, with the defaults of fields that its raw data does not name."""
    return [child.get_prep_value() for child in stream]
