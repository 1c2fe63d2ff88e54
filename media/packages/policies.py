"""What a package may do in a browser: content security policies, as narrow as they go.

A package is a stranger's program. It runs in a sandbox with an origin of its own that nothing else has, and reaches its own
files and libraries, nothing else: no network, no frames, no forms.
"""

from collections.abc import Sequence
from dataclasses import dataclass

# An asset that is opened by itself is a dead thing. Styles may say what they say in an SVG.
ASSET = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@dataclass(frozen=True)
class Reach:
    """The addresses that a package needs, each with its origin; one that ends in a slash covers all below it."""

    scripts: Sequence[str]
    styles: Sequence[str]
    # Libraries bring pictures, sounds and typefaces of their own.
    libraries: Sequence[str]
    content: str
    fonts: str
    images: str
    # Older content types make their markup from templates that they turn into code.
    evaluates: bool = False


def player(reach: Reach, *, framed_by: str) -> str:
    """The policy of the document in which a package plays. `framed_by` is our own origin."""
    places = [*reach.libraries, reach.content]
    directives = {
        "sandbox": ["allow-scripts"],
        "default-src": ["'none'"],
        "script-src": [*reach.scripts, *reach.libraries, *(["'unsafe-eval'"] if reach.evaluates else [])],
        # Content types set sizes and colours on elements.
        "style-src": [*reach.styles, *reach.libraries, "'unsafe-inline'"],
        "img-src": [*places, reach.images, "data:"],
        "media-src": places,
        "font-src": [*reach.libraries, reach.fonts, "data:"],
        "connect-src": ["'none'"],
        "worker-src": ["'none'"],
        "frame-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "frame-ancestors": [framed_by],
    }
    return "; ".join(f"{name} {' '.join(values)}" for name, values in directives.items())
