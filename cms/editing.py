"""Screens of the editor beside Wagtail's own."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.chooser import ChosenMultipleView
from wagtail.admin.views.pages.bulk_actions.publish import PublishBulkAction
from wagtail.models import Page
from wagtail_localize.models import Translation

from cms.models import LessonPage, SessionPage
from cms.models.lesson_forms import doubts_in
from cms.publishing import affected_by, was_held_back
from cms.queries import choosable_pages
from cms.starters import begin_lesson
from courses.models import Lesson


def ask_before_publishing(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Where learners would notice: what was typed is kept as a draft by now, and the trainer sees who they are first."""
    if not isinstance(page, LessonPage) or not affected_by(page):
        return None
    return redirect("confirm_publishing", page.pk)


def ask_before_publishing_translation(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The screen of a translation publishes at once: where learners would notice, it is kept as a draft and asked first."""
    lesson = page.specific
    if (
        request.method != "POST"
        or request.POST.get("action") != "publish"
        or not isinstance(lesson, LessonPage)
    ):
        return None
    translation = Translation.objects.filter(
        source__object_id=lesson.translation_key, target_locale=lesson.locale_id, enabled=True
    ).first()
    if translation is None or not lesson.permissions_for_user(request.user).can_publish():
        return None  # another screen, or one that refuses by itself
    try:
        translation.save_target(user=request.user, publish=False)
        lesson.refresh_from_db()
        return ask_before_publishing(request, lesson.get_latest_revision_as_object())
    except ValidationError:
        return None  # the screen itself says what is wrong


def ask_before_publishing_many(
    request: HttpRequest, action: str, objects: list[Page], bulk: BulkAction
) -> HttpResponse | None:
    """Many at once has no place to ask: where learners would notice, nothing is published, and each lesson is named."""
    if action != "publish" or not isinstance(bulk, PublishBulkAction):
        return None
    # Pages below come along only where they are not live: nobody learns in those.
    lessons = LessonPage.objects.filter(pk__in=[page.pk for page in objects])
    drafts = [lesson.get_latest_revision_as_object() for lesson in lessons]
    noticed = [draft for draft in drafts if affected_by(draft)]
    if not noticed:
        return None
    links = [(reverse("confirm_publishing", args=[draft.pk]), draft.title) for draft in noticed]
    messages.warning(
        request,
        format_html(
            "{} {}",
            _(
                "Nothing is published yet. People are learning in these lessons; look at each and publish it there:"
            ),
            format_html_join(", ", '<a href="{}">{}</a>', links),
        ),
    )
    return redirect(bulk.next_url)


def say_that_it_was_held_back(request: HttpRequest, page: Page) -> None:
    """Whoever opens a page that did not go live on its date is told why."""
    if request.method == "GET" and was_held_back(page):
        messages.warning(
            request,
            _(
                "This page was not published on its date: who scheduled it may no longer publish it. "
                "Read it through, and publish it if it is good."
            ),
        )


def say_what_is_doubtful(request: HttpRequest, page: Page) -> None:
    """Who opens a lesson to write on, which is also where saving leads, reads what will not go as its settings say."""
    if request.method == "GET" and isinstance(page, LessonPage):
        _warn_of_doubts(request, page)


def say_what_is_doubtful_once_published(request: HttpRequest, page: Page) -> None:
    """The same for who publishes at once, and is led elsewhere."""
    if isinstance(page, LessonPage):
        _warn_of_doubts(request, page)


def _warn_of_doubts(request: HttpRequest, lesson: LessonPage) -> None:
    for sentence in doubts_in(lesson.body):
        messages.warning(request, sentence)


class ChosenPages(ChosenMultipleView):
    """The pages of these numbers, for links: those that the writer may choose, where Wagtail names any."""

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = set(request.GET.getlist("id"))
        allowed = choosable_pages(request.user).values_list("pk", flat=True)
        request.GET = request.GET.copy()
        request.GET.setlist("id", [str(pk) for pk in allowed if str(pk) in asked])
        return super().get(request)


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
    context = {
        "page": draft,
        "affected": affected,
        "doubts": list(doubts_in(draft.body)),
        "revision": page.latest_revision_id,
        "later": _goes_live_later(draft),
    }
    return render(request, "cms/editor/confirm_publishing.html", context)


def _publish(request: HttpRequest, page: LessonPage) -> HttpResponse:
    if request.POST.get("revision") != str(page.latest_revision_id):
        messages.warning(
            request, _("The lesson was changed in the meantime. Look once more at what changes.")
        )
        return redirect("confirm_publishing", page.pk)
    PublishPageRevisionAction(page.latest_revision, user=request.user).execute()
    page.refresh_from_db()
    draft = page.get_latest_revision_as_object()
    done = (
        _("“%(title)s” goes live on its date.") if _goes_live_later(draft) else _("“%(title)s” is published.")
    )
    messages.success(request, done % {"title": draft.title})
    return redirect("wagtailadmin_explore", page.get_parent().pk)


def _goes_live_later(draft: LessonPage) -> bool:
    return draft.go_live_at is not None and draft.go_live_at > timezone.now()


class NewLesson(forms.Form):
    """What a lesson needs to begin with: a title, and what it is for."""

    title = forms.CharField(label=gettext_lazy("What is the lesson called?"), max_length=255)
    part = forms.ChoiceField(
        label=gettext_lazy("What is it for?"),
        choices=[
            (Lesson.Part.BEFORE, gettext_lazy("Before: what somebody reads and does before the meeting")),
            (Lesson.Part.LIVE, gettext_lazy("Meeting: what lies on the table when you come together")),
            (Lesson.Part.AFTER, gettext_lazy("After: looking back and landing")),
            (Lesson.Part.WHOLE, gettext_lazy("Lesson: complete, without a meeting")),
        ],
        widget=forms.RadioSelect,
        initial=Lesson.Part.BEFORE,
    )


def offer_starters(request: HttpRequest, parent_page: Page, page_class: type[Page]) -> HttpResponse | None:
    """Who makes a lesson is asked first what it is for, unless they would rather begin with nothing."""
    if page_class is not LessonPage or request.method != "GET" or "leeg" in request.GET:
        return None
    return redirect("new_lesson", parent_page.pk)


@require_http_methods(["GET", "POST"])
def new_lesson(request: HttpRequest, session_id: int) -> HttpResponse:
    """Begin a lesson with blocks that say what to write; POST makes the draft and opens it."""
    # By `id`: a number that no column holds is an error with `pk`, which is a relation here.
    session = get_object_or_404(SessionPage, id=session_id)
    if not session.permissions_for_user(request.user).can_add_subpage():
        raise PermissionDenied
    form = NewLesson(request.POST or None)
    if form.is_valid():
        page = begin_lesson(session=session, author=request.user, **form.cleaned_data)
        return redirect("wagtailadmin_pages:edit", page.pk)
    return render(request, "cms/editor/new_lesson.html", {"form": form, "session": session})
