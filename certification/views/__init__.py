"""Pages about what was certified: for strangers, for the holder, and for software that checks."""

from .issuer import did, status_list, status_list_jwt
from .own import award_badge, award_document, award_state, name_visibility, share, withdraw
from .proof import proof, shared_proof, verify

__all__ = [
    "award_badge",
    "award_document",
    "award_state",
    "did",
    "name_visibility",
    "proof",
    "share",
    "shared_proof",
    "status_list",
    "status_list_jwt",
    "verify",
    "withdraw",
]
