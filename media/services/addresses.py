"""Addresses of files behind lessons: for one person, for as long as a sign-in lasts."""

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.db.models import Model
from django.urls import reverse

from media.models import Handout, Recording
from people.models import User

CAPTIONS = "ondertitels"
MODELS: dict[str, type[Recording] | type[Handout]] = {
    Recording.door: Recording,
    CAPTIONS: Recording,
    Handout.door: Handout,
}
_signer = TimestampSigner(sep=":", salt="media.address")


def address(*, reader: User, door: str, pk: int) -> str:
    """Where `reader`, and nobody else, gets the file. Give it out only where they may have it. No query."""
    return reverse("lesson_file", args=[_signer.sign(f"{reader.pk}.{door}.{pk}")])


def opened_by(*, reader: User, token: str) -> tuple[str, Model] | None:
    """The door and the row that an address leads to; `None` for a stranger's, a false or an old one. One query."""
    try:
        said = _signer.unsign(token, max_age=settings.SESSION_COOKIE_AGE)
    except BadSignature:
        return None
    whose, door, pk = said.rsplit(".", 2)
    if whose != str(reader.pk):
        return None
    found = MODELS[door].objects.filter(pk=int(pk)).first()
    return (door, found) if found is not None else None
