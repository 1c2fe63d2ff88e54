"""A lesson's published body, rendered once per publication and language, with room for what is each learner's own.

The body is a list of pieces: finished HTML, and activities. An activity's blank form is finished too, but for two marks
that every request fills: the CSRF token and the form's UUID. Where every try draws other questions there is no one blank form:
the piece carries the wording instead, and the form is made for each learner.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from cms.blocks import ActivityBlock
from cms.models import LessonPage
from cms.queries import lesson_page
from courses.activities import draws, kind_of
from courses.models import ActivityState, ActivityVersion, Lesson
from courses.presentation import ShownActivity, answered, blank
from courses.queries.progress import Standing
from courses.queries.syllabus import newest_versions, source_versions
from courses.services.reflections import decrypt

CSRF_MARK = "%%leerhuis-csrf-8d41%%"
UUID_MARK = "%%leerhuis-uuid-8d41%%"
ANEW = "opnieuw"
KEEP = 7 * 24 * 3600  # seconds
TEMPLATE = "cms/activities/activity.html"


@dataclass(frozen=True)
class Piece:
    """`html`, finished; for an activity the blank form, with the activity and the wording it is for.

    `drawn_from`, where every try draws: the wording to draw from, instead of a form.
    """

    html: str
    activity_id: int | None = None
    version_id: int | None = None
    alternative: bool = False  # an activity with an equal alternative
    drawn_from: ActivityVersion | None = None


@dataclass(frozen=True)
class LessonBody:
    """What is the same for every reader of a lesson in one language."""

    title: str
    note: str
    language: str
    revision: int | None
    pieces: tuple[Piece, ...]

    @property
    def alternatives(self) -> list[int]:
        """The activities that may be done in another form."""
        return [piece.activity_id for piece in self.pieces if piece.alternative and piece.activity_id]


def lesson_body(lesson: Lesson) -> LessonBody | None:
    """The body from the cache, or rendered; `None` where no page of the lesson is live."""
    key = f"lesson:{lesson.pk}:{lesson.stamp}:{get_language()}"
    body = cache.get(key)
    if body is None:
        page = lesson_page(lesson.key)
        if page is None:
            return None
        body = render_body(page, lesson)
        cache.set(key, body, KEEP)
    return body


def render_body(page: LessonPage, lesson: Lesson) -> LessonBody:
    """Render a live page's stream; activities come from the syllabus, so that form and record agree."""
    activities = {activity.key: activity for activity in lesson.activities.filter(retired_at=None)}
    versions = versions_shown(lesson, page.locale.language_code)
    pieces: list[Piece] = []
    for child in page.body:
        activity = activities.get(uuid.UUID(str(child.id))) if child.id else None
        if activity is not None and activity.pk in versions:
            version = versions[activity.pk]
            if draws(activity.kind):
                pieces.append(_drawn_per_learner(version))
                continue
            shown = blank(activity=activity, version=version, uuid=UUID_MARK)
            html = render_to_string(TEMPLATE, {"activity": shown, "csrf": CSRF_MARK})
            pieces.append(Piece(html, activity.pk, version.pk, bool(shown.alternative)))
        elif not isinstance(child.block, ActivityBlock):
            pieces.append(Piece(str(child.render())))
    return LessonBody(page.title, page.note, page.locale.language_code, page.live_revision_id, tuple(pieces))


def _drawn_per_learner(version: ActivityVersion) -> Piece:
    has_alternative = bool(version.specification.get("alternative"))
    return Piece("", version.activity_id, version.pk, has_alternative, drawn_from=version)


def versions_shown(lesson: Lesson, language: str) -> dict[int, ActivityVersion]:
    """The wording of each activity in a language, in the source's where it is not translated."""
    activities = lesson.activities.filter(retired_at=None)
    shown = {version.activity_id: version for version in source_versions(activities)}
    shown |= {version.activity_id: version for version in newest_versions(activities, language)}
    return shown


