"""A lesson's published body, rendered once per publication and language, with room for what is each learner's own.

The body is a list of pieces: finished HTML, and activities. An activity's form is finished too, but for marks that every
request fills: the CSRF token, the form's UUID, and in what is private the text and when it was kept.
Where every try draws other questions there is no one blank form: the piece carries the wording instead, and the form is made for
each learner.
"""

import hashlib
import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from cms.blocks import ActivityBlock
from cms.models import LessonPage
from cms.queries import lesson_page
from courses.activities import assignment, draws, h5p, kind_of
from courses.activities.alternative import is_chosen
from courses.models import ActivityVersion, Lesson, ResumePoint
from courses.presentation import answered, blank, kept_on
from courses.queries.progress import Standing
from courses.queries.syllabus import newest_versions, source_versions
from courses.services.reflections import decrypt
from media.services.addresses import address
from people.models import User

CSRF_MARK = "%%leerhuis-csrf-8d41%%"
UUID_MARK = "%%leerhuis-uuid-8d41%%"
TEXT_MARK = "%%leerhuis-text-8d41:{field}%%"
KEPT_MARK = "%%leerhuis-kept-8d41%%"
FILE_MARK = "%%leerhuis-file-8d41:{door}:{pk}%%"
PLACE_MARK = "%%leerhuis-place-8d41:{pk}%%"
_FILES = re.compile(FILE_MARK.format(door="([a-z]+)", pk="([0-9]+)"))
_TEXTS = re.compile(TEXT_MARK.format(field="([0-9a-z]+)"))
_PLACES = re.compile(PLACE_MARK.format(pk="([0-9]+)"))
ANEW = "opnieuw"
KEEP = 7 * 24 * 3600  # seconds
TEMPLATE = "cms/activities/activity.html"
# Everything that has a say in the HTML of a body: our own files, translations, and the libraries' versions.
SOURCES = (
    "cms/blocks/*.py",
    "cms/rendering.py",
    "cms/templates/**/*.html",
    "cms/templatetags/*.py",
    "courses/activities/*.py",
    "courses/presentation.py",
    "locale/*/LC_MESSAGES/*.po",
    "requirements.txt",
)


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
    has_files: bool = False  # addresses of files in it are each reader's own
    framed: bool = False  # a package, which plays in a frame


@dataclass(frozen=True)
class LessonBody:
    """What is the same for every reader of a lesson in one language."""

    title: str
    note: str
    language: str
    revision: int | None
    pieces: tuple[Piece, ...]

    @property
    def alternatives(self) -> list[tuple[int, int]]:
        """The activities that may be done in another form: their place among the activities, from 1, and their id."""
        ids = [(piece.activity_id, piece.alternative) for piece in self.pieces if piece.activity_id]
        return [(number, pk) for number, (pk, alternative) in enumerate(ids, start=1) if alternative]

    @property
    def playing(self) -> list[int]:
        """The activities that need a frame, by id."""
        return [piece.activity_id for piece in self.pieces if piece.framed and piece.activity_id]


@lru_cache(maxsize=1)
def release() -> str:
    """What the HTML was made by: caches outlive a deployment, and what an earlier template drew must not be shown."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in SOURCES for path in settings.BASE_DIR.glob(pattern)):
        digest.update(path.relative_to(settings.BASE_DIR).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def lesson_body(lesson: Lesson) -> LessonBody | None:
    """The body from the cache, or rendered; `None` where no page of the lesson is live."""
    key = f"lesson:{release()}:{lesson.pk}:{lesson.stamp}:{get_language()}"
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
            has_files = bool(version.recording_id or version.handout_id)
            framed = activity.kind == h5p.KIND
            pieces.append(
                Piece(
                    html, activity.pk, version.pk, bool(shown.alternative), has_files=has_files, framed=framed
                )
            )
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


def lay_over(
    body: LessonBody,
    standings: Mapping[int, Standing],
    request: HttpRequest,
    places: Mapping[int, Mapping[str, ResumePoint]],
) -> SafeString:
    """The body with this learner's answers and `places`, a CSRF token and a fresh UUID in every form.

    `?opnieuw=<activity>` asks for a new try at an activity that draws, where its last result would stand.
    """
    token = get_token(request)
    anew = request.GET.get(ANEW, "")
    made = {
        pk: standing
        for pk, standing in standings.items()
        if standing.answered and not (str(pk) == anew and draws(standing.kind))
    }
    forms = _answered_forms([piece for piece in body.pieces if piece.activity_id in made], made)
    html = []
    for piece in body.pieces:
        if piece.activity_id is None:
            html.append(piece.html)
            continue
        form = forms.get(piece.activity_id, piece.html)
        if piece.drawn_from is not None and piece.activity_id not in made:
            form = _drawn(standings.get(piece.activity_id), piece.drawn_from)
        form = form.replace(CSRF_MARK, token, 1).replace(UUID_MARK, str(uuid.uuid4()), 1)
        if piece.has_files:
            form = _with_own_files(form, request.user, places)
        if piece.activity_id in made and _is_own_text(made[piece.activity_id]):
            form = _with_own_text(form, made[piece.activity_id])
        html.append(form)
    return mark_safe("".join(html))  # noqa: S308 -- rendered by our own templates, which escape


def _with_own_files(form: str, reader: User, places: Mapping[int, Mapping[str, ResumePoint]]) -> str:
    """A form with the reader's own addresses of files, and the place where they stopped."""
    form = _FILES.sub(lambda found: address(reader=reader, door=found[1], pk=int(found[2])), form)
    return _PLACES.sub(lambda found: escape(_place(places.get(int(found[1])))), form)


