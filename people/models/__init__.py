"""Floor 1: accounts, organisations, contact preferences and the outbox."""

from .contact import ContactPreference
from .organisation import Membership, Organisation, Role
from .outbox import OutboxMessage
from .recovery import RecoveryCode
from .signin import SignIn
from .user import User
from .work import Lease

__all__ = [
    "ContactPreference",
    "Lease",
    "Membership",
    "Organisation",
    "OutboxMessage",
    "RecoveryCode",
    "Role",
    "SignIn",
    "User",
]
