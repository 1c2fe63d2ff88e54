"""The screens of a package: bring it in, see how that went, its versions, and setting it aside."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms.library import imports_for, packages_for, packages_kept_by
from cms.package_screens.forms import ReplaceForm, TitleForm, UploadForm
from cms.package_screens.used import pages_with
from media.flows import queue_import
from media.models import Package, PackageImport, PackageVersion
from media.packages.refusals import sentence_of
from media.packages.reports import in_detail, in_words
from media.services import packages
from media.views import scorm_hosts, tried_at


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Bring a new package in."""
    if not request.user.has_perm("media.add_package"):
        raise PermissionDenied
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        job = _queue(request, form, title=form.cleaned_data["title"], organisation=form.owner)
        if job is not None:
            return redirect("packages:import", job.pk)
    return _page(request, "upload", _("Bring in a package"), form=form)


@require_http_methods(["GET", "POST"])
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One package: what is in it, its versions, where it is used. POST renames it."""
    package = _visible(request, pk)
    may_change = packages_kept_by(request.user).filter(pk=package.pk).exists()
    form = TitleForm(request.POST or None, instance=package)
    if request.method == "POST":
        if not may_change:
            raise PermissionDenied
        if form.is_valid():
            form.save()
            messages.success(request, _("The title is saved."))
            return redirect("packages:detail", package.pk)
    used, elsewhere = pages_with(package, user=request.user)
    response = _page(
        request,
        "detail",
        package.title,
        package=package,
        **_preview(request, package),
        **_report(package.current),
        versions=package.versions.order_by("-number"),
        used=used,
        elsewhere=elsewhere,
        may_change=may_change,
        form=form,
    )
    response._csp_update = {"frame-src": ["'self'", *scorm_hosts(request)]}
    return response


@require_http_methods(["GET", "POST"])
def replace(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Bring a new version of a package in."""
    package = _kept(request, pk)
    form = ReplaceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        job = _queue(request, form, title=package.title, replaces=package)
        if job is not None:
            return redirect("packages:import", job.pk)
    return _page(
        request, "replace", _("Replace “%(title)s”") % {"title": package.title}, package=package, form=form
    )


@require_safe
def import_progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far an import is, and how it ended. A script asks for it anew until it has."""
    job = get_object_or_404(imports_for(request.user).select_related("version__package"), pk=pk)
    return _page(
        request,
        "import",
        _("Bringing in “%(title)s”") % {"title": job.title},
        job=job,
        sentence=sentence_of(job.refusal),
        **_report(job.version),
    )


@require_POST
def choose_version(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """Make a version the current one."""
    package = _kept(request, pk)
    version = get_object_or_404(package.versions, number=number)
    packages.roll_back(package=package, version=version)
    messages.success(
        request,
        _("Version %(number)d is the current one. Publish the lessons that use it to show it there.")
        % {"number": version.number},
    )
    return redirect("packages:detail", package.pk)


@require_POST
def archive(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Offer a package no longer, or again."""
    package = _kept(request, pk)
    if package.archived_at:
        packages.take_back(package=package)
        messages.success(request, _("“%(title)s” can be chosen again.") % {"title": package.title})
    else:
        packages.archive(package=package, now=timezone.now())
        messages.success(
            request,
            _("“%(title)s” can no longer be chosen. Lessons that use it go on.") % {"title": package.title},
        )
    return redirect("packages:detail", package.pk)


def _preview(request: HttpRequest, package: Package) -> dict[str, str]:
    """Where a trainer tries it, as it is brought in now. Nothing where nothing was."""
    if package.current is None:
        return {}
    address, sandbox = tried_at(
        request, package.current, document=reverse("package_player", args=[package.pk])
    )
    return {"plays": address, "sandbox": sandbox}


def _report(version: PackageVersion | None) -> dict[str, list[str]]:
    found = version.report if version else {}
    return {"report": in_words(found), "details": in_detail(found)}


def _visible(request: HttpRequest, pk: UUID) -> Package:
    return get_object_or_404(packages_for(request.user).select_related("current", "organisation"), pk=pk)


def _kept(request: HttpRequest, pk: UUID) -> Package:
    return get_object_or_404(packages_kept_by(request.user).select_related("current"), pk=pk)


def _queue(request: HttpRequest, form: Any, **fields: Any) -> PackageImport | None:
    """None where the file cannot be stored; the form says so."""
    try:
        with transaction.atomic():
            return queue_import(
                file=form.cleaned_data["file"], uploaded_by=request.user, now=timezone.now(), **fields
            )
    except OSError:
        form.add_error(
            "file", _("There is no room for it on the server. Nothing was kept. Tell your administrator.")
        )
        return None


def _page(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
    crumbs = [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": reverse("packages:index"), "label": _("Packages")},
        {"url": "", "label": title},
    ]
    context |= {"header_title": title, "header_icon": "media", "breadcrumbs_items": crumbs}
    return TemplateResponse(request, f"cms/packages/{name}.html", context)
