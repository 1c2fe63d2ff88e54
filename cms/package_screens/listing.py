"""The list of packages, and where it hangs in the editor."""

from datetime import datetime
from functools import cached_property
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.template.defaultfilters import filesizeformat
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.admin_url_finder import ModelAdminURLFinder, register_admin_url_finder
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.base import ViewSet

from cms.library import packages_for
from cms.package_screens import views
from cms.package_screens.columns import WHERE_THERE_IS_ROOM
from cms.package_screens.used import times_used
from media.models import Package
from media.queries.packages import homes_for_packages


class PackageFilterSet(WagtailFilterSet):
    """Archived packages are out of sight until somebody asks for them."""

    archived = django_filters.BooleanFilter(
        label=_("Archived"), field_name="archived_at", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = Package
        fields = ["kind"]


class UsedColumn(Column):
    """In how many lessons: counted for the whole page of the list at once."""

    def get_value(self, instance: Package) -> str:
        if not instance.used:
            return _("nowhere")
        return ngettext("%(count)d lesson", "%(count)d lessons", instance.used) % {"count": instance.used}


def _size(package: Package) -> str:
    return filesizeformat(package.current.size) if package.current else ""


def _imported(package: Package) -> datetime | None:
    return package.current.imported_at if package.current else None


def _whose(package: Package) -> str:
    return str(package.organisation or _("The whole house"))


class PackageIndexView(IndexView):
    model = Package
    page_title = _("Packages")
    header_icon = "media"
    filterset_class = PackageFilterSet
    is_searchable = True
    search_fields = ["title"]
    default_ordering = "title"
    add_item_label = _("Bring in a package")

    @cached_property
    def columns(self) -> list[Column]:
        shown = [
            TitleColumn("title", label=_("Title"), sort_key="title", url_name="packages:detail"),
            Column("get_kind_display", label=_("Kind"), sort_key="kind", classname=WHERE_THERE_IS_ROOM),
            Column("size", label=_("Size"), accessor=_size, classname=WHERE_THERE_IS_ROOM),
            UsedColumn("used", label=_("Used in")),
            DateColumn("imported", label=_("Brought in"), accessor=_imported, classname=WHERE_THERE_IS_ROOM),
        ]
        if homes_for_packages(self.request.user).count() > 1:
            shown.insert(-1, Column("organisation", label=_("Organisation"), accessor=_whose))
        return shown

    def get_base_queryset(self) -> QuerySet[Package]:
        found = packages_for(self.request.user).select_related("current", "organisation")
        return found if "archived" in self.request.GET else found.filter(archived_at=None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        shown = list(context["object_list"])
        used = times_used(package.pk for package in shown)
        for package in shown:
            package.used = used.get(str(package.pk), 0)
        return context


class PackageViewSet(ViewSet):
    """Packages in the editor's menu."""

    name = "packages"
    url_prefix = "pakketten"
    icon = "media"
    menu_label = _("Packages")
    menu_order = 260
    add_to_admin_menu = True

    @cached_property
    def _index(self) -> dict[str, str]:
        return {
            "index_url_name": self.get_url_name("index"),
            "index_results_url_name": self.get_url_name("index_results"),
            "add_url_name": self.get_url_name("add"),
        }

    @cached_property
    def menu_item_class(self) -> type[MenuItem]:
        return PackagesMenuItem

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", self.construct_view(PackageIndexView, **self._index), name="index"),
            path("results/", self.construct_view(PackageIndexView, results_only=True, **self._index), name="index_results"),
            path("nieuw/", views.upload, name="add"),
            path("import/<uuid:pk>/", views.import_progress, name="import"),
            path("<uuid:pk>/", views.detail, name="detail"),
            path("<uuid:pk>/vervangen/", views.replace, name="replace"),
            path("<uuid:pk>/versie/<int:number>/", views.choose_version, name="choose_version"),
            path("<uuid:pk>/archief/", views.archive, name="archive"),
        ]  # fmt: skip

    def on_register(self) -> None:
        super().on_register()
        register_admin_url_finder(Package, PackageURLFinder)


class PackagesMenuItem(MenuItem):
    def is_shown(self, request: Any) -> bool:
        return request.user.has_perm("media.view_package")


class PackageURLFinder(ModelAdminURLFinder):
    edit_url_name = "packages:detail"
