"""What the figures are measured on: the shipped programmes, courses made of their lessons, and learners in them."""

import copy
import io
import itertools
import json
import uuid
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.http import QueryDict
from django.utils import timezone

from cms.models import CataloguePage, CoursePage, LessonPage, SessionPage
from courses.models import ActivityVersion, Course, Enrolment, Lesson
from courses.queries.progress import lesson_state
from courses.queries.syllabus import source_versions
from people.models import User
from portal.flows import answer_activity, start_course
from tests.factories import right_answer

CONTENT = Path(settings.BASE_DIR) / "content"
SHORT, LONG = 3, 60  # blocks
WRITERS, WRITES = 8, 40
COURSES = 5


def prepare() -> dict[str, str]:
    """Fill an empty, migrated database. Returns the short keys of the lessons and courses to ask for."""
    programmes = ("site", "maatjestraining", "motiverende-gespreksvoering")
    call_command(
        "load_programme", *(str(CONTENT / name) for name in programmes), verbosity=0, stdout=io.StringIO()
    )
    blocks = shipped_blocks()
    courses = [add_course(number, blocks) for number in range(1, COURSES - 1)]
    lessons = courses[0].sessions.first().lessons.order_by("position")
    real = Lesson.objects.filter(session__course=shipped_course()).order_by("session__position", "position")
    everything = [shipped_course(), *Course.objects.exclude(pk=shipped_course().pk).order_by("pk")]
    fill_records(everything, lessons)
    return {"short": lessons[0].short_key, "long": lessons[1].short_key, "real": real[0].short_key}


def shipped_course() -> Course:
    return Course.objects.filter(programme__key="maatjestraining").earliest("pk")


def shipped_blocks() -> list[dict]:
    """The lessons' blocks as they are stored, in the order of reading; without tests, which ask something else every time."""
    pages = LessonPage.objects.order_by("path")
    return [dict(block) for page in pages for block in page.body.raw_data if block["type"] != "quiz"]


def add_course(number: int, blocks: list[dict]) -> Course:
    """A course of four lessons in two sessions: one of 3 blocks and one of 60, and two in between."""
    pages = CoursePage.objects.order_by("path")
    course = CoursePage(
        title=f"Cursus {number}",
        slug=f"cursus-{number}",
        programme=pages[0].programme,
        discreet_title="Avondcursus",
        lead="Een cursus.",
        summary="Een cursus.",
    )
    publish(CataloguePage.objects.get(), course)
    for place, sizes in enumerate([(SHORT, LONG), (6, 6)]):
        session = SessionPage(title=f"Sessie {place}", slug=f"sessie-{place}")
        publish(course, session)
        for size in sizes:
            lesson = LessonPage(
                title=f"Les van {size}", slug=f"les-{place}-{size}-{uuid.uuid4().hex[:4]}", minutes=10
            )
            lesson.body = json.dumps(some_blocks(blocks, size))
            publish(session, lesson)
    return Course.objects.get(key=course.translation_key)


def publish(parent: object, page: object) -> None:
    page.live = False
    parent.add_child(instance=page)
    page.save_revision().publish()


def some_blocks(blocks: list[dict], size: int) -> list[dict]:
    """As many blocks, alternating text and things to do of every kind; each with an identity of its own."""
    text = (block for block in itertools.cycle(blocks) if block["type"] == "text")
    kinds: dict[str, list[dict]] = {}
    for block in blocks:
        if block["type"] not in {"text", "aside", "grounding", "drawing"}:
            kinds.setdefault(block["type"], []).append(block)
    doing = (
        block
        for turn in itertools.count()
        for name in sorted(kinds)
        for block in [kinds[name][turn % len(kinds[name])]]
    )
    chosen = [next(text) if place % 2 == 0 else next(doing) for place in range(size)]
    return [{**copy.deepcopy(block), "id": str(uuid.uuid4())} for block in chosen]


def person(name: str) -> User:
    return User.objects.create_user(
        f"{name}@example.org", "niet-nodig-hier", alias=name, legal_name=name.title()
    )


def fill_records(courses: list[Course], lessons: list[Lesson]) -> None:
    """`fresh` has answered nothing; `busy` every activity of both measured lessons; `one` and `five` are under way."""
    now = timezone.now() - timedelta(days=30)
    measured = [courses[0], lessons[0].session.course]
    for name, taken in (("fresh", measured), ("busy", measured), ("one", courses[:1]), ("five", courses)):
        learner = person(name)
        for course in taken:
            enrolment = start_course(learner=learner, course=course, alias=name, now=now)
            if name == "busy":
                answer_lessons(
                    enrolment, [lessons[0], lessons[1]] if course == measured[1] else first_lessons(course, 1)
                )
            elif name != "fresh":
                answer_lessons(enrolment, first_lessons(course, 2 if course != measured[1] else 1))
    for number in range(WRITERS):
        start_course(learner=person(f"writer{number}"), course=measured[1], alias=f"{number}", now=now)


def first_lessons(course: Course, number: int) -> list[Lesson]:
    return list(
        Lesson.objects.filter(session__course=course).order_by("session__position", "position")[:number]
    )


def answer_lessons(enrolment: Enrolment, lessons: list[Lesson]) -> None:
    for lesson in lessons:
        for version in versions_of(lesson):
            give(enrolment.learner, version)
        standings = lesson_state(enrolment=enrolment, lesson_id=lesson.pk).values()
        assert all(standing.answered for standing in standings)


def versions_of(lesson: Lesson) -> list[ActivityVersion]:
    return list(
        source_versions(lesson.activities.all()).select_related("activity").order_by("activity__position")
    )


def give(learner: User, version: ActivityVersion) -> object:
    """One right answer, by the flow that the form goes through."""
    return answer_activity(
        learner=learner,
        activity_id=version.activity_id,
        version_id=version.pk,
        data=posted(version),
        uuid=uuid.uuid4(),
        now=timezone.now(),
    )


def posted(version: ActivityVersion) -> QueryDict:
    """What a browser would send as the right answer, without what identifies the form."""
    data = QueryDict(mutable=True)
    for name, value in right_answer(version).items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data
