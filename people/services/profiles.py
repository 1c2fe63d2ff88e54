"""What people say about themselves, and how they may be reached."""

import unicodedata
from datetime import time

from django.db import transaction

from people.models import ContactPreference, User

# Cc control (NUL and line ends with it), Cf format (bidi overrides, zero width), Cs surrogates, Co private use,
# Zl and Zp line and paragraph separators: none belongs in a name, and each has been used to make one look like another.
_NOT_IN_A_LINE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
# Joiners are format characters that some scripts need between letters.
_JOINERS = {"\u200c", "\u200d"}


def clean_line(value: str) -> str:
    """One line of text without what does not show: control and bidi characters, NUL, lone surrogates; NFC; trimmed."""
    kept = (
        " " if unicodedata.category(mark) in {"Zl", "Zp"} or mark in "\t\n\r\v\f" else mark
        for mark in value
        if mark in _JOINERS
        or unicodedata.category(mark) not in _NOT_IN_A_LINE
        or mark in "\t\n\r\v\f\u2028\u2029"
    )
    line = " ".join(unicodedata.normalize("NFC", "".join(kept)).split())
    # Joiners alone would be a name that nobody sees.
    return line if any(mark not in _JOINERS and not mark.isspace() for mark in line) else ""


@transaction.atomic
def save_profile(
    *, user: User, alias: str | None = None, legal_name: str | None = None, mailbox_unsafe: bool | None = None
) -> User:
    """Change what is given and leave the rest. An empty alias is refused (`ValueError`): the group calls them by it."""
    changed = []
    if alias is not None:
        user.alias = clean_line(alias)[:40]
        if not user.alias:
            raise ValueError("an alias is needed")
        changed.append("alias")
    if legal_name is not None:
        user.legal_name = clean_line(legal_name)[:120]
        changed.append("legal_name")
    if mailbox_unsafe is not None:
        user.mailbox_unsafe = mailbox_unsafe
        changed.append("mailbox_unsafe")
    if changed:
        user.save(update_fields=changed)
    return user


@transaction.atomic
def save_contact(
    *,
    user: User,
    channel: str,
    safe_from: time | None,
    safe_until: time | None,
    only_needed: bool = False,
    person_name: str = "",
    person_phone: str = "",
) -> ContactPreference:
    """Write somebody's contact preferences. `ValueError` for half a window of safe hours."""
    if (safe_from is None) != (safe_until is None):
        raise ValueError("safe hours have a beginning and an end")
    contact, _created = ContactPreference.objects.update_or_create(
        user=user,
        defaults={
            "channel": ContactPreference.Channel(channel),
            "only_needed": only_needed,
            "safe_from": safe_from,
            "safe_until": safe_until,
            "person_name": clean_line(person_name)[:80],
            "person_phone": clean_line(person_phone)[:30],
        },
    )
    return contact
