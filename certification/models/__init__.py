"""Floor 5: what a certificate asks, what somebody has earned, and the document that says so."""

from .award import ID_LENGTH, Award, AwardQuerySet, SerialCounter, new_public_id
from .batch import Batch, BatchLine, Bundle
from .document import LETTER_MISSING, MOST_ATTEMPTS, Document
from .history import AwardAccess, AwardEvent, SignOff
from .issuing import LIST_SIZE, BadgeStatus, IssuerKey, ShareLink, StatusList
from .mark import MOST_LOGO_BYTES, Mark
from .points import Edition, Points, RegisterNumber
from .scheme import Accreditation, Register, Scheme, Signatory

__all__ = [
    "ID_LENGTH",
    "LETTER_MISSING",
    "LIST_SIZE",
    "MOST_ATTEMPTS",
    "MOST_LOGO_BYTES",
    "Accreditation",
    "Award",
    "AwardAccess",
    "AwardEvent",
    "AwardQuerySet",
    "BadgeStatus",
    "Batch",
    "BatchLine",
    "Bundle",
    "Document",
    "Edition",
    "IssuerKey",
    "Mark",
    "Points",
    "Register",
    "RegisterNumber",
    "Scheme",
    "SerialCounter",
    "ShareLink",
    "SignOff",
    "Signatory",
    "StatusList",
    "new_public_id",
]
