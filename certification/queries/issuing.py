"""What was issued, and with which keys and looks."""

from certification.models import Award, BadgeStatus, Document, IssuerKey, Mark, StatusList


def taken_places(status_list: StatusList) -> set[int]:
    """The places of a status list that were given out. One query."""
    return set(BadgeStatus.objects.filter(status_list=status_list).values_list("index", flat=True))


def withdrawn_places(status_list: StatusList) -> list[int]:
    """The places of a status list whose awards were revoked or replaced, in order. One query."""
    places = BadgeStatus.objects.filter(status_list=status_list)
    withdrawn = places.exclude(award__status=Award.Status.VALID)
    return list(withdrawn.order_by("index").values_list("index", flat=True))


def badge_keys() -> list[str]:
    """All keys that ever signed a badge, the latest first. One query."""
    return list(IssuerKey.objects.filter(kind=IssuerKey.Kind.BADGE).values_list("name", flat=True))


def document_certificates() -> dict[str, str]:
    """The certificates of all keys that ever signed a document, as PEM by fingerprint. One query."""
    keys = IssuerKey.objects.filter(kind=IssuerKey.Kind.DOCUMENT)
    return dict(keys.values_list("name", "certificate"))


def look_of(organisation_id: int) -> Mark | None:
    """How an organisation's papers look now; `None` for the site's own look. One query."""
    return Mark.objects.filter(organisation_id=organisation_id).first()


def award_of_file(sha256: str) -> Award | None:
    """The certificate whose document has this digest. One query."""
    ready = Document.objects.filter(state=Document.State.READY, sha256=sha256)
    document = ready.select_related("award__document").first()
    return document.award if document else None
