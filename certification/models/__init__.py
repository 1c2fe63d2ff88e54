"""Floor 5: what a certificate asks, what somebody has earned, and the document that says so."""

from .award import ID_LENGTH, Award, AwardQuerySet, SerialCounter, new_public_id
from .document import MOST_ATTEMPTS, Document
from .history import AwardAccess, AwardEvent, SignOff
from .points import Edition, Points, RegisterNumber
from .scheme import Accreditation, Register, Scheme, Signatory

__all__ = [
    "ID_LENGTH",
    "MOST_ATTEMPTS",
    "Accreditation",
    "Award",
    "AwardAccess",
    "AwardEvent",
    "AwardQuerySet",
    "Document",
    "Edition",
    "Points",
    "Register",
    "RegisterNumber",
    "Scheme",
    "SerialCounter",
    "SignOff",
    "Signatory",
    "new_public_id",
]
