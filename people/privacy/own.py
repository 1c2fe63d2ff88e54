"""What this floor keeps. Children first: the account itself goes last."""

from .registry import Holding, Personal, declare, declare_impersonal

ACCOUNT = "the account + 2 years without use"

declare(
    Holding(
        model="people.ContactPreference",
        person="user",
        fields={
            "user": Personal("whose preferences", ACCOUNT, "deleted"),
            "channel": Personal("how somebody may be reached", ACCOUNT, "deleted"),
            "only_needed": Personal("which messages somebody wants", ACCOUNT, "deleted"),
            "safe_from": Personal("when somebody may be reached", ACCOUNT, "deleted"),
            "safe_until": Personal("when somebody may be reached", ACCOUNT, "deleted"),
            "person_name": Personal("whom somebody calls when in need", ACCOUNT, "deleted"),
            "person_phone": Personal("whom somebody calls when in need", ACCOUNT, "deleted"),
        },
    ),
    Holding(
        model="people.OutboxMessage",
        person="recipient",
        fields={
            "recipient": Personal("to whom a message goes", "90 days", "deleted"),
            "address": Personal(
                "where a message goes that is not their mailbox", "until it has left", "deleted"
            ),
            "subject": Personal("what a message says", "90 days", "deleted"),
            "text": Personal("what a message says", "until it has left", "deleted", export=False),
            "html": Personal("what a message says", "until it has left", "deleted", export=False),
            "cause": Personal("that a message leaves once", "90 days", "deleted", export=False),
            "last_error": Personal("why a message did not leave", "90 days", "deleted"),
        },
        plain={
            "id",
            "kind",
            "urgent",
            "joinable",
            "optional",
            "state",
            "attempts",
            "due_at",
            "useless_from",
            "task_id",
            "lease_until",
            "created_at",
            "sent_at",
        },
    ),
    Holding(
        model="people.RecoveryCode",
        person="user",
        fields={
            "user": Personal("whose way back it is", "30 minutes, then until the clock clears it", "deleted"),
            "code_hash": Personal("to check the code", "as the row", "deleted", export=False),
        },
        plain={"id", "created_at", "expires_at", "used_at", "failures"},
    ),
    Holding(
        model="people.RecoveryCode",
        person="issued_by",
        fields={"issued_by": Personal("who answers for it", "as the row", "cleared")},
    ),
    Holding(
        model="people.SignIn",
        person="user",
        fields={
            "user": Personal("who signed in", "30 days", "deleted"),
            "at": Personal("that they can see it was not them", "30 days", "deleted"),
            "browser": Personal("that they can see it was not them", "30 days", "deleted"),
        },
        plain={"id"},
    ),
    Holding(
        model="people.Membership",
        person="user",
        fields={
            "user": Personal("who has a role", ACCOUNT, "deleted"),
            "organisation": Personal("where they have it", ACCOUNT, "deleted"),
            "role": Personal("what they may do", ACCOUNT, "deleted"),
            "region": Personal("where they may do it", ACCOUNT, "deleted"),
            "granted_at": Personal("since when", ACCOUNT, "deleted"),
        },
        plain={"id"},
    ),
    Holding(
        model="people.User",
        person="pk",
        fields={
            "id": Personal("one key for all that is theirs", ACCOUNT, "deleted"),
            "email": Personal("signing in and messages", ACCOUNT, "deleted"),
            "alias": Personal("what others call them", ACCOUNT, "deleted"),
            "legal_name": Personal("the certificate, and their trainer", ACCOUNT, "deleted"),
            "mailbox_unsafe": Personal("to send nothing where others read it", ACCOUNT, "deleted"),
            "password": Personal("signing in", ACCOUNT, "deleted", export=False),
            "last_login": Personal(
                "to find accounts that nobody uses, and who of a group was quiet for long", ACCOUNT, "deleted"
            ),
            "date_joined": Personal("since when", ACCOUNT, "deleted"),
            "groups": Personal("what they may do", ACCOUNT, "deleted"),
            "user_permissions": Personal("what they may do", ACCOUNT, "deleted"),
        },
        plain={"is_staff", "is_active", "is_superuser"},
    ),
)

declare_impersonal("people.Organisation", reason="a legal person")
declare_impersonal("people.Lease", reason="names processes")
