"""What trainers read: answers in own words, and the texts that learners share with them."""

import uuid as uuids

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from courses.queries.care import open_answers, texts_shared_with
from courses.services.care import note_seen
from courses.services.reflections import in_words
from people.context import own_links
from people.rules import is_coordinator, is_trainer

A_PAGE = 25


def uuid_of(value: str | None) -> uuids.UUID:
    """The key that a form names; 404 for what is none."""
    try:
        return uuids.UUID(value or "")
    except ValueError as wrong:
        raise Http404 from wrong


@login_required
@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """Answers in own words of my groups, unread first."""
    if not (is_trainer(request.user) or is_coordinator(request.user)):
        raise Http404
    page = Paginator(open_answers(request.user), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "portal/answers.html", {"page": page, "own_links": own_links(request.user)})


@login_required
@require_POST
def answer_seen(request: HttpRequest, pk: int) -> HttpResponse:
    """Off the pile of what is unread. The learner notices nothing."""
    state = get_object_or_404(open_answers(request.user), last_attempt=pk)
    note_seen(attempt=state.last_attempt, trainer=request.user, now=timezone.now())
    return redirect("answers")


@login_required
@require_safe
def shared_texts(request: HttpRequest) -> HttpResponse:
    """What learners share with me now, without the texts themselves."""
    if not (is_trainer(request.user) or is_coordinator(request.user)):
        raise Http404
    context = {"texts": texts_shared_with(request.user), "own_links": own_links(request.user)}
    return render(request, "portal/shared_texts.html", context)


@login_required
@require_safe
def shared_text(request: HttpRequest, pk: int) -> HttpResponse:
    """One text, for as long as it is shared with me. 404 the moment it is taken back."""
    text = get_object_or_404(texts_shared_with(request.user), pk=pk)
    context = {"text": text, "words": in_words(text), "own_links": own_links(request.user)}
    return render(request, "portal/shared_text.html", context)
