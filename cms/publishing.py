"""What pages write to the syllabus. Called by `cms.receivers`, inside the transaction of the page's own change."""

import uuid
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Locale, Page, PageLogEntry, Revision

from cms.models import CoursePage, LessonPage, SessionPage
from cms.models.lesson_forms import unwritten_in
from courses.activities import SpecificationError
from courses.models import Course, Lesson, Session
from courses.queries.affected import Affected, affected_learners
from courses.services import syllabus
from courses.services.syllabus import ActivityDraft, Wording

NAVIGATION_KEY = "navigation"
HELD_BACK = "leerhuis.held_back"
MODELS = {CoursePage: Course, SessionPage: Session, LessonPage: Lesson}


def publish(page: Page, now: datetime | None = None) -> None:
    """A page went live: write what it says. Raises `ValidationError` where an activity is not finished."""
    now = now or timezone.now()
    cache.delete_many([NAVIGATION_KEY, f"{NAVIGATION_KEY}:nl", f"{NAVIGATION_KEY}:en"])
    if page.alias_of_id is not None:
        return  # a mirror of another page holds no wording of its own
    if not page.live:
        withdraw(page, now)  # Wagtail says "published" of a page that is only scheduled, too
    elif isinstance(page, CoursePage):
        _publish_course(page, now)
    elif isinstance(page, SessionPage):
        _publish_session(page, now)
        _order_sessions(page.get_parent())
    elif isinstance(page, LessonPage):
        _publish_lesson(page, now)
        _order_lessons(page.get_parent())


def withdraw(page: Page, now: datetime | None = None) -> None:
    """A page went off line: what it taught is archived. A translation that goes takes nothing along."""
    now = now or timezone.now()
    cache.delete_many([NAVIGATION_KEY, f"{NAVIGATION_KEY}:nl", f"{NAVIGATION_KEY}:en"])
    model = MODELS.get(type(page))
    if model is None or page.alias_of_id is not None or not wording_of(page).is_source:
        return
    syllabus.archive(model=model, key=page.translation_key, now=now)


def move(page: Page, parent_before: Page, parent_after: Page) -> None:
    """A page changed place: its syllabus row follows, and its new and old neighbours keep their order."""
    now = timezone.now()
    specific = page.specific
    if type(specific) not in MODELS:
        return
    if specific.live:
        publish(specific, now)
    for parent in (parent_before.specific, parent_after.specific):
        if isinstance(parent, SessionPage):
            _order_lessons(parent)
        elif isinstance(parent, CoursePage):
            _order_sessions(parent)


def hold_back_scheduled(now: datetime) -> list[Page]:
    """Take the date from what is due but was scheduled by somebody who may no longer publish it.

    It stays a draft, and the page's history says why: what strangers wait for must not come from who lost the right to
    it. What no person scheduled goes live.
    """
    held = []
    due = Revision.page_revisions.filter(approved_go_live_at__lt=now).select_related("user")
    for revision in due:
        page = revision.content_object.specific
        author = _who_scheduled(revision)
        if author is None or page.permissions_for_user(author).can_publish():
            continue
        revision.approved_go_live_at = None
        revision.save(update_fields=["approved_go_live_at"])
        log(instance=page, action=HELD_BACK, revision=revision)
        held.append(page)
    return held


def was_held_back(page: Page) -> bool:
    """Whether the last thing that happened on the way to publishing was that the schedule was stopped."""
    deeds = PageLogEntry.objects.filter(page=page.pk).filter(
        Q(action__startswith="wagtail.publish") | Q(action=HELD_BACK)
    )
    return deeds.order_by("-pk").values_list("action", flat=True).first() == HELD_BACK


def _who_scheduled(revision: Revision) -> Any:
    deed = (
        PageLogEntry.objects.filter(
            page=revision.object_id, revision=revision, action="wagtail.publish.schedule"
        )
        .select_related("user")
        .order_by("-pk")
        .first()
    )
    return deed.user if deed else revision.user


def wording_of(page: Page) -> Wording:
    """The page's language, and whether it is the source: the site's default language where the page exists in it."""
    default = Locale.get_default()
    is_source = (
        page.locale_id == default.pk
        or not page.__class__.objects.filter(translation_key=page.translation_key, locale=default).exists()
    )
    return Wording(page.locale.language_code, is_source)


def _publish_course(page: CoursePage, now: datetime) -> Course:
    return syllabus.publish_course(
        key=page.translation_key,
        wording=wording_of(page),
        title=page.title,
        live=page.live,
        values={
            "programme": page.programme,
            "discreet_title": page.discreet_title,
            "hours_label": page.hours_label,
            "open_enrolment": page.open_enrolment,
        },
        now=now,
    )


def _publish_session(page: SessionPage, now: datetime) -> Session:
    course = _course_above(page, now)
    return syllabus.publish_session(
        key=page.translation_key,
        wording=wording_of(page),
        title=page.title,
        live=page.live,
        values={"course": course, "meeting": page.meeting, "heavy": page.heavy},
        now=now,
    )


def _publish_lesson(page: LessonPage, now: datetime) -> Lesson:
    return syllabus.publish_lesson(
        key=page.translation_key,
        wording=wording_of(page),
        title=page.title,
        values={"session": _session_above(page, now), "part": page.part, "minutes": page.minutes},
        activities=drafts_of(page),
        now=now,
    )


def drafts_of(page: LessonPage) -> list[ActivityDraft]:
    """The activities as the page holds them. Raises `ValidationError` where one, or the text, is not finished."""
    if unwritten := list(unwritten_in(page.body)):
        raise ValidationError({"body": [_unfinished(page, sentence) for sentence in unwritten]})
    drafts = []
    for child in page.activity_blocks():
        try:
            specification = child.block.specification(child.value)
        except SpecificationError as error:
            sentences = [_unfinished(page, message) for message in error.messages]
            raise ValidationError({"body": sentences}) from error
        key = uuid.UUID(child.id)
        drafts.append(ActivityDraft(key, child.block.kind, bool(child.value["required"]), specification))
    return drafts


def _unfinished(page: LessonPage, what: Any) -> str:
    return _("“%(title)s” is not finished: %(what)s") % {"title": page.title, "what": what}


def affected_by(page: LessonPage) -> Affected:
    """What learners would notice if the page were published as it is. Raises `ValidationError` as `drafts_of`."""
    wording = wording_of(page)
    return affected_learners(
        lesson_key=page.translation_key,
        locale=wording.locale,
        is_source=wording.is_source,
        drafts=drafts_of(page),
    )


def _course_above(page: SessionPage, now: datetime) -> Course:
    """The syllabus row of the course page above; a course that is not live yet is written archived."""
    parent = page.get_parent().specific
    return Course.objects.filter(key=parent.translation_key).first() or _publish_course(parent, now)


def _session_above(page: LessonPage, now: datetime) -> Session:
    parent = page.get_parent().specific
    return Session.objects.filter(key=parent.translation_key).first() or _publish_session(parent, now)


def _order_lessons(session_page: Page) -> None:
    syllabus.order_lessons(keys=_keys_below(session_page))


def _order_sessions(course_page: Page) -> None:
    syllabus.order_sessions(keys=_keys_below(course_page))


def _keys_below(parent: Page) -> list:
    """The children's keys in the order of the tree; translations follow the source's order."""
    if (
        parent.locale_id != Locale.get_default().pk
        and parent.get_translations().filter(locale=Locale.get_default()).exists()
    ):
        return []
    return list(parent.get_children().order_by("path").values_list("translation_key", flat=True))
