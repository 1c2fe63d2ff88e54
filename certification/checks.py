"""`manage.py check --deploy`: the keys can be opened, and do not run out unnoticed."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core import checks
from django.utils import timezone

from certification.signing import KeyProblem, badge_key, signing_key

# As long as buying a certificate may take.
AHEAD = timedelta(days=45)


@checks.register(checks.Tags.security, deploy=True)
def keys_can_sign(app_configs: Sequence[Any] | None, **_options: Any) -> list[checks.CheckMessage]:
    """Without them no document is made: awards wait."""
    now = timezone.now()
    found: list[checks.CheckMessage] = []
    try:
        ends = signing_key(now=now).certificate.not_valid_after_utc
        if ends < now + AHEAD:
            found.append(checks.Warning(f"SIGNING_KEY: expires on {ends:%Y-%m-%d}", id="certification.W001"))
    except KeyProblem as problem:
        found.append(checks.Error(str(problem), id="certification.E001"))
    try:
        badge_key()
    except KeyProblem as problem:
        found.append(checks.Error(str(problem), id="certification.E002"))
    return found
