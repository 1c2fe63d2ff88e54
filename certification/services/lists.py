"""Signed status lists. Signing one costs milliseconds, so one signature serves until something is withdrawn."""

import hashlib
import json
from datetime import datetime, timedelta

from django.core.cache import cache

from certification.badges import status_list, status_list_jwt
from certification.models import StatusList
from certification.queries import withdrawn_places
from certification.services.badges import address_of
from certification.signing import badge_key

# Far less than a list is valid (a day): nobody gets one that is about to end.
KEPT = timedelta(hours=1)


def signed_list(*, status_list: StatusList, now: datetime) -> str:
    """A list as JSON, signed. Raises `KeyProblem`."""
    return _kept("json", status_list, now)


def signed_list_jwt(*, status_list: StatusList, now: datetime) -> str:
    """A list as a JWT. Raises `KeyProblem`."""
    return _kept("jwt", status_list, now)


def _kept(form: str, found: StatusList, now: datetime) -> str:
    key = badge_key()
    revoked = withdrawn_places(found)
    state = hashlib.sha256(repr((key.public_pem, revoked)).encode()).hexdigest()
    known_as = f"certification:list:{form}:{found.number}:{state}"
    text = cache.get(known_as)
    if text is None:
        arguments = {
            "address": address_of("status_list", found.number),
            "revoked": revoked,
            "private_pem": key.private_pem,
            "public_pem": key.public_pem,
            "now": now,
        }
        text = json.dumps(status_list(**arguments)) if form == "json" else status_list_jwt(**arguments)
        cache.set(known_as, text, KEPT.total_seconds())
    return text
