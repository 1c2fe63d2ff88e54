"""Sessions: which there are, and ending them."""

from datetime import datetime
from importlib import import_module

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction

from people.models import SignIn, User
from people.queries import browser_in_words


def note_sign_in(*, user: User, user_agent: str, now: datetime) -> SignIn:
    """Remember that somebody signed in, so that they can see it was not them. The browser in two words, no address."""
    return SignIn.objects.create(user=user, at=now, browser=browser_in_words(user_agent))


def end_session(*, session_key: str) -> None:
    """End one session wherever it is kept: in the store, its cache, and the list of who is signed in where."""
    _store().delete(session_key)
    UserSession.objects.filter(session_key=session_key).delete()


@transaction.atomic
def end_sessions(*, user: User, keep: str | None = None) -> int:
    """End all sessions of somebody but the one with the key `keep`. How many."""
    ended = list(UserSession.objects.filter(user=user).exclude(session_key=keep or ""))
    for session in ended:
        end_session(session_key=session.session_key)
    return len(ended)


def _store() -> object:
    return import_module(settings.SESSION_ENGINE).SessionStore()
