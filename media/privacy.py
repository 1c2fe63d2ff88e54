"""What recordings and documents hold about people: who brought them. What they show and say is course material."""

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
