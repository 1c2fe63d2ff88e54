"""Interactive content made elsewhere: a package, its versions, and what each version consists of."""

import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Membership, Organisation, Role

from .libraries import DIGEST_LENGTH, PATH_LENGTH, Blob, Library

# Who brings packages in, and puts them into lessons.
KEEPERS = (Role.TRAINER, Role.EDITOR)


class OrganisationsOwnQuerySet(models.QuerySet[Any]):
    """Rows that belong to an organisation, or to the whole house where they name none."""

    def visible_to(self, user: Any) -> Self:
        """For trainers and editors: their organisation's, and the house's."""
        return self._of(user, also_the_house=True)

    def kept_by(self, user: Any) -> Self:
        """What somebody may change: their organisation's. The house's own only by an administrator."""
        return self._of(user, also_the_house=False)

    def _of(self, user: Any, *, also_the_house: bool) -> Self:
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_superuser:
            return self
        keeps = Membership.objects.filter(user=user, role__in=KEEPERS)
        theirs = models.Q(organisation__in=keeps.values("organisation"))
        if also_the_house:
            theirs |= models.Q(organisation=None) & models.Exists(keeps)
        return self.filter(theirs)


class Package(models.Model):
    """Interactive content made elsewhere. What runs is a version of it; archived, never deleted under a lesson."""

    class Kind(models.TextChoices):
        H5P = "h5p", "H5P"
        SCORM_12 = "scorm_12", "SCORM 1.2"
        SCORM_2004 = "scorm_2004", "SCORM 2004"

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(_("title"), max_length=255)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    # None: the house's, for every organisation's lessons.
    organisation = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="packages",
        verbose_name=_("organisation"),
    )
    # Who brought it in first; None where that was at a terminal, or nobody knows any more.
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # What lessons that are published from now on show. Learners under way stay on the version they began with.
    current = models.ForeignKey(
        "PackageVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="current_of"
    )
    created_at = models.DateTimeField()
    # No longer offered for lessons; those that use it go on.
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = OrganisationsOwnQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["title", "created_at"]
        verbose_name = _("package")
        verbose_name_plural = _("packages")

    def __str__(self) -> str:
        return self.title


class PackageVersion(models.Model):
    """A package as it was brought in once. Immutable: what a learner did is read against the version they did it in.

    Attempts point here with PROTECT; a new upload is a new version beside it.
    """

    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    # Over every file and library in it, so the same upload again is the same version.
    tree_hash = models.CharField(max_length=DIGEST_LENGTH)
    # `h5p.json`, or what was read of `imsmanifest.xml`.
    manifest = models.JSONField()
    # H5P only.
    main_library = models.ForeignKey(
        Library, null=True, blank=True, on_delete=models.PROTECT, related_name="main_of"
    )
    # SCORM only: the parts (SCOs) and where each starts.
    launch = models.JSONField(default=dict, blank=True)
    # Bytes unpacked, libraries included.
    size = models.PositiveBigIntegerField()
    # What was found in it, for `media.packages.reports` to say in words.
    report = models.JSONField(default=dict)
    imported_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["package", "-number"]
        constraints = [
            # Two imports at once must not both become version 2.
            models.UniqueConstraint(fields=["package", "number"], name="media_version_number_once"),
            # The same file twice would make learners begin anew for nothing.
            models.UniqueConstraint(fields=["package", "tree_hash"], name="media_version_contents_once"),
        ]

    def __str__(self) -> str:
        return f"{self.package} {self.number}"


class PackageFile(models.Model):
    """A file of a version itself: of an H5P package what lies below `content/`, of a SCORM package everything."""

    version = models.ForeignKey(PackageVersion, on_delete=models.CASCADE, related_name="files")
    path = models.CharField(max_length=PATH_LENGTH)
    # Bytes go after the last row that names them, through `media.services.blobs` only.
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="package_files")
    content_type = models.CharField(max_length=80)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            # One address, one file.
            models.UniqueConstraint(fields=["version", "path"], name="media_package_file_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.path}"


class PackageVersionLibrary(models.Model):
    """Which library a version runs with, in the order in which they load: what is needed comes first."""

    version = models.ForeignKey(PackageVersion, on_delete=models.CASCADE, related_name="version_libraries")
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="version_libraries")
    position = models.PositiveIntegerField()
    # Loaded at the start; the others only when the content asks for them.
    preloaded = models.BooleanField(default=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "library"], name="media_version_library_once"),
            # An order with two firsts is none.
            models.UniqueConstraint(fields=["version", "position"], name="media_version_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.library}"
