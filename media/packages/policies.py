"""What a package may do in a browser: content security policies, as narrow as they go.

A package is a stranger's program. It runs in a sandbox with an origin of its own that nothing else has, and reaches its own
files and libraries, nothing else: no network, no frames, no forms.
"""

from collections.abc import Mapping, Sequence
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
    return _joined(directives)


# What SCORM packages may not do of what browsers offer: everything but full screen.
NO_DEVICES = ", ".join(
    f"{name}=()"
    for name in (
        "accelerometer", "browsing-topics", "camera", "clipboard-read",
        "display-capture", "encrypted-media", "gamepad", "geolocation", "gyroscope", "hid", "idle-detection",
        "local-fonts", "magnetometer", "microphone", "midi", "otp-credentials", "payment",
        "publickey-credentials-create", "publickey-credentials-get", "screen-wake-lock", "serial",
        "storage-access", "usb", "window-management", "xr-spatial-tracking",
    )
)  # fmt: skip


def scorm_player(*, scripts: Sequence[str], styles: Sequence[str], content: str, framed_by: str) -> str:
    """The policy of the document around a SCORM package: our script, and the package's pages in a frame."""
    return _joined(
        {
            "sandbox": SCORM_SANDBOX,
            "default-src": ["'none'"],
            "script-src": scripts,
            "style-src": styles,
            "font-src": ["data:"],
            "img-src": ["data:"],
            "frame-src": [content],
            "base-uri": ["'none'"],
            "form-action": ["'none'"],
            "frame-ancestors": [framed_by],
        }
    )


# With an origin, because it is one of its own. Forms may be filled in (many questions are forms), and are sent nowhere.
SCORM_SANDBOX = ["allow-scripts", "allow-same-origin", "allow-forms"]


def scorm_file(*, content: str, framed_by: str) -> str:
    """The policy of a SCORM package's own pages: they reach the files below `content` and nothing else.

    Pages that authoring tools make are full of script in the page itself, and of text that becomes code.
    """
    return _joined(
        {
            "sandbox": SCORM_SANDBOX,
            "default-src": ["'none'"],
            "script-src": [content, "'unsafe-inline'", "'unsafe-eval'"],
            "style-src": [content, "'unsafe-inline'"],
            "img-src": [content, "data:", "blob:"],
            "media-src": [content, "data:", "blob:"],
            "font-src": [content, "data:"],
            "connect-src": [content],
            "frame-src": [content],
            "worker-src": ["'none'"],
            "base-uri": ["'none'"],
            "form-action": ["'none'"],
            # Its own player, and our page around that.
            "frame-ancestors": ["'self'", framed_by],
        }
    )


def _joined(directives: Mapping[str, Sequence[str]]) -> str:
    return "; ".join(f"{name} {' '.join(values)}" for name, values in directives.items())
