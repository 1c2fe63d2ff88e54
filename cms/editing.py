"""Screens of the editor beside Wagtail's own."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.models import Page

from cms.models import LessonPage
from cms.publishing import affected_by


def ask_before_publishing(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Where learners would notice: what was typed is kept as a draft by now, and the trainer sees who they are first."""
    if not isinstance(page, LessonPage) or not affected_by(page):
        return None
    return redirect("confirm_publishing", page.pk)


@require_http_methods(["GET", "POST"])
def confirm_publishing(request: HttpRequest, page_id: int) -> HttpResponse:
    """Who is affected by publishing the last draft of a lesson; POST publishes it, if it is still the last."""
    # By `id`: a number that no column holds is an error with `pk`, which is a relation here.
    page = get_object_or_404(LessonPage, id=page_id)
    allowed = page.permissions_for_user(request.user)
    if not allowed.can_publish() or allowed.page_locked() or page.latest_revision is None:
        raise PermissionDenied
    if request.method == "POST":
        return _publish(request, page)
    draft = page.get_latest_revision_as_object()
    try:
        affected = affected_by(draft)
    except ValidationError as unfinished:
        for sentence in unfinished.messages:
            messages.error(request, sentence)
        return redirect("wagtailadmin_pages:edit", page.pk)
    context = {"page": draft, "affected": affected, "revision": page.latest_revision_id}
    return render(request, "cms/editor/confirm_publishing.html", context)


def _publish(request: HttpRequest, page: LessonPage) -> HttpResponse:
    if request.POST.get("revision") != str(page.latest_revision_id):
        messages.warning(
            request, _("The lesson was changed in the meantime. Look once more at what changes.")
        )
        return redirect("confirm_publishing", page.pk)
    PublishPageRevisionAction(page.latest_revision, user=request.user).execute()
    messages.success(
        request, _("“%(title)s” is published.") % {"title": page.latest_revision.as_object().title}
    )
    return redirect("wagtailadmin_explore", page.get_parent().pk)
