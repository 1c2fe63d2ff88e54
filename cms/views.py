"""Lessons and sessions at their neutral addresses."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from certification.queries import Standing, standings, with_places
from cms.library import packages_for
from cms.middleware import EDITOR
from cms.queries import draft_block, draft_lesson, lesson_page, session_page
from cms.rendering import lay_over, lesson_body
from cms.trying import pieces_of, tried
from courses.activities import ResponseError, SpecificationError, dialogue, h5p, plays
from courses.models import Enrolment, Lesson, Session
from courses.queries.access import courses_in_care, lesson_for, session_for
from courses.queries.outline import outline
from courses.queries.places import places_in
from courses.queries.progress import course_progress, lesson_state
from courses.services.enrolments import note_place
from media.models import Package
from media.views import played, scorm_hosts
from meetings.queries.agenda import session_meetings
from people.models import User


@login_required
@require_safe
def editor_door(request: HttpRequest) -> HttpResponse:
    """Where Wagtail sends whoever may not enter it. Signed in without the right, one more sign-in would not help.

    Who may enter by now goes on to the page of the editor they came for (`next`).
    """
    if request.user.has_perm("wagtailadmin.access_admin"):
        wanted = request.GET.get("next", "")
        ours = wanted.startswith(EDITOR) and url_has_allowed_host_and_scheme(wanted, {request.get_host()})
        return redirect(wanted if ours else "wagtailadmin_home")
    raise PermissionDenied


@login_required
@require_safe
def lesson(request: HttpRequest, short_key: str) -> HttpResponse:
    """A lesson with the learner's own state laid over it. Who writes it tries it; 404 for everybody else."""
    found = lesson_for(short_key=short_key, learner=request.user)
    body = found and lesson_body(found[0])
    if not found or body is None:
        page = _live_page_to_edit(lesson_page, Lesson, short_key=short_key, editor=request.user)
        return redirect("try_lesson", page.pk)
    lesson, enrolment = found
    standings = lesson_state(enrolment=enrolment, lesson_id=lesson.pk)
    # Asked only where something plays: the page of any other lesson costs no query more for it.
    playing = any(plays(standing.kind) for standing in standings.values())
    places = places_in(enrolment=enrolment, lesson_id=lesson.pk) if playing else {}
    note_place(enrolment=enrolment, lesson_id=lesson.pk)
    around = outline(enrolment=enrolment, lesson=lesson)
    response = render(
        request,
        "cms/lesson.html",
        {
            "lesson": lesson,
            "enrolment": enrolment,
            "body": body,
            "text": lay_over(body, standings, request, places),
            "outline": around,
            "standing": None if around.following else _closing_standing(enrolment, request.user),
        },
    )
    return framing(request, response, [reverse("player", args=[pk]) for pk in body.playing])


def _closing_standing(enrolment: Enrolment, learner: User) -> Standing | None:
    """The certificate or what it waits for, where the lessons are done. No query while they are not."""
    if enrolment.status != Enrolment.Status.COMPLETED:
        return None
    enrolment.learner = learner
    (standing,) = with_places(standings([enrolment]), now=timezone.now())
    return standing


def framing(request: HttpRequest, response: HttpResponse, players: Sequence[str]) -> HttpResponse:
    """Let the page frame these addresses of ours and the hosts of SCORM packages. A page without packages frames nothing."""
    if players:
        ours = [request.build_absolute_uri(player) for player in players]
        response._csp_update = {"frame-src": [*ours, *scorm_hosts(request)]}
    return response


@login_required
@require_safe
def session(request: HttpRequest, short_key: str) -> HttpResponse:
    """A session: lessons before, the meeting, lessons after. Who writes it gets what is theirs; 404 for everybody else."""
    found = session_for(short_key=short_key, learner=request.user)
    page = found and session_page(found[0].key)
    if not found or page is None:
        page = _live_page_to_edit(session_page, Session, short_key=short_key, editor=request.user)
        if _session_in_care(request.user, short_key):
            return redirect("trainer_notes", short_key)
        return redirect("wagtailadmin_pages:edit", page.pk)
    session, enrolment = found
    (progress,) = course_progress([enrolment])
    mine = next((each for each in progress.sessions if each.lessons[0].lesson.session_id == session.pk), None)
    live = session_meetings(enrolment).get(session.pk)
    context = {"page": page, "session": mine, "enrolment": enrolment, "live": live}
    return render(request, "cms/session.html", context)