def lay_over(body: LessonBody, standings: Mapping[int, Standing], request: HttpRequest) -> list[SafeString]:
    """The body with this learner's answers, a CSRF token and a fresh UUID in every form.

    `?opnieuw=<activity>` asks for a new try at an activity that draws, where its last result would stand.
    """
    token = get_token(request)
    anew = request.GET.get(ANEW, "")
    made = {
        pk: standing
        for pk, standing in standings.items()
        if standing.state
        and standing.state.last_attempt
        and not (draws(standing.activity.kind) and str(pk) == anew)
    }
    wordings = _wordings(body, made)
    shared = _shared_forms(body, made, wordings)
    html = []
    for piece in body.pieces:
        if piece.activity_id is None or piece.version_id is None:
            html.append(piece.html)
        elif piece.activity_id in made and piece.activity_id not in shared:
            shown = _answered(made[piece.activity_id], wordings[piece.version_id], str(uuid.uuid4()))
            html.append(render_to_string(TEMPLATE, {"activity": shown, "csrf": token}))
        elif piece.drawn_from is not None:
            standing = standings.get(piece.activity_id)
            shown = standing and _drawn(standing, piece.drawn_from)
            html.append(render_to_string(TEMPLATE, {"activity": shown, "csrf": token}) if shown else "")
        else:
            form = shared.get(piece.activity_id, piece.html)
            html.append(form.replace(CSRF_MARK, token).replace(UUID_MARK, str(uuid.uuid4())))
    return [mark_safe(part) for part in html]  # noqa: S308 -- rendered by our own templates, which escape


def _shared_forms(
    body: LessonBody, made: Mapping[int, Standing], wordings: Mapping[int, ActivityVersion]
) -> dict[int, str]:
    """Answered forms by activity, with marks, from the cache or rendered: the same for everybody who answered the same.

    Private kinds are left out: what somebody wrote for themselves is in no cache. So are kinds that draw: how many tries
    somebody has left is their own.
    """
    keys = {
        piece.activity_id: _shared_key(made[piece.activity_id], piece.version_id)
        for piece in body.pieces
        if piece.activity_id in made and _is_shared(made[piece.activity_id].activity.kind)
    }
    forms = cache.get_many(keys.values())
    fresh = {}
    for piece in body.pieces:
        if piece.activity_id in keys and keys[piece.activity_id] not in forms:
            shown = _answered(made[piece.activity_id], wordings[piece.version_id], UUID_MARK)
            fresh[keys[piece.activity_id]] = render_to_string(
                TEMPLATE, {"activity": shown, "csrf": CSRF_MARK}
            )
    if fresh:
        cache.set_many(fresh, KEEP)
    forms |= fresh
    return {activity_id: forms[key] for activity_id, key in keys.items()}


def _is_shared(kind: str) -> bool:
    return not kind_of(kind).PRIVATE and not draws(kind)


def _shared_key(standing: Standing, version_id: int) -> str:
    """All that an answered form depends on. The keyed digest stands for the answer and the wording it was made on."""
    attempt, done = standing.state.last_attempt, standing.state.status
    required = standing.activity.required
    return f"answered:{version_id}:{attempt.payload_hmac}:{done}:{required}:{get_language()}"


def _wordings(body: LessonBody, made: Mapping[int, Standing]) -> dict[int, ActivityVersion]:
    """The wording shown now of every answered activity: mostly the one that was answered, which came along."""
    answered_versions = [standing.state.last_attempt.version for standing in made.values()]
    drawn_from = [piece.drawn_from for piece in body.pieces if piece.drawn_from is not None]
    wordings = {version.pk: version for version in [*answered_versions, *drawn_from]}
    reworded = {piece.version_id for piece in body.pieces if piece.activity_id in made} - set(wordings)
    return {**wordings, **(ActivityVersion.objects.in_bulk(reworded) if reworded else {})}


def _answered(standing: Standing, version: ActivityVersion, form_uuid: str) -> ShownActivity:
    return answered(
        activity=standing.activity,
        version=version,
        attempt=standing.state.last_attempt,
        done=standing.state.status == ActivityState.Status.DONE,
        uuid=form_uuid,
        private_text=decrypt(standing.reflection) if standing.reflection else "",
        now_trying=standing.now_trying,
    )


def _drawn(standing: Standing, version: ActivityVersion) -> ShownActivity:
    """The form of this learner's try now."""
    return blank(
        activity=standing.activity,
        version=version,
        uuid=str(uuid.uuid4()),
        now_trying=standing.now_trying,
        done=standing.state is not None and standing.state.status == ActivityState.Status.DONE,
    )
