"""As in production where it costs time; keys and mail as in the tests, so that nothing needs setting up."""

from config.settings.test import *  # noqa: F403 -- settings modules build on each other

ROOT_URLCONF = "bench.urls"
WHITENOISE_AUTOREFRESH = False
WHITENOISE_USE_FINDERS = False
DATABASES = {"default": {**DATABASES["default"], "CONN_MAX_AGE": 600}}
MEDIA_ROOT = VAR_DIR / "media"
PRIVATE_ROOT = VAR_DIR / "private"
STORAGES["private"]["OPTIONS"] = {"location": PRIVATE_ROOT}
# What goes wrong is said; the rest is not.
LOGGING = {**LOGGING, "root": {**LOGGING["root"], "level": "ERROR"}}
