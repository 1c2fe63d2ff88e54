"""Pages of a small site, made and changed as an editor would, and the syllabus as data that can be compared."""

import uuid
from typing import Any

from django.utils import timezone
from wagtail.models import Locale, Page, Site

from cms.models import CataloguePage, CoursePage, HomePage, LessonPage, SessionPage, StandardPage
from courses.models import ActivityVersion, Cohort, Course, Lesson, Session
from courses.services.teams import assign_trainers
from people.models import Role
from people.services.roles import grant_role
from tests.factories import ProgrammeFactory


# --- the stream, as raw data ----------------------------------------------------------------------------------------
def block(kind: str, value: Any, key: str | None = None) -> dict[str, Any]:
    return {"type": kind, "id": key or str(uuid.uuid4()), "value": value}


def items(*values: dict[str, Any]) -> list[dict[str, Any]]:
    return [block("item", value) for value in values]


def text(words: str = "Stel je een raam voor.") -> dict[str, Any]:
    return block("text", f"<p>{words}</p>")


def choice(
    question: str = "Wat past bij een maatje?", *, key: str | None = None, required: bool = True
) -> dict:
    options = items(
        {"text": "Zelf bemiddelen", "right": False, "feedback": "Dat doet een ander."},
        {"text": "Ernaast staan", "right": True, "feedback": "Ja."},
    )
    return block("single_choice", {"required": required, "question": question, "options": options}, key)


def unfinished(key: str | None = None) -> dict:
    """A question without a right answer."""
    options = items(
        {"text": "Zelf bemiddelen", "right": False, "feedback": "Dat doet een ander."},
        {"text": "Ernaast staan", "right": False, "feedback": "Nog niet."},
    )
    return block("single_choice", {"required": True, "question": "Wat past?", "options": options}, key)


def conversation(fields: dict[str, Any], key: str | None = None) -> dict:
    """A practised conversation from an author's fields; ids of its parts follow theirs."""

    def raw(value: Any) -> Any:
        if not (isinstance(value, list) and all(isinstance(row, dict) for row in value)):
            return value
        return [
            block("item", {name: raw(inner) for name, inner in row.items() if name != "id"}, row.get("id"))
            for row in value
        ]

    return block("dialogue", {"required": True, **{name: raw(value) for name, value in fields.items()}}, key)


def reading(statement: str = "Ik heb dit gelezen", *, key: str | None = None, required: bool = True) -> dict:
    return block("read", {"required": required, "statement": statement}, key)


def package(package: Any, *, key: str | None = None, **values: Any) -> dict:
    """A package in a lesson; `package` is a `media.Package` with a current version."""
    given = {
        "required": True,
        "question": "Probeer het zelf.",
        "package": str(package.pk),
        "text": "Een vraag met twee antwoorden.",
        "counts": "score",
        "pass_percent": 70,
        "policy": "best",
        "alternative": "Lees de bladzijde hierboven nog eens.",
    }
    return block("h5p", {**given, **values}, key)


def reflection(question: str = "Waar merk je rust aan?", *, key: str | None = None) -> dict:
    return block("reflection", {"required": False, "question": question, "hint": ""}, key)


# --- pages ----------------------------------------------------------------------------------------------------------
def make_site() -> tuple[HomePage, CataloguePage]:
    """Home and catalogue. Makes the root and the locale anew where a test that emptied the database took them along."""
    locale, _made = Locale.objects.get_or_create(language_code="nl")
    root = Page.objects.filter(depth=1).first() or Page.add_root(
        instance=Page(title="Root", slug="root", locale=locale)
    )
    home = root.add_child(instance=HomePage(title="Leerhuis", slug="leerhuis", lead="Voor wie leert."))
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "testserver", "root_page": home, "site_name": "Leerhuis"}
    )
    catalogue = home.add_child(instance=CataloguePage(title="Cursussen", slug="cursussen"))
    return home, catalogue


def make_standard_page(home: HomePage, title: str = "Privacy") -> StandardPage:
    return publish(home.add_child(instance=StandardPage(title=title, slug=title.lower(), live=False)))


