"""The badge of an award: its place in a status list, given once, and the signed credential."""

import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from certification.badges import Badge, build_credential, sign_credential
from certification.models import LIST_SIZE, Award, BadgeStatus, Scheme, StatusList
from certification.queries import taken_places
from certification.rules import attestation
from certification.services.keys import note_badge_key
from certification.signing import badge_key

# So many guesses at a free place before the free ones are counted out.
GUESSES = 20


def place_badge(*, award: Award) -> BadgeStatus:
    """The place of an award in a status list: the one it has, or a free one at random. Safe to call twice at once."""
    try:
        return award.badge_status
    except BadgeStatus.DoesNotExist:
        pass
    try:
        with transaction.atomic():
            current = _open_list()
            return BadgeStatus.objects.create(award=award, status_list=current, index=_free_place(current))
    except IntegrityError:  # another worker was first
        award.refresh_from_db()
        return BadgeStatus.objects.select_related("status_list").get(award=award)


def issue_badge(*, award: Award, now: datetime) -> dict[str, Any]:
    """The signed badge of an award, its place and its key written down. Raises `KeyProblem`."""
    note_badge_key(now=now)
    place_badge(award=award)
    return credential_of(award)


def credential_of(award: Award) -> dict[str, Any]:
    """The signed badge of an award that has its place, the same each time as long as the key is. Writes nothing.

    Raises `KeyProblem`, and `BadgeStatus.DoesNotExist` where no badge was issued yet.
    """
    key = badge_key()
    return sign_credential(
        build_credential(badge_of(award, award.badge_status)),
        private_pem=key.private_pem,
        public_pem=key.public_pem,
        created=award.issued_at,
    )


def badge_of(award: Award, place: BadgeStatus) -> Badge:
    """What the badge of an award says, in the award's language."""
    with translation.override(award.language):
        criteria = attestation(award)  # as the paper says
    return Badge(
        address=address_of("proof", award.public_id),
        provider=award.provider,
        site=settings.SITE_URL,
        subject_key=str(award.subject_key),
        achievement_key=str(award.course_key),
        title=award.shown_title,
        criteria=criteria,
        language=award.language,
        participation=award.paper == Scheme.Paper.PARTICIPATION,
        holder_name=award.holder_name,
        salt=award.salt,
        started_on=award.started_on,
        completed_on=award.completed_on,
        issued_at=award.issued_at,
        valid_until=award.valid_until,
        list_address=address_of("status_list", place.status_list.number),
        index=place.index,
    )


def address_of(name: str, *arguments: object) -> str:
    """The address of a page of ours as it is written into what leaves the house: in the first language."""
    with translation.override(settings.LANGUAGE_CODE):
        return settings.SITE_URL.rstrip("/") + reverse(name, args=arguments)


def _open_list() -> StatusList:
    """The list that still has room, locked; a full one is followed by a new one."""
    current = StatusList.objects.select_for_update().order_by("-number").first()
    if current is None or BadgeStatus.objects.filter(status_list=current).count() >= LIST_SIZE:
        current = StatusList.objects.create(number=current.number + 1 if current else 1)
    return current


def _free_place(status_list: StatusList) -> int:
    for _guess in range(GUESSES):
        index = secrets.randbelow(LIST_SIZE)
        if not BadgeStatus.objects.filter(status_list=status_list, index=index).exists():
            return index
    return secrets.choice(sorted(set(range(LIST_SIZE)) - taken_places(status_list)))
