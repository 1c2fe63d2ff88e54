"""Editors' own screens in Wagtail."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.templatetags.static import static
from django.urls import URLPattern, path, re_path, reverse, reverse_lazy
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.base import ViewSet
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views import chooser
from wagtail.snippets.views.snippets import SnippetViewSet

from cms import editing, papers, transfer
from cms.certificates import CertificatesGroup
from cms.library import OwnDocuments, keep_the_library
from cms.loading import UPLOADED
from cms.models import QuestionBank
from cms.models.teaching import programmes_written_by, writes_all
from cms.package_screens.choosing import PackageChooserViewSet
from cms.package_screens.listing import PackageViewSet
from cms.publishing import HELD_BACK
from cms.queries import choosable_pages, lessons_with_bank
from cms.recordings import upload_recording
from cms.roles import BankPolicy
from cms.schemes import scheme_paper, who_would_get_it

register_permission_policy(QuestionBank, BankPolicy(QuestionBank))
keep_the_library()


class OwnBanks:
    """Choosing among the banks of one's own programmes; what was chosen before is shown by its name alone."""

    def get_object_list(self) -> QuerySet[QuestionBank]:
        return QuestionBank.objects.visible_to(self.request.user)


class ChooseBank(OwnBanks, chooser.ChooseView):
    pass


class ChooseBankResults(OwnBanks, chooser.ChooseResultsView):
    pass


class ChosenBank(chooser.SnippetChosenView):
    def get_object(self, pk: Any) -> QuestionBank:
        return get_object_or_404(QuestionBank.objects.visible_to(self.request.user), pk=pk)


class ChosenBanks(chooser.SnippetChosenMultipleView):
    def get_objects(self, pks: Any) -> QuerySet[QuestionBank]:
        return QuestionBank.objects.visible_to(self.request.user).filter(pk__in=pks)


class QuestionBankChooserViewSet(chooser.SnippetChooserViewSet):
    choose_view_class = ChooseBank
    choose_results_view_class = ChooseBankResults
    chosen_view_class = ChosenBank
    chosen_multiple_view_class = ChosenBanks


