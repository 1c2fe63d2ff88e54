"""The credential of one award, from plain values, and its proof."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.utils import timezone

from certification.badges.identity import did_of_the_site, method_of, multikey_of
from certification.badges.status import status_entry

CONTEXT = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",  # explains the type of the schema below
]
SCHEMA = {
    "id": "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json",
    "type": "1EdTechJsonSchemaValidator2019",
}


@dataclass(frozen=True)
class Badge:
    """What a badge says. The name is in it as a salted digest only: whoever knows it can check it, nobody can read it."""

    address: str
    provider: str
    site: str
    subject_key: str
    achievement_key: str
    title: str
    criteria: str
    language: str
    participation: bool
    holder_name: str
    salt: str
    started_on: date
    completed_on: date
    issued_at: datetime
    valid_until: date | None
    list_address: str
    index: int


def build_credential(badge: Badge) -> dict[str, Any]:
    """An `AchievementCredential` without its proof."""
    credential: dict[str, Any] = {
        "@context": CONTEXT,
        "id": badge.address,
        "type": ["VerifiableCredential", "AchievementCredential"],
        "name": badge.title,
        "issuer": {
            "id": did_of_the_site(),
            "type": ["Profile"],
            "name": badge.provider,
            "url": badge.site,
        },
        "validFrom": stamp(badge.issued_at),
        "credentialSubject": {
            "id": f"urn:uuid:{badge.subject_key}",
            "type": ["AchievementSubject"],
            "identifier": [identity(badge.holder_name, badge.salt)],
            "activityStartDate": stamp(first_moment(badge.started_on)),
            "activityEndDate": stamp(last_moment(badge.completed_on)),
            "achievement": {
                "id": f"urn:uuid:{badge.achievement_key}",
                "type": ["Achievement"],
                "achievementType": "Award" if badge.participation else "Course",
                "name": badge.title,
                "description": badge.criteria,
                "criteria": {"narrative": badge.criteria},
                "inLanguage": badge.language,
            },
        },
        "credentialStatus": status_entry(badge.list_address, badge.index),
        "credentialSchema": [SCHEMA],
    }
    if badge.valid_until:
        credential["validUntil"] = stamp(last_moment(badge.valid_until))
    return credential


def sign_credential(
    credential: dict[str, Any], *, private_pem: bytes, public_pem: bytes, created: datetime
) -> dict[str, Any]:
    """The document with an `eddsa-rdfc-2022` proof. The same document, key and time give the same proof."""
    from openbadgeslib.ob3 import add_data_integrity_proof  # noqa: PLC0415 -- see the package

    return add_data_integrity_proof(
        credential, private_pem, method_of(multikey_of(public_pem)), created=created
    )


def identity(name: str, salt: str) -> dict[str, Any]:
    """The holder's name as Open Badges compares it: SHA-256 over name and salt.

    The salt is made from the award's own, so that the published one says nothing about digests kept here.
    """
    public_salt = hashlib.sha256(f"badge {salt}".encode()).hexdigest()[:32]
    digest = hashlib.sha256(f"{name}{public_salt}".encode()).hexdigest()
    return {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": f"sha256${digest}",
        "identityType": "name",
        "salt": public_salt,
    }


def stamp(moment: datetime) -> str:
    """A time as credentials write it."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def first_moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def last_moment(day: date) -> datetime:
    """Something counts through its last day, as people here count days."""
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))
