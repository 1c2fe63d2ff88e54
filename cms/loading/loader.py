"""The loader: a programme or the site, from its text to published pages."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from django.db import transaction
from wagtail.models import Locale, Page, Site

from cms.filing import Filed, Filing
from cms.loading.blocks import activity_block, block, lesson_blocks
from cms.loading.comparing import assign, differs, edited_bank, touched
from cms.loading.identities import names_in, refuse_other_course, refuse_twice, remember
from cms.loading.results import IdentityTaken, Loaded, Rehearsed, SiteMissing
from cms.models import (
    CataloguePage,
    CoursePage,
    HomePage,
    LessonPage,
    QuestionBank,
    SessionPage,
    StandardPage,
)
from cms.programmes import (
    BankText,
    LessonText,
    ProgrammeText,
    SessionText,
    SiteText,
)
from cms.programmes.identity import (
    bank_name,
    page_identity,
)
from cms.programmes.messages import Message
from courses.models import Lesson, Programme
from courses.services.syllabus import publish_programme
from people.models import User

NAMED = 5  # the UUIDs made here from a name; Wagtail makes random ones
MOVES = ("wagtail.move", "wagtail.reorder")
PARTS = {
    "vooraf": Lesson.Part.BEFORE,
    "bijeenkomst": Lesson.Part.LIVE,
    "achteraf": Lesson.Part.AFTER,
    "les": Lesson.Part.WHOLE,
}


@dataclass
class Loader:
    """One run. `overwrite` takes the text over where somebody edited the page in Wagtail.

    `writer`: who uploaded the text; of the library's files it changes theirs only. `rehearse` raises `Rehearsed` at the end of a programme: `result` says what would happen, and nothing did.
    """

    language: str = "nl"
    overwrite: bool = False
    rehearse: bool = False
    writer: User | None = None
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
                body=[block(f"{page.key}-text", "text", page.body.html)],
            )
            for page in text.pages
        ]
        self._order(home, [catalogue, *pages])
        return self.result

    def load_programme(self, text: ProgrammeText) -> Loaded:
        """A programme with its banks, files, course, sessions and lessons.

        Raises `SiteMissing`, `IdentityTaken` and `FileRefused`; then nothing is changed, and no file is left behind.
        """
        self._filing = Filing(self.overwrite, self.writer)
        with self._filing.nothing_left_behind(), transaction.atomic():
            return self._load_programme(text)

    def _load_programme(self, text: ProgrammeText) -> Loaded:
        names = list(names_in(text))
        for each in names:
            refuse_twice(each)
        catalogue = CataloguePage.objects.filter(locale=self._locale).first()
        if catalogue is None:
            raise SiteMissing(Message("There is no catalogue page yet. Load content/site first."))
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
                block(f"{text.course.key}-fact-{number}", "fact", {"label": fact.label, "text": fact.text})
                for number, fact in enumerate(text.course.facts)
            ],
            body=text.course.body.html,
        )
        sessions = [self._session(course, text.key, session) for session in text.sessions]
        self._order(course, sessions)
        self._withdraw_missing(course, sessions)
        remember(chain.from_iterable(names))
        if self.rehearse:
            raise Rehearsed
        return self.result

    def _bank(self, programme: Programme, text: BankText) -> QuestionBank:
        """Create, update or leave alone the question bank of a key."""
        key = bank_name(programme.key, text.key)
        values = {
            "title": text.title,
            "programme": programme,
            "questions": [activity_block(key, question) for question in text.questions],
        }
        identity = page_identity(key, text.identity)
        bank = QuestionBank.objects.filter(key=identity).first()
        if bank is not None and bank.programme_id not in {None, programme.pk}:
            raise IdentityTaken(
                Message(
                    "The identity %(identity)s belongs to “%(title)s” of another programme.",
                    identity=identity,
                    title=bank.title,
                )
            )
        if bank is None:
            bank = QuestionBank(key=identity)
            noted, what = self.result.created, "new"
        elif not differs(bank, values):
            self._note(self.result.unchanged, "", bank)
            return bank
        elif not self.overwrite and edited_bank(bank):
            self._note(self.result.left_alone, "edited in Wagtail, left alone", bank)
            return bank
        else:
            noted, what = self.result.updated, "changed"
        assign(bank, values)
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
                block(f"step-{number}", "step", {"title": step.title, "text": step.text})
                for number, step in enumerate(text.home.steps)
            ],
            promises_title=text.home.promises_title,
            promises=[
                block(f"promise-{number}", "promise", {"title": promise.title, "text": promise.text})
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
            block(
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
            refuse_other_course(page, parent, values)
        if page is None:
            page = model(translation_key=translation_key, locale=self._locale, slug=slug, live=False)
            assign(page, values)
            parent.add_child(instance=page)
            self._publish(page)
            self._note(self.result.created, "new", page)
            return page
        if not stale and not differs(page, values) and page.live and page.get_parent().pk == parent.pk:
            self._note(self.result.unchanged, "", page)
            return page
        if not self.overwrite and touched([page.pk]):
            self._note(self.result.left_alone, "edited in Wagtail, left alone", page)
            return page
        if page.get_parent().pk != parent.pk:
            page.move(parent, pos="last-child")
            page = model.objects.get(pk=page.pk)
        assign(page, values)
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
        if there == wanted or (not self.overwrite and touched(wanted, *MOVES)):
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
