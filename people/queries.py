"""Shared reads about people and their messages."""

import re
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django_tasks_db.models import DBTaskResult

from people.models import ContactPreference, OutboxMessage, SignIn, User

# A task that a worker took this long ago and did not finish is taken for dead.
TASK_PATIENCE = timedelta(minutes=15)


def contact_of(user: User) -> ContactPreference:
    """Somebody's contact preferences; unsaved defaults (mail, any hour) where nothing was ever chosen."""
    try:
        return user.contact
    except ContactPreference.DoesNotExist:
        return ContactPreference(user=user)


def overdue_messages(now: datetime) -> QuerySet[OutboxMessage]:
    """Messages that should have left: due and waiting, or held by a worker whose lease ran out. Oldest first."""
    state = OutboxMessage.State
    return OutboxMessage.objects.filter(
        Q(state=state.WAITING, due_at__lte=now) | Q(state=state.SENDING, lease_until__lte=now)
    ).order_by("due_at")


def told_causes(causes: list[str]) -> set[str]:
    """Of these causes, those for which a message was written down already."""
    return set(OutboxMessage.objects.filter(cause__in=causes).values_list("cause", flat=True))


def live_task_ids(task_ids: list[UUID], now: datetime) -> set[UUID]:
    """Of these rows of the worker's queue, those that will still run or are running."""
    from_queue = DBTaskResult.objects.filter(pk__in=task_ids)
    live = from_queue.filter(Q(status="READY") | Q(status="RUNNING", started_at__gt=now - TASK_PATIENCE))
    return set(live.values_list("pk", flat=True))


_BROWSERS = (
    (re.compile(r"Edg(e|A|iOS)?/"), "Edge"),
    (re.compile(r"OPR/|Opera"), "Opera"),
    (re.compile(r"SamsungBrowser/"), "Samsung Internet"),
    (re.compile(r"Firefox/|FxiOS/"), "Firefox"),
    (re.compile(r"Chrome/|CriOS/|Chromium/"), "Chrome"),
    (re.compile(r"Safari/"), "Safari"),
)
_DEVICES = (
    (re.compile(r"iPhone"), "iPhone"),
    (re.compile(r"iPad"), "iPad"),
    (re.compile(r"Android"), "Android"),
    (re.compile(r"Windows"), "Windows"),
    (re.compile(r"Mac OS X|Macintosh"), "Mac"),
    (re.compile(r"Linux|CrOS"), "Linux"),
)


def browser_in_words(user_agent: str) -> str:
    """The like of "Firefox (Android)" from what a browser says about itself; empty where it says nothing known."""
    browser = next((name for pattern, name in _BROWSERS if pattern.search(user_agent)), "")
    device = next((name for pattern, name in _DEVICES if pattern.search(user_agent)), "")
    return f"{browser} ({device})" if browser and device else browser or device


def recent_sign_ins(user: User, *, most: int = 5) -> list[SignIn]:
    """When and with which browser somebody signed in lately (`at`, `browser`), newest first. One query."""
    return list(SignIn.objects.filter(user=user).order_by("-at")[:most])
