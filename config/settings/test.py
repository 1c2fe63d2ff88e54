"""The tests: fixed keys, fast hashing, everything under a folder of its own."""

import tempfile
from pathlib import Path

from .base import *  # noqa: F403 -- settings modules build on each other
from .base import DATABASES, STORAGES, env

SECRET_KEY = "only-for-tests"  # noqa: S105 -- not a secret
RECORD_KEY = "only-for-tests-record"
REFLECTION_KEYS = ["only-for-tests-reflection"]
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1", ".localhost"]
CONTENT_HOST = "localhost"
SITE_URL = "http://testserver"
EXIT_URL = "https://www.knmi.nl/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

_ROOT = Path(tempfile.gettempdir()) / "leerhuis-test"
MEDIA_ROOT = _ROOT / "media"
PRIVATE_ROOT = _ROOT / "private"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STORAGES["private"] = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"location": PRIVATE_ROOT},
}
SELF_MADE_KEYS = True
SIGNING_KEY_FILE = str(_ROOT / "keys" / "signing_key.p12")
SIGNING_KEY_PASSPHRASE = "only-for-tests-signing"  # noqa: S105 -- not a secret
BADGE_KEY_FILE = str(_ROOT / "keys" / "badge_key.pem")
BADGE_KEY_PASSPHRASE = "only-for-tests-badge"  # noqa: S105 -- not a secret
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, so that --reuse-db works and several threads see the same database.
    DATABASES["default"]["TEST"] = {"NAME": str(env.path("TEST_SQLITE", default=_ROOT / "test.sqlite3"))}
    Path(DATABASES["default"]["TEST"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
