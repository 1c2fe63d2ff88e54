"""Sheets to try: an ordinary one, and what an organisation may add to it."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from PIL import Image, ImageDraw

from certification.documents import Accreditation, Brand, Sheet, Signatory
from certification.letters import letter_without_type

NUMBER = "7KQ4M2XDP2TH6WJ3RBOINVC5EA"


def picture(width: int, height: int, colour: str = "#5a2a6b") -> bytes:
    drawing = Image.new("RGBA", (width, height))
    ImageDraw.Draw(drawing).ellipse((0, 0, width - 1, height - 1), fill=colour)
    out = io.BytesIO()
    drawing.save(out, "PNG")
    return out.getvalue()


def a_sheet(**fields: Any) -> Sheet:
    return Sheet(
        **{
            "number": NUMBER,
            "grouped_number": "7KQ4 M2XD P2TH 6WJ3 RBOI NVC5EA",
            "address": f"http://testserver/bewijs/{NUMBER}/",
            "language": "nl",
            "provider": "Leerhuis",
            "holder_name": "Sanne de Vries",
            "title": "Motiverende gespreksvoering",
            "started_on": date(2026, 9, 1),
            "completed_on": date(2026, 11, 12),
            "issued_at": datetime(2026, 11, 12, 20, 30, tzinfo=UTC),
            "net_time": "5 uur en 35 minuten, online deel",
        }
        | fields
    )


def everything() -> dict[str, Any]:
    """As much as can be on one paper."""
    return {
        "brand": Brand("#5a2a6b", "#8a4b00", picture(700, 160)),
        "valid_until": date(2031, 11, 12),
        "attended_time": "22 uur en 30 minuten",
        "serial": "2026-00042",
        "signatories": (
            Signatory("J.P. van der Meulen-Bakker", "Opleidingscoördinator", picture(300, 90)),
            Signatory("Marleen Hoekstra", "Trainer", picture(300, 90)),
        ),
        "accreditations": (
            Accreditation("SKJ", "SKJ-123456", Decimal(8), "scholing"),
            Accreditation("Registerplein", "RP 2026-114", Decimal("5.5"), "bij- en nascholing"),
            Accreditation("Verpleegkundigen", "ID-4711", Decimal(4), "vakinhoudelijk"),
        ),
    }


def letter_nobody_has() -> str:
    """A letter of a script so young or so rare that no font of this machine has it."""
    return next(mark for mark in "\U00010570\U00010f70\U00016ac0\U0001e4d0" if letter_without_type(mark))
