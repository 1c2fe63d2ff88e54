"""Badges: what was certified, as an Open Badges 3.0 credential that any wallet can keep and any verifier can check.

The library behind it takes 6 MB with what it needs. It is imported where it is used: web processes live without it.
"""

from certification.badges.credential import Badge, build_credential, sign_credential
from certification.badges.identity import did_document, did_of_the_site, method_of, multikey_of
from certification.badges.pictures import baked_png, baked_svg
from certification.badges.status import status_list, status_list_jwt

__all__ = [
    "Badge",
    "baked_png",
    "baked_svg",
    "build_credential",
    "did_document",
    "did_of_the_site",
    "method_of",
    "multikey_of",
    "sign_credential",
    "status_list",
    "status_list_jwt",
]
