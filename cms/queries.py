"""Reading pages together with the syllabus. Constant in rows."""

import uuid
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils.translation import get_language
from wagtail.models import Page, ReferenceIndex
from wagtail.permissions import page_permission_policy

from cms.models import (
    CataloguePage,
    CoursePage,
    HomePage,
    LessonPage,
    QuestionBank,
    SessionPage,
    StandardPage,
)
from courses.models import Course, Enrolment
from courses.queries.syllabus import lessons_of


def courses_under(catalogue: CataloguePage) -> QuerySet[CoursePage]:
    """Live course pages of a catalogue, with their programme."""
    return CoursePage.objects.child_of(catalogue).live().public().select_related("programme").order_by("path")


def path_of(page: CoursePage, user: Any) -> dict[str, Any]:
    """What the course page shows beside its text: sessions with minutes per part, and whether the visitor is in it.

    Four queries, however many sessions and lessons.
    """
    course = Course.objects.filter(key=page.translation_key).first()
    sessions = list(SessionPage.objects.child_of(page).live().order_by("path"))
    minutes: dict[uuid.UUID, dict[str, int]] = {}
    if course is not None:
        for session_key, part, length in lessons_of([course]).values_list("session__key", "part", "minutes"):
            parts = minutes.setdefault(session_key, {})
            parts[part] = parts.get(part, 0) + length
            parts["lessons"] = parts.get("lessons", 0) + 1
    enrolment = None
    if course is not None and user.is_authenticated:
        enrolment = Enrolment.objects.in_use().filter(learner=user, course=course).first()
    return {
        "course": course,
        "sessions": [(session, minutes.get(session.translation_key, {})) for session in sessions],
        "enrolment": enrolment,
    }


def lesson_page(key: uuid.UUID) -> LessonPage | None:
    """The live page of a lesson in the visitor's language, else in the language it was written in."""
    return _in_language(LessonPage.objects.filter(translation_key=key))


def session_page(key: uuid.UUID) -> SessionPage | None:
    """The live page of a session in the visitor's language, else in the language it was written in."""
    return _in_language(SessionPage.objects.filter(translation_key=key))


def _in_language(pages: QuerySet[Any]) -> Any:
    found = list(pages.live().filter(alias_of=None).select_related("locale").order_by("pk"))
    language = get_language()
    return next(
        (page for page in found if page.locale.language_code == language), found[0] if found else None
    )


def draft_block(*, page_id: int, block_id: uuid.UUID, editor: Any) -> Any:
    """A block of a lesson as it was last saved, for who may edit it; else `None`."""
    draft = draft_lesson(page_id=page_id, editor=editor)
    return draft and next((child for child in draft.body if child.id == str(block_id)), None)


def draft_lesson(*, page_id: int, editor: Any) -> LessonPage | None:
    """A lesson as it was last saved, for who may edit it; else `None`."""
    # By `id`: a number that no column holds is an error with `pk`, which is a relation here.
    page = LessonPage.objects.filter(id=page_id).first()
    if page is None or not page.permissions_for_user(editor).can_edit():
        return None
    return page.get_latest_revision_as_object()


def lessons_with_bank(bank: QuestionBank) -> QuerySet[LessonPage]:
    """Lessons with a test that draws from this bank."""
    uses = ReferenceIndex.get_references_to(bank).filter(
        base_content_type=ContentType.objects.get_for_model(Page)
    )
    return LessonPage.objects.filter(pk__in=[int(use.object_id) for use in uses]).order_by("path")


def choosable_pages(user: Any) -> QuerySet[Page]:
    """What a writer may link to: pages that everybody finds, and what they may edit themselves."""
    public = Page.objects.live().public().type(HomePage, CataloguePage, CoursePage, StandardPage)
    return public | page_permission_policy.explorable_instances(user)
