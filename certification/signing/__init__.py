"""The organisation's signature under its documents (PAdES), and the keys it is made with."""

from certification.signing.keys import BadgeKey, KeyProblem, SigningKey, badge_key, signing_key

__all__ = ["BadgeKey", "KeyProblem", "SigningKey", "badge_key", "signing_key"]
