"""Back into an account without the mailbox: a coordinator hands over a code in person."""

import secrets
from datetime import datetime, timedelta

from allauth.account.internal.userkit import filter_users_by_email
from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import PermissionDenied
from django.db import transaction

from people.models import RecoveryCode, User
from people.rules import may_recover
from people.services.sessions import end_sessions

HOLDS = timedelta(minutes=30)
MOST_FAILURES = 5
# Read aloud and typed by somebody under stress: no letter or digit that looks or sounds like another.
ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
LENGTH = 10


@transaction.atomic
def issue_recovery_code(*, coordinator: User, person: User, now: datetime, learns_here: bool = False) -> str:
    """Make a code that lets `person` choose a new password within 30 minutes. It is shown once; only its hash is kept.

    An earlier code ends. `learns_here`: the caller knows that the person learns with this coordinator.
    `PermissionDenied` where the coordinator may not (`people.rules.may_recover`).
    """
    if not may_recover(coordinator, person, learns_here=learns_here):
        raise PermissionDenied
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    RecoveryCode.objects.filter(user=person).delete()
    RecoveryCode.objects.create(
        user=person,
        issued_by=coordinator,
        code_hash=make_password(code),
        created_at=now,
        expires_at=now + HOLDS,
    )
    return f"{code[:5]}-{code[5:]}"


@transaction.atomic
def recover_account(*, email: str, code: str, password: str, now: datetime) -> bool:
    """Set a new password with a code, once. All sessions of the account end.

    False for an unknown account, no code, a wrong, used or expired one, or one that five failures burnt: the answer
    and the work (one hash to compare with) are the same for all of them.
    """
    people = filter_users_by_email(email, is_active=True, prefer_verified=True, for_login=True)
    person = people[0] if len(people) == 1 else None
    kept = RecoveryCode.objects.select_for_update().filter(
        user=person, used_at__isnull=True, expires_at__gt=now, failures__lt=MOST_FAILURES
    )
    recovery = kept.first() if person is not None else None
    typed = "".join(mark for mark in code.upper() if mark.isalnum())
    if recovery is None:
        make_password(typed)
        return False
    if not check_password(typed, recovery.code_hash):
        recovery.failures += 1
        recovery.save(update_fields=["failures"])
        return False
    recovery.used_at = now
    recovery.save(update_fields=["used_at"])
    person.set_password(password)
    person.save(update_fields=["password"])
    end_sessions(user=person)
    return True
