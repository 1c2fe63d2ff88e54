"""Where a package plays, as the script of the page around it asks: in which frame, whose messages to hear, and what to hand over."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language

from media.models import PackageVersion
from media.services import scorm
from media.services.player import Place

# What a sandbox calls itself.
NOBODY = "null"
H5P, SCORM = "h5p", "scorm"


@dataclass(frozen=True)
class Around:
    """The page around a package: how it was reached, and under which host."""

    scheme: str
    host: str


def launched(
    *,
    version: PackageVersion,
    document: str,
    places: Iterable[Place],
    told: Mapping[str, Any],
    around: Around,
    now: datetime,
) -> dict[str, Any]:
    """As JSON. An H5P package plays at `document`, which has its places in it; a SCORM package is handed them by the page."""
    if not scorm.is_scorm(version):
        return {"kind": H5P, "address": document, "origin": NOBODY}
    places = list(places)
    address = scorm.player_address(
        version=version, language=get_language() or "nl", scheme=around.scheme, beside=around.host, now=now
    )
    return {
        "kind": SCORM,
        "address": address.url,
        "origin": address.origin,
        "start": {
            "told": {**told, "revisions": {each.part: each.revision for each in places}},
            "places": {each.part: each.state for each in places if each.state is not None},
        },
    }
