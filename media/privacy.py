"""What media hold about people: who brought recordings, documents and packages. What they show and say is course material."""

from people import privacy
from people.privacy import Holding, Personal

PLAIN = {"id", "title", "file", "collection", "created_at", "tags", "sha256", "size", "text_name", "by_hand"}
WORK = "as long as the file"

privacy.declare(
    Holding(
        model="media.Recording",
        person="uploaded_by_user",
        fields={"uploaded_by_user": Personal("who brought it", WORK, "cleared")},
        plain={*PLAIN, "type", "duration", "language", "captions", "transcript"},
    ),
    Holding(
        model="media.Handout",
        person="uploaded_by_user",
        fields={"uploaded_by_user": Personal("who brought it", WORK, "cleared")},
        plain={*PLAIN, "file_size", "file_hash"},
    ),
)
privacy.declare(
    Holding(
        model="media.Package",
        person="uploaded_by",
        fields={"uploaded_by": Personal("who brought it", WORK, "cleared")},
        plain={"key", "title", "kind", "organisation", "current", "created_at", "archived_at"},
    ),
    Holding(
        model="media.PackageImport",
        person="uploaded_by",
        fields={
            "uploaded_by": Personal("who uploaded a package, to see how it went", "30 days", "cleared"),
            "original_name": Personal("to know one's own file again", "30 days", "cleared"),
        },
        plain={
            "id",
            "title",
            "organisation",
            "replaces",
            "file_name",
            "file_size",
            "state",
            "progress",
            "refusal",
            "version",
            "attempts",
            "due_at",
            "lease_until",
            "task_id",
            "last_error",
            "created_at",
            "ended_at",
        },
    ),
)
privacy.declare_impersonal(
    "media.Blob",
    "media.BlobHold",
    "media.Library",
    "media.LibraryDependency",
    "media.LibraryFile",
    "media.PackageFile",
    "media.PackageVersion",
    "media.PackageVersionLibrary",
    reason="what is taught, the same for everybody",
)
