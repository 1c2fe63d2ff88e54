"""Choosing a package for a lesson, or bringing one in without leaving the lesson."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic.chooser import (
    ChooseResultsView,
    ChooseView,
    ChosenMultipleView,
    ChosenView,
    CreateView,
)
from wagtail.admin.viewsets.chooser import ChooserViewSet

from cms.library import packages_for
from cms.package_screens.columns import WHERE_THERE_IS_ROOM
from cms.package_screens.forms import QuickUploadForm
from cms.package_screens.used import times_used
from media.flows import import_package
from media.models import Package, PackageImport
from media.packages.refusals import sentence_of


class ByTitle(BaseFilterForm):
    """Search by words of the title."""

    q = forms.CharField(
        label=gettext_lazy("Search term"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Search")}),
    )

    def filter(self, objects: QuerySet[Package]) -> QuerySet[Package]:
        if words := self.cleaned_data["q"].split():
            self.is_searching, self.search_query = True, " ".join(words)
        for word in words:
            objects = objects.filter(title__icontains=word)
        return objects


class OwnPackages:
    """What a chooser offers: one's own packages that are not archived."""

    filter_form_class = ByTitle

    def get_object_list(self) -> QuerySet[Package]:
        return (
            packages_for(self.request.user)
            .filter(archived_at=None, current__isnull=False)
            .select_related("current")
        )

    def get_results_page(self, request: Any) -> Any:
        page = super().get_results_page(request)
        used = times_used(package.pk for package in page)
        for package in page:
            package.used = used.get(str(package.pk), 0)
        return page

    @property
    def columns(self) -> list[Column]:
        return [
            self.title_column,
            Column("get_kind_display", label=gettext_lazy("Kind"), classname=WHERE_THERE_IS_ROOM),
            Column(
                "size",
                label=gettext_lazy("Size"),
                classname=WHERE_THERE_IS_ROOM,
                accessor=lambda package: filesizeformat(package.current.size),
            ),
            Column("used", label=gettext_lazy("Lessons")),
            TitleColumn(
                "look",
                label=gettext_lazy("What is in it"),
                accessor=lambda _package: _("Look at it"),
                url_name="packages:detail",
                link_attrs={"target": "_blank", "rel": "noopener"},
            ),
        ]


class WithUser:
    def get_creation_form_kwargs(self) -> dict[str, Any]:
        return super().get_creation_form_kwargs() | {"user": self.request.user}


class Choose(OwnPackages, WithUser, ChooseView):
    pass


class Results(OwnPackages, WithUser, ChooseResultsView):
    pass


class Chosen(ChosenView):
    def get_object(self, pk: str) -> Package:
        found = packages_for(self.request.user).filter(pk=pk).first()
        if found is None:
            raise Http404
        return found


class ChosenMany(ChosenMultipleView):
    def get_objects(self, pks: list[str]) -> QuerySet[Package]:
        return packages_for(self.request.user).filter(pk__in=pks)


# No transaction around it: reading takes a second or more, and others have to write meanwhile.
@method_decorator(transaction.non_atomic_requests, name="dispatch")
class Create(WithUser, CreateView):
    """Brings the package in while somebody waits, so that a refusal stands where they can act on it."""

    def get_creation_form(self) -> QuickUploadForm:
        form = super().get_creation_form()
        if self.request.method == "POST" and form.is_valid():
            self._bring_in(form)
        return form

    def save_form(self, form: QuickUploadForm) -> Package:
        return form.package

    def _bring_in(self, form: QuickUploadForm) -> None:
        file: UploadedFile = form.cleaned_data["file"]
        try:
            job = import_package(
                file=file,
                title=form.cleaned_data["title"],
                organisation=form.owner,
                uploaded_by=self.request.user,
                now=timezone.now(),
            )
        except OSError:
            form.add_error(
                "file", _("There is no room for it on the server. Nothing was kept. Tell your administrator.")
            )
            return
        if job.state == PackageImport.State.DONE:
            form.package = job.version.package
            return
        form.add_error(
            "file",
            sentence_of(job.refusal) or _("It could not be stored. Nothing was kept. Try again later."),
        )
        job.delete()  # whoever waits has read it


class PackageChooserViewSet(ChooserViewSet):
    name = "package_chooser"
    url_prefix = "pakketten/kiezen"
    model = "media.Package"
    icon = "media"
    choose_one_text = gettext_lazy("Choose a package")
    choose_another_text = gettext_lazy("Choose another package")
    edit_item_text = gettext_lazy("Look at this package")
    creation_form_class = QuickUploadForm
    creation_tab_label = gettext_lazy("Bring one in")
    create_action_label = gettext_lazy("Bring in")
    create_action_clicked_label = gettext_lazy("Being read…")
    register_widget = False
    choose_view_class = Choose
    choose_results_view_class = Results
    chosen_view_class = Chosen
    chosen_multiple_view_class = ChosenMany
    create_view_class = Create