def make_course(catalogue: CataloguePage, title: str = "Geweld en herstel", **values: Any) -> CoursePage:
    programme = values.pop("programme", None) or ProgrammeFactory()
    page = CoursePage(
        title=title,
        slug=f"cursus-{uuid.uuid4().hex[:8]}",
        programme=programme,
        discreet_title="Avondcursus",
        lead="Leren naast iemand te staan.",
        summary="Negen avonden.",
        hours_label="online deel",
        live=False,
        **values,
    )
    return publish(catalogue.add_child(instance=page))


def make_session(
    course: CoursePage, title: str = "Sessie", *, live: bool = True, **values: Any
) -> SessionPage:
    page = SessionPage(title=title, slug=f"sessie-{uuid.uuid4().hex[:8]}", live=False, **values)
    course.add_child(instance=page)
    return publish(page) if live else page


def make_lesson(
    session: SessionPage, title: str = "Les", *body: dict[str, Any], live: bool = True, **values: Any
) -> LessonPage:
    page = LessonPage(title=title, slug=f"les-{uuid.uuid4().hex[:8]}", live=False, **values)
    page.body = page._meta.get_field("body").to_python(list(body))
    session.add_child(instance=page)
    return publish(page) if live else page


def publish(page: Any, **publishing: Any) -> Any:
    """Publish what the page object says, and read it again."""
    page.save_revision().publish(**publishing)
    return type(page).objects.get(pk=page.pk)


def fresh(page: Any) -> Any:
    """The page as the database has it: treebeard's paths grow stale in memory."""
    return type(page).objects.get(pk=page.pk)


def raw_body(page: LessonPage) -> list[dict[str, Any]]:
    return list(page.body.get_prep_value())


def change(page: Any, *body: dict[str, Any], **values: Any) -> Any:
    """Edit and publish; `body`, where given, replaces the stream."""
    page = fresh(page)
    if body:
        page.body = page._meta.get_field("body").to_python(list(body))
    for name, value in values.items():
        setattr(page, name, value)
    return publish(page)


def trains(person: Any, *pages: CoursePage) -> None:
    """Make somebody the trainer of a group in each of these courses."""
    for page in pages or CoursePage.objects.all():
        course = Course.objects.get(key=page.translation_key)
        now = timezone.now()
        grant_role(user=person, role=Role.TRAINER, organisation=course.programme.organisation, now=now)
        assign_trainers(cohort=Cohort.objects.create(course=course, name="Groep"), trainers=[person], now=now)


# --- the syllabus ---------------------------------------------------------------------------------------------------
def syllabus() -> list[Any]:
    """Courses, sessions, lessons and activities in the order learners meet them, with what is archived or retired.

    course: (title, state, sessions) · session: (title, state, lessons) · lesson: (title, state, activities)
    activity: (kind, what it asks per version, state); `state` is "" or what became of it.
    """
    return [
        (course.title, _gone(course), [_session(row) for row in course.sessions.order_by("position", "pk")])
        for course in Course.objects.order_by("pk")
    ]


def _session(session: Session) -> tuple[Any, ...]:
    return (
        session.title,
        _gone(session),
        [lesson_of(row) for row in session.lessons.order_by("position", "pk")],
    )


def lesson_of(lesson: Lesson) -> tuple[Any, ...]:
    return (
        lesson.title,
        _gone(lesson),
        [_activity(row) for row in lesson.activities.order_by("position", "pk")],
    )


def _activity(activity: Any) -> tuple[Any, ...]:
    versions = activity.versions.order_by("locale", "number")
    return (
        activity.kind,
        [_asked(version) for version in versions],
        "retired" if activity.retired_at else "",
    )


def _asked(version: ActivityVersion) -> str:
    words = version.specification.get("question") or version.specification.get("statement")
    return words if version.locale == "nl" else f"{version.locale}: {words}"


def _gone(row: Any) -> str:
    return "archived" if row.archived_at else ""
