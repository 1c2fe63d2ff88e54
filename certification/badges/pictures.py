"""The badge as a picture with the credential baked in: a file that can be shared and still be checked."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "static_documents"


def baked_svg(credential: dict[str, Any]) -> bytes:
    """An SVG with the credential as text inside it (Open Badges 3.0, 5.3)."""
    from openbadgeslib.baking import SVG_ELEMENT_OB3, SVG_NS_OB3, bake_svg  # noqa: PLC0415 -- see the package

    return bake_svg(
        (FOLDER / "badge.svg").read_bytes(),
        json.dumps(credential, ensure_ascii=False),
        element=SVG_ELEMENT_OB3,
        namespace=SVG_NS_OB3,
        as_text=True,
    )


def baked_png(credential: dict[str, Any]) -> bytes:
    """A PNG with the credential in a text chunk."""
    from openbadgeslib.baking import ITXT_KEYWORD_OB3, bake_png  # noqa: PLC0415 -- see the package

    return bake_png(
        (FOLDER / "badge.png").read_bytes(),
        json.dumps(credential, ensure_ascii=False),
        keyword=ITXT_KEYWORD_OB3,
    )
