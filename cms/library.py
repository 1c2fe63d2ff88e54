"""Whose the files are that lessons hold: of who brought them, and of who writes the lessons that they stand in.

Editors have them all. Recordings and documents are in Wagtail's library, where permissions go by collection and by
owner; packages are of an organisation.
"""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Model, Q, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern
from wagtail.documents import admin_urls as document_urls
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.models import Page, ReferenceIndex
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permissions import page_permission_policy, policy_registry, register_permission_policy
from wagtailmedia import admin_urls as recording_urls
from wagtailmedia import wagtail_hooks as recording_hooks
from wagtailmedia.views import chooser as recording_chooser
from wagtailmedia.views import media as recording_views

from cms.models.teaching import writes_all
from media.models import Handout, Package, PackageImport, Recording

OWNERS = frozenset({"choose", "change", "delete"})


def used_by_writer(user: Any, model: type[Model]) -> list[str]:
    """Keys of what stands in a page that somebody may edit, as that page is saved or published. One query."""
    editable = page_permission_policy.instances_user_has_permission_for(user, "change")
    types = ContentType.objects
    return list(
        ReferenceIndex.objects.filter(
            to_content_type=types.get_for_model(model),
            base_content_type=types.get_for_model(Page),
            object_id__in=editable.order_by().annotate(number=Cast("pk", CharField())).values("number"),
        )
        .values_list("to_object_id", flat=True)
        .distinct()
    )


# --- recordings and documents ---------------------------------------------------------------------------------------
class LibraryPolicy(CollectionOwnershipPermissionPolicy):
    """On top of what collections give: who may add files chooses and changes their own, and those of their pages."""

    def instances_user_has_any_permission_for(self, user: Any, actions: Collection[str]) -> QuerySet[Any]:
        given = super().instances_user_has_any_permission_for(user, actions)
        if not OWNERS & set(actions) or not self._check_perm(user, ["add"]) or user.is_superuser:
            return given
        theirs = Q(**{self.owner_field_name: user}) | Q(pk__in=used_by_writer(user, self.model))
        return self.model._default_manager.filter(Q(pk__in=given.values("pk")) | theirs)

    def user_has_any_permission_for_instance(
        self, user: Any, actions: Collection[str], instance: Model
    ) -> bool:
        return (
            super().user_has_any_permission_for_instance(user, actions, instance)
            or self.instances_user_has_any_permission_for(user, actions).filter(pk=instance.pk).exists()
        )


def choosable(user: Any, model: type[Model]) -> QuerySet[Any]:
    """The recordings, documents or packages that somebody may put into a lesson."""
    return policy_registry.get_by_type(model).instances_user_has_any_permission_for(user, OWNERS)


class PackagePolicy(ModelPermissionPolicy):
    """Which packages somebody chooses is said as for other files; the rest are rights to the screens."""

    def instances_user_has_any_permission_for(self, user: Any, actions: Collection[str]) -> QuerySet[Any]:
        allowed = super().instances_user_has_any_permission_for(user, actions)
        return packages_for(user) if "choose" in actions else allowed


def keep_the_library() -> None:
    """Have Wagtail's screens, choosers and addresses of files ask `LibraryPolicy`."""
    register_permission_policy(Package, PackagePolicy(Package))
    for model, asked in ((Recording, "wagtailmedia.Media"), (Handout, "wagtaildocs.Document")):
        policy = LibraryPolicy(model, auth_model=asked, owner_field_name="uploaded_by_user")
        # Whatever Wagtail registers, before or after: the exact class goes first.
        register_permission_policy(model, policy, exact_class=True)
    # wagtailmedia makes a policy of its own where it could ask for the one that is registered.
    policy = policy_registry.get_by_type(Recording)
    for views in (recording_views, recording_chooser):
        views.permission_checker.policy = policy
    recording_hooks.permission_policy = recording_hooks.MediaAdminURLFinder.permission_policy = policy
    for model, urls in ((Recording, recording_urls), (Handout, document_urls)):
        for pattern in urls.urlpatterns:
            _only_own(pattern, model)


def _only_own(pattern: URLPattern, model: type[Model]) -> None:
    """Any screen about one file: 404 where it is somebody else's. Where it is used is told by none of Wagtail's own."""
    view: Callable[..., HttpResponseBase] = pattern.callback

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        for name in {"media_id", "document_id", "doc_id"} & kwargs.keys():
            get_object_or_404(choosable(request.user, model), pk=kwargs[name])
        return view(request, *args, **kwargs)

    pattern.callback = guarded


class OwnDocuments(DocumentsAdminAPIViewSet):
    """Wagtail's own tells the title of any document."""

    def get_queryset(self) -> QuerySet[Handout]:
        return super().get_queryset().filter(pk__in=choosable(self.request.user, Handout).values("pk"))


# --- packages -------------------------------------------------------------------------------------------------------
def packages_for(user: Any) -> QuerySet[Package]:
    """The packages that somebody sees and may put into a lesson: theirs, and the house's."""
    found = Package.objects.visible_to(user)
    return found if writes_all(user) else found.filter(Q(organisation=None) | _their_packages(user))


def packages_kept_by(user: Any) -> QuerySet[Package]:
    """The packages that somebody may rename, replace, roll back and archive."""
    found = Package.objects.kept_by(user)
    return found if writes_all(user) else found.filter(_their_packages(user))


def imports_for(user: Any) -> QuerySet[PackageImport]:
    """The imports whose report somebody may read."""
    found = PackageImport.objects.visible_to(user)
    return found if writes_all(user) else found.filter(uploaded_by=user)


def _their_packages(user: Any) -> Q:
    return Q(uploaded_by=user) | Q(pk__in=used_by_writer(user, Package))
