"""What a trainer sees of practised conversations."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses.queries.dialogues import FEWEST_LEARNERS, choices_taken, talks_of
from people.rules import is_trainer


@login_required
@require_safe
def talk_choices(request: HttpRequest, activity_id: int) -> HttpResponse:
    """How often each sentence was said in my groups. 404 for who trains no group in its course."""
    talk = talks_of(request.user).filter(pk=activity_id).first() if is_trainer(request.user) else None
    if talk is None:
        raise Http404
    return render(
        request,
        "portal/talk_choices.html",
        {
            "lesson": talk.lesson,
            "scenes": [
                scene for scene in choices_taken(activity=talk, trainer=request.user) if scene.choices
            ],
            "fewest": FEWEST_LEARNERS,
        },
    )
