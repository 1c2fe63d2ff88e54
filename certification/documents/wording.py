"""What a sheet says, as plain values: an award's, a preview's or a sample's, without a row of the database."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from django.utils.formats import number_format

PAPER, INK = "#fdf9ef", "#1d2a2b"


class Template(StrEnum):
    CERTIFICATE = "certificate"
    PARTICIPATION = "participation"


@dataclass(frozen=True)
class Brand:
    """How an organisation looks on paper. The logo is a PNG that `services.marks` made; colours are readable on paper."""

    action: str = "#0e5158"
    warm: str = "#9c4326"
    logo: bytes | None = None


@dataclass(frozen=True)
class Signatory:
    """Who signs: name, function, and a PNG of the handwriting where there is one."""

    name: str
    function: str = ""
    image: bytes | None = None


@dataclass(frozen=True)
class Accreditation:
    """What a register counts it for."""

    register: str
    number: str = ""
    points: Decimal | None = None
    category: str = ""

    @property
    def as_one(self) -> int:
        """1 for exactly one point, else a number that takes the plural: half points have none of their own."""
        return 1 if self.points == 1 else 2

    @property
    def shown_points(self) -> str:
        """The points as people write them: 8, or 2,5 in Dutch."""
        return number_format(self.points.normalize(), use_l10n=True) if self.points is not None else ""


@dataclass(frozen=True)
class Sheet:
    """One document. `title` is the one that may be on paper: full or neutral was decided before."""

    number: str
    grouped_number: str
    address: str
    language: str
    provider: str
    holder_name: str
    title: str
    started_on: date
    completed_on: date
    issued_at: datetime
    net_time: str
    template: Template = Template.CERTIFICATE
    attended_time: str = ""
    serial: str = ""
    valid_until: date | None = None
    attest: str = ""
    brand: Brand = field(default_factory=Brand)
    signatories: tuple[Signatory, ...] = ()
    accreditations: tuple[Accreditation, ...] = ()
