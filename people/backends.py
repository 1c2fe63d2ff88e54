"""Signing in, who is signed in, and where that is kept."""

import re

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends.cached_db import SessionStore as CachedSessionStore

from .models import User

# As Django makes them; anything else in the cookie was never ours.
SESSION_KEY = re.compile(r"[a-z0-9]{32}")


class PersonBackend(AuthenticationBackend):
    """allauth's backend, reading contact preferences along with the person: every page shows the contact person."""

    def get_user(self, user_id: object) -> User | None:
        user = User._default_manager.select_related("contact").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None


class SessionStore(CachedSessionStore):
    """Django's sessions (this module is the SESSION_ENGINE), which a forged cookie cannot break: NUL in a key is an
    error in PostgreSQL, and a long one in a cache server."""

    cache_key_prefix = "leerhuis.session."

    def _validate_session_key(self, key: str | None) -> bool:
        return key is not None and SESSION_KEY.fullmatch(key) is not None