def only_own_bank(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Any screen about one bank: 404 where it belongs to a programme of others."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "pk" in kwargs:
            get_object_or_404(QuestionBank.objects.visible_to(request.user), pk=unquote(str(kwargs["pk"])))
        return view(request, *args, **kwargs)

    return guarded


class QuestionBankViewSet(SnippetViewSet):
    model = QuestionBank
    chooser_viewset_class = QuestionBankChooserViewSet
    icon = "clipboard-list"
    menu_label = gettext_lazy("Question banks")
    menu_order = 250
    add_to_admin_menu = True
    list_display = ["title", "programme", Column("size", label=gettext_lazy("Questions"))]
    list_filter = ["programme"]
    search_fields = ["title"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[QuestionBank]:
        return QuestionBank.objects.visible_to(request.user)

    def get_urlpatterns(self) -> list[URLPattern]:
        patterns = super().get_urlpatterns()
        for pattern in patterns:
            pattern.callback = only_own_bank(pattern.callback)
        return patterns


register_snippet(QuestionBankViewSet)


@hooks.register("register_admin_viewset")
def packages() -> list[ViewSet]:
    # The chooser first: its address lies below the other's.
    return [PackageChooserViewSet(), PackageViewSet()]


@hooks.register("register_admin_viewset")
def certificates() -> CertificatesGroup:
    return CertificatesGroup()


@hooks.register("after_edit_snippet")
def say_which_lessons_to_publish(request: HttpRequest, instance: Any) -> None:
    """A test keeps the questions it was published with: whoever changes the bank is told where that shows."""
    if not isinstance(instance, QuestionBank):
        return
    links = [
        (reverse("wagtailadmin_pages:edit", args=[page.pk]), page.title)
        for page in lessons_with_bank(instance)
    ]
    if links:
        messages.info(
            request,
            format_html(
                "{} {}",
                _("Publish these lessons again to use the new questions:"),
                format_html_join(", ", '<a href="{}">{}</a>', links),
            ),
        )


hooks.register("before_publish_page", editing.ask_before_publishing)
hooks.register("before_bulk_action", editing.ask_before_publishing_many)
# Before wagtail-localize, which shows its own screen at the same hook.
hooks.register("before_edit_page", editing.ask_before_publishing_translation, order=-1)
hooks.register("before_edit_page", editing.say_that_it_was_held_back)
hooks.register("before_edit_page", editing.say_what_is_doubtful)
hooks.register("after_publish_page", editing.say_what_is_doubtful_once_published)
hooks.register("before_create_page", editing.offer_starters)


class ProgrammesMenuItem(MenuItem):
    """For who writes a programme."""

    def is_shown(self, request: HttpRequest) -> bool:
        return writes_all(request.user) or programmes_written_by(request.user).exists()


@hooks.register("register_admin_menu_item")
def programmes_as_files() -> MenuItem:
    return ProgrammesMenuItem(
        gettext_lazy("Programmes"), reverse_lazy("programmes"), icon_name="download", order=260
    )


class AdministratorsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.is_superuser


@hooks.register("register_reports_menu_item")
def undelivered_messages() -> MenuItem:
    return AdministratorsMenuItem(
        gettext_lazy("Undelivered messages"), reverse_lazy("undelivered"), icon_name="mail", order=900
    )


@hooks.register("register_log_actions")
def own_deeds(actions: LogActionRegistry) -> None:
    actions.register_action(
        UPLOADED, gettext_lazy("Brought in as a file"), gettext_lazy("Brought in as a file")
    )
    actions.register_action(
        HELD_BACK,
        gettext_lazy("Not published on its date"),
        gettext_lazy("Not published on its date: who scheduled it may no longer publish it"),
    )


@hooks.register("construct_admin_api", order=1)  # after Wagtail's own
def only_own_documents(router: Any) -> None:
    router.register_endpoint("documents", OwnDocuments)


@hooks.register("construct_page_chooser_queryset")
def only_pages_one_may_see(pages: QuerySet[Page], request: HttpRequest) -> QuerySet[Page]:
    return pages.filter(pk__in=choosable_pages(request.user).values("pk"))


@hooks.register("insert_editor_js")
def own_scripts() -> str:
    return format_html_join(
        "",
        '<script type="module" src="{}"></script>',
        [(static(f"editor/{name}.js"),) for name in ("paste", "scenes")],
    ) + format_html(
        '<script type="module" src="{}" data-upload-failed="{}"></script>',
        static("editor/recordings.js"),
        _("That did not arrive. Nothing is kept of it. Save your lesson, and try it once more."),
    )


@hooks.register("insert_global_admin_css")
def screens_of_packages() -> str:
    """On every page of the editor: the list of packages opens over any of them."""
    return format_html('<link rel="stylesheet" href="{}">', static("editor/packages.css"))


@hooks.register("register_admin_urls", order=-1)  # before wagtailmedia's, which has one of these, too
def addresses() -> list[URLPattern]:
    return [
        re_path(
            r"^media/(?P<media_type>audio|video)/chooser/upload/$", upload_recording, name="upload_recording"
        ),
        path("publiceren/<int:page_id>/", editing.confirm_publishing, name="confirm_publishing"),
        path("bewijzen/wie/<int:pk>/", who_would_get_it, name="who_would_get_it"),
        path("bewijzen/voorbeeld/<slug:language>/<slug:name>/", scheme_paper, name="new_scheme_paper"),
        path("bewijzen/voorbeeld/<int:pk>/<slug:language>/<slug:name>/", scheme_paper, name="scheme_paper"),
        path("nieuwe-les/<int:session_id>/", editing.new_lesson, name="new_lesson"),
        path("programmas/", transfer.programmes, name="programmes"),
        path("programmas/<slug:key>/zip/", transfer.download, name="download_programme"),
        path("programmas/<uuid:token>/", transfer.upload_report, name="upload_report"),
        path("programmas/<uuid:token>/weg/", transfer.drop, name="drop_upload"),
        path("papier/", papers.looks, name="paper_looks"),
        path("papier/<int:organisation_id>/", papers.look, name="paper_look"),
        path(
            "papier/<int:organisation_id>/<slug:template>/<slug:language>/<slug:name>/",
            papers.sample,
            name="paper_sample",
        ),
    ]


class PapersMenuItem(MenuItem):
    """For who may change how documents look."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(papers.MAY_CHANGE)


@hooks.register("register_admin_menu_item")
def how_documents_look() -> MenuItem:
    return PapersMenuItem(
        gettext_lazy("Look of documents"), reverse_lazy("paper_looks"), icon_name="doc-full", order=260
    )
