"""What is kept for a while and then goes."""

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from people.models import OutboxMessage, RecoveryCode, SignIn

SIGN_INS = timedelta(days=30)
MESSAGES = timedelta(days=90)
TASKS = timedelta(days=30)


@transaction.atomic
def clear_expired(*, now: datetime) -> int:
    """Delete what is past its term: sign-ins, old messages, recovery codes, ended sessions, finished tasks. How many."""
    state = OutboxMessage.State
    live = Session.objects.filter(expire_date__gt=now)
    gone = [
        SignIn.objects.filter(at__lt=now - SIGN_INS),
        OutboxMessage.objects.filter(created_at__lt=now - MESSAGES).exclude(
            state__in=[state.WAITING, state.SENDING]
        ),
        RecoveryCode.objects.filter(expires_at__lt=now),
        UserSession.objects.exclude(session_key__in=live.values("session_key")),
        Session.objects.filter(expire_date__lte=now),
        DBTaskResult.objects.finished().filter(finished_at__lt=now - TASKS),
    ]
    return sum(rows.delete()[0] for rows in gone)
