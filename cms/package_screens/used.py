"""Which pages use a package. Wagtail's reference index knows; asked once for a whole list."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, QuerySet
from wagtail.models import Page, ReferenceIndex
from wagtail.permissions import page_permission_policy

from media.models import Package


def times_used(keys: Iterable[UUID]) -> dict[str, int]:
    """By key, in how many pages a package stands; those that stand nowhere are left out. One query."""
    found = (
        _references()
        .filter(to_object_id__in=[str(key) for key in keys])
        .values_list("to_object_id")
        .annotate(pages=Count("object_id", distinct=True))
        .order_by()
    )
    return dict(found)


def pages_with(package: Package, *, user: Any) -> tuple[QuerySet[Page], int]:
    """The pages a package stands in that somebody may edit, and how many others there are."""
    numbers = _references().filter(to_object_id=str(package.pk)).values_list("object_id", flat=True)
    everywhere = {int(number) for number in numbers}
    theirs = page_permission_policy.instances_user_has_permission_for(user, "change").filter(
        pk__in=everywhere
    )
    return theirs.order_by("title"), len(everywhere) - theirs.count()


def _references() -> QuerySet[ReferenceIndex]:
    types = ContentType.objects
    return ReferenceIndex.objects.filter(
        to_content_type=types.get_for_model(Package),
        base_content_type=types.get_for_model(Page),
    )