def _place(parts: Mapping[str, ResumePoint] | None) -> str:
    """Where the reader stopped in a recording, as the player's script reads it."""
    point = parts.get("") if parts else None
    return json.dumps({**point.state, "revision": point.revision}) if point else ""


def _is_own_text(standing: Standing) -> bool:
    """Whether the answer is a text of the learner's own, for which the form has marks."""
    return (
        kind_of(standing.kind).PRIVATE
        and standing.reflection is not None
        and not is_chosen(standing.attempt.response)
    )


def _is_own_sheet(standing: Standing) -> bool:
    """Whether the form is one learner's own in shape and contents: it is made for them alone, every time."""
    return bool(standing.reader) or draws(standing.kind) or standing.kind == assignment.KIND


def _with_own_text(form: str, standing: Standing) -> str:
    """What somebody wrote for themselves comes last: whatever stands in it, nothing is filled in there any more."""
    texts = kind_of(standing.kind).texts(decrypt(standing.reflection))
    form = form.replace(KEPT_MARK, escape(kept_on(standing.attempt.received_at)), 1)
    return _TEXTS.sub(lambda found: escape(texts.get(found[1], "")), form)


def _answered_forms(pieces: Sequence[Piece], made: Mapping[int, Standing]) -> dict[int, str]:
    """Answered forms by activity, with marks, from the cache or rendered: the same for everybody who answered the same.

    Of a private text only the form, and of a shared one or a hand-in nothing: what is one person’s is in no cache.
    Nor is what was drawn: how many tries somebody has left is their own.
    """
    drawn = f"{release()}:{get_language()}"
    keys = {piece.activity_id: f"answered:{drawn}:{_key(made[piece.activity_id], piece)}" for piece in pieces}
    shared = [piece for piece in pieces if not _is_own_sheet(made[piece.activity_id])]
    forms = cache.get_many([keys[piece.activity_id] for piece in shared])
    missing = [piece for piece in pieces if keys[piece.activity_id] not in forms]
    if missing:
        wordings = _wordings(missing, made)
        fresh = {
            keys[piece.activity_id]: _answered(made[piece.activity_id], wordings[piece.version_id])
            for piece in missing
        }
        to_keep = {keys[piece.activity_id] for piece in shared} & fresh.keys()
        cache.set_many({key: fresh[key] for key in to_keep}, KEEP)
        forms |= fresh
    return {activity_id: forms[key] for activity_id, key in keys.items()}


def _key(standing: Standing, piece: Piece) -> str:
    """All that an answered form depends on. The keyed digest stands for the answer and the wording it was made on."""
    answer = "private" if _is_own_text(standing) else standing.digest
    return f"{piece.version_id}:{answer}:{standing.done:d}{standing.required:d}"


def _wordings(pieces: Sequence[Piece], made: Mapping[int, Standing]) -> dict[int, ActivityVersion]:
    """The wording shown now of answered activities: mostly the one that was answered, which came along."""
    at_hand = [made[piece.activity_id].version for piece in pieces]
    at_hand += [piece.drawn_from for piece in pieces if piece.drawn_from is not None]
    wordings = {version.pk: version for version in at_hand}
    reworded = {piece.version_id for piece in pieces} - set(wordings)
    return {**wordings, **(ActivityVersion.objects.in_bulk(reworded) if reworded else {})}


def _answered(standing: Standing, version: ActivityVersion) -> str:
    own_text = _is_own_text(standing)
    shown = answered(
        activity=standing.activity,
        version=version,
        attempt=standing.attempt,
        done=standing.done,
        uuid=str(uuid.uuid4()) if draws(standing.kind) else UUID_MARK,
        private_text=kind_of(standing.kind).marked(version.specification, TEXT_MARK) if own_text else "",
        reader=standing.reader,
        now_trying=standing.now_trying,
    )
    if own_text:
        shown = replace(shown, kept_on=KEPT_MARK)
    elif not standing.reflection:  # erased since: nothing is kept any more
        shown = replace(shown, kept_on="")
    return render_to_string(TEMPLATE, {"activity": shown, "csrf": CSRF_MARK})


def _drawn(standing: Standing | None, version: ActivityVersion) -> str:
    """The form of this learner's try now; nothing where the activity was taken out just now."""
    if standing is None:
        return ""
    shown = blank(
        activity=standing.activity,
        version=version,
        uuid=UUID_MARK,
        now_trying=standing.now_trying,
        done=standing.done,
    )
    return render_to_string(TEMPLATE, {"activity": shown, "csrf": CSRF_MARK})
