"""On the internet. Everything secret comes from the environment; what is missing is said by name at start."""

from .base import *  # noqa: F403 -- settings modules build on each other
from .base import CONTENT_HOST, CONTENT_SECURITY_POLICY, env

SECRET_KEY = env.str("SECRET_KEY")
RECORD_KEY = env.str("RECORD_KEY")
REFLECTION_KEYS = env.list("REFLECTION_KEYS")
# The keys themselves: SIGNING_KEY(_FILE) and BADGE_KEY(_FILE); `check --deploy` opens them.
SIGNING_KEY_PASSPHRASE = env.str("SIGNING_KEY_PASSPHRASE")
BADGE_KEY_PASSPHRASE = env.str("BADGE_KEY_PASSPHRASE")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
if CONTENT_HOST:
    ALLOWED_HOSTS.append(f".{CONTENT_HOST.partition(':')[0]}")
SITE_URL = env.str("SITE_URL")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
CONTENT_SECURITY_POLICY["DIRECTIVES"]["upgrade-insecure-requests"] = True

_mail = env.dj_email_url("EMAIL_URL")
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST = _mail["EMAIL_HOST"]
EMAIL_PORT = _mail["EMAIL_PORT"]
EMAIL_HOST_USER = _mail["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
