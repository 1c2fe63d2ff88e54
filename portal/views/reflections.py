"""What the learner wrote: read, change, erase."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.activities import ResponseError, kind_of
from courses.models import Reflection
from courses.queries.access import reflections_of
from courses.queries.care import trainers_of
from courses.services import reflections as texts


def _own(request: HttpRequest, pk: int) -> Reflection:
    reflection = reflections_of(request.user).filter(pk=pk).first()
    if reflection is None:
        raise Http404
    return reflection


@login_required
@require_safe
def reflections(request: HttpRequest) -> HttpResponse:
    """All texts, newest first, without their contents: the list may be on a screen that others see."""
    return render(request, "portal/reflections.html", {"reflections": reflections_of(request.user)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reflection(request: HttpRequest, pk: int) -> HttpResponse:
    """One text, to read and to change."""
    own = _own(request, pk)
    kind, spec = kind_of(own.activity.kind), own.version.specification
    form, error = kind.form(spec, {"text": texts.read_reflection(reflection=own, reader=request.user)}), ""
    if request.method == "POST":
        try:
            text = kind.clean(spec, request.POST)["text"]
        except ResponseError as refused:
            form, error = kind.refill(form, request.POST), str(refused)
        else:
            texts.rewrite_reflection(reflection=own, text=text, now=timezone.now())
            messages.success(request, _kept(own))
            return redirect("reflections")
    context = {"reflection": own, "form": form, "error": error, "trainers": trainers_of(own.enrolment)}
    return render(request, "portal/reflection.html", context, status=422 if error else 200)


@login_required
@require_POST
def erase_reflection(request: HttpRequest, pk: int) -> HttpResponse:
    """Erase one text for good."""
    texts.erase_reflection(reflection=_own(request, pk))
    messages.success(request, _("Erased for good."))
    return redirect("reflections")


@login_required
@require_POST
def share_reflection(request: HttpRequest, pk: int) -> HttpResponse:
    """Let one trainer read one text, or take it back: whichever the button said."""
    own = _own(request, pk)
    if "take_back" in request.POST:
        texts.take_back_reflection(reflection=own)
        messages.success(request, _("Taken back. Only you can read it now."))
        return redirect("reflection", pk)
    trainer = next(
        (each for each in trainers_of(own.enrolment) if str(each.pk) == request.POST.get("trainer")), None
    )
    if trainer is None:
        messages.error(request, _("Choose the trainer who may read this text."))
        return redirect("reflection", pk)
    texts.share_reflection(reflection=own, trainer=trainer, now=timezone.now())
    messages.success(request, _("%(trainer)s can read this text now.") % {"trainer": trainer.alias})
    return redirect("reflection", pk)


def _kept(reflection: Reflection) -> str:
    if reflection.shared_with is None:
        return _("Kept. Only you can read it.")
    return _("Kept. You and %(trainer)s can read it.") % {"trainer": reflection.shared_with.alias}
