"""One's own machine, and `make run`: no secrets to set, mail to a file, errors in words."""

from django.core.management.utils import get_random_secret_key

from .base import *  # noqa: F403 -- settings modules build on each other
from .base import CONTENT_SECURITY_POLICY, STORAGES, VAR_DIR, env

DEBUG = env.bool("DEBUG", default=False)
# Browsers find every name below localhost on this machine.
CONTENT_HOST = env.str("CONTENT_HOST", default="localhost")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
ALLOWED_HOSTS.append(f".{CONTENT_HOST.partition(':')[0]}")


def kept_secret(name: str) -> str:
    """A secret of this machine: made once, kept under var/, never in the repository."""
    path = VAR_DIR / "secrets" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_text(get_random_secret_key())
        path.chmod(0o600)
    return path.read_text()


SECRET_KEY = env.str("SECRET_KEY", default="") or kept_secret("secret_key")
RECORD_KEY = env.str("RECORD_KEY", default="") or kept_secret("record_key")
REFLECTION_KEYS = env.list("REFLECTION_KEYS", default=[]) or [kept_secret("reflection_key")]

# Documents and badges carry a real signature here too, under a name that nobody vouches for.
SELF_MADE_KEYS = True
SIGNING_KEY_FILE = env.str("SIGNING_KEY_FILE", default="") or str(VAR_DIR / "secrets" / "signing_key.p12")
SIGNING_KEY_PASSPHRASE = env.str("SIGNING_KEY_PASSPHRASE", default="") or kept_secret("signing_passphrase")
BADGE_KEY_FILE = env.str("BADGE_KEY_FILE", default="") or str(VAR_DIR / "secrets" / "badge_key.pem")
BADGE_KEY_PASSPHRASE = env.str("BADGE_KEY_PASSPHRASE", default="") or kept_secret("badge_passphrase")

EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = VAR_DIR / "mail"
CONTENT_SECURITY_POLICY["DIRECTIVES"].pop("upgrade-insecure-requests", None)
DEMO_PASSWORD = env.str("DEMO_PASSWORD", default="rustig-leren-2026")

# Assets straight from where they lie: no collecting at every start.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