@login_required
@require_safe
def trainer_notes(request: HttpRequest, short_key: str) -> HttpResponse:
    """How to run the meeting of a session: for the trainers of its course alone."""
    session = _session_in_care(request.user, short_key)
    if session is None:
        raise Http404
    page = session_page(session.key)
    if page is None:
        raise Http404
    may_write = page.permissions_for_user(request.user).can_edit()
    context = {"page": page, "session": session, "may_write": may_write}
    return render(request, "cms/trainer_notes.html", context)


def _session_in_care(user: Any, short_key: str) -> Session | None:
    """A session that is taught, for who trains or coordinates its course; else `None`."""
    session = Session.objects.select_related("course").filter(short_key=short_key, archived_at=None).first()
    if session is None or not courses_in_care(user).filter(pk=session.course_id).exists():
        return None
    return session


def _live_page_to_edit(
    page_of: Callable[[UUID], Any], model: type[Lesson | Session], *, short_key: str, editor: Any
) -> Any:
    """What the editor's “view live” leads to, for who may edit that page without being in the course; else 404."""
    key = model.objects.filter(short_key=short_key).values_list("key", flat=True).first()
    page = key and page_of(key)
    if not page or not page.permissions_for_user(editor).can_edit():
        raise Http404
    return page


@login_required
@require_safe
def try_conversation(request: HttpRequest, page_id: int, block_id: UUID) -> HttpResponse:
    """Walk through a conversation as it was last saved. The way so far is in the address; nothing is kept."""
    block = draft_block(page_id=page_id, block_id=block_id, editor=request.user)
    if block is None or block.block_type != dialogue.KIND:
        raise Http404
    tried: dict[str, Any] = {"activity": {"id": block_id, "kind": dialogue.KIND}}
    try:
        specification = block.block.specification(block.value)
        response = dialogue.clean(specification, request.GET) if {"say", "back"} & set(request.GET) else None
        tried["form"] = dialogue.form(specification, response)
    except SpecificationError as error:
        tried["unfinished"] = error.messages
    except ResponseError as error:
        tried |= {"error": error, "form": dialogue.form(specification, None)}
    return render(request, "cms/try_conversation.html", tried)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def try_lesson(request: HttpRequest, page_id: int) -> HttpResponse:
    """A lesson as it was last saved, done as a learner does it. What is sent is looked at and forgotten."""
    draft = draft_lesson(page_id=page_id, editor=request.user)
    if draft is None:
        raise Http404
    address = request.path
    shown, status = None, 200
    if request.method == "POST":
        shown = tried(draft, request.GET.get("activity", ""), request.POST, address)
        if shown is None:
            raise Http404  # an activity that is no longer in the draft, or not finished yet
        status = 422 if shown.error else 200
        if request.htmx:
            template = "cms/activities/activity.html"
            context = {"activity": shown, "csrf": get_token(request)}
            return render(request, template, context, status=status)
    pieces = list(pieces_of(draft, address, shown))
    response = render(request, "cms/try_lesson.html", {"page": draft, "pieces": pieces}, status=status)
    return framing(request, response, [piece.player for piece in pieces if piece.player])


@login_required
@require_safe
def try_player(request: HttpRequest, page_id: int, block_id: UUID) -> HttpResponse:
    """A package of a lesson that is being written, as it is brought in now, without a place to go on from."""
    block = draft_block(page_id=page_id, block_id=block_id, editor=request.user)
    if block is None or block.block_type != h5p.KIND:
        raise Http404
    package = block.value.get("package")
    return _tried(request, package, title=block.value["question"])


@login_required
@require_safe
def package_player(request: HttpRequest, key: UUID) -> HttpResponse:
    """A package by itself, for who may put it into a lesson."""
    package = packages_for(request.user).select_related("current").filter(pk=key).first()
    return _tried(request, package, title=package.title if package else "")


def _tried(request: HttpRequest, package: Package | None, *, title: str) -> HttpResponse:
    """The package as it was brought in last, to play without a place to go on from. Nothing it says is kept."""
    if package is None or package.current is None:
        raise Http404
    return played(request, package.current, title=title, places=tuple, told={"version": 1})
