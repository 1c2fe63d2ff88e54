"""What packages are made of: bytes kept once, and the libraries they share."""

from django.db import models

# As long as any digest or path we take in; the reader of archives refuses longer paths.
DIGEST_LENGTH = 64
PATH_LENGTH = 255


class Blob(models.Model):
    """Bytes of a package, kept once however many packages hold them. Never change a file under a name that is here.

    A row comes before its file: an import that dies leaves rows that clean-up finds, and files that no row names are
    swept away. Every file is written under a name of its own, so that of two imports that bring the same bytes at
    once each writes its own and the row says which one counts.
    """

    sha256 = models.CharField(max_length=DIGEST_LENGTH, unique=True)
    size = models.PositiveBigIntegerField()
    # `blobs/ab/<sha256>.<chance>` in the private storage; empty until the bytes are written.
    file_name = models.CharField(max_length=120, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            # Anything else would be found by no import again and kept for ever.
            models.CheckConstraint(
                condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"), name="media_blob_has_digest"
            ),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]


class Library(models.Model):
    """A part of H5P that packages share. Its identity is what is in it: `tree_hash` over paths and blobs.

    The same name and version with other bytes is another library, never an overwrite: what one package brings must not
    change what another one runs. Immutable, so it is served for ever under its tree hash.
    """

    tree_hash = models.CharField(max_length=DIGEST_LENGTH, unique=True)
    machine_name = models.CharField(max_length=127)
    major = models.PositiveIntegerField()
    minor = models.PositiveIntegerField()
    patch = models.PositiveIntegerField()
    title = models.CharField(max_length=255)
    runnable = models.BooleanField(default=False)
    # `library.json` as it was read: preloaded scripts and styles, core API, embed types, what it is added to.
    metadata = models.JSONField()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["machine_name", "major", "minor", "patch", "pk"]
        indexes = [
            models.Index(fields=["machine_name", "major", "minor"], name="media_library_by_name"),
        ]
        verbose_name_plural = "libraries"

    def __str__(self) -> str:
        return f"{self.machine_name} {self.major}.{self.minor}.{self.patch}"

    @property
    def name(self) -> str:
        """As content and other libraries call it: "H5P.MultiChoice 1.16"."""
        return f"{self.machine_name} {self.major}.{self.minor}"

    @property
    def folder(self) -> str:
        """As H5P core calls its folder: "H5P.MultiChoice-1.16"."""
        return f"{self.machine_name}-{self.major}.{self.minor}"


class LibraryFile(models.Model):
    """A file of a library, by its path below the library's folder."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="files")
    path = models.CharField(max_length=PATH_LENGTH)
    # Bytes go after the last row that names them, through `media.services.blobs` only.
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="library_files")
    content_type = models.CharField(max_length=80)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            # One address, one file.
            models.UniqueConstraint(fields=["library", "path"], name="media_library_file_once"),
        ]

    def __str__(self) -> str:
        return f"{self.library}: {self.path}"


class LibraryDependency(models.Model):
    """What a library needs, by name. Which library answers to the name differs per package: `PackageVersionLibrary`."""

    class Kind(models.TextChoices):
        # Loaded before the library itself.
        PRELOADED = "preloaded"
        # May be loaded while it runs.
        DYNAMIC = "dynamic"
        # For H5P's editor only, which is not here.
        EDITOR = "editor"

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="dependencies")
    machine_name = models.CharField(max_length=127)
    major = models.PositiveIntegerField()
    minor = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["library", "machine_name", "major", "minor", "kind"],
                name="media_library_dependency_once",
            ),
        ]
        verbose_name_plural = "library dependencies"

    def __str__(self) -> str:
        return f"{self.library} needs {self.machine_name} {self.major}.{self.minor}"
