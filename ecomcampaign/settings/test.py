"""The tests: real PostgreSQL, Valkey and SMTP, fixed keys, strict about what production only warns of."""

from .base import *
from .base import (
    CACHES,
    CELERY_BROKER_TRANSPORT_OPTIONS,
    CHANNEL_LAYERS,
    HEALTH,
    LANGUAGES,
    LOGGING,
    MAILERS,
    POSTBOX,
    WEBHOOKS,
    env,
)

SECRET_KEY = "tests-only-not-a-secret-" + "x" * 40
FIELD_KEYS = ["2:dGVzdHMtb25seS10d28tdGVzdHMtb25seS10d28tdGU=", "1:dGVzdHMtb25seS1vbmUtdGVzdHMtb25seS1vbmUtdGU="]
LOOKUP_KEYS = ["1:dGVzdHMtb25seS1sb29rdXAtdGVzdHMtb25seS1sb28="]
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SITE_URL = env.text("SITE_URL", "http://testserver")
BIND_HOST = "127.0.0.1"
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "exports": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
LANGUAGES = [*LANGUAGES, ("ar-xb", "Right-to-left test")]
for _cache in CACHES.values():
    _cache["KEY_PREFIX"] = env.text("TEST_RUN", "test")
#: a test asks for a page again as soon as it has changed something, without a commit
PUBLIC_PAGE_SECONDS = 0
SIGN_FORM_SECONDS = 0  # tests type faster than people
#: workers of pytest-xdist share a broker and must not wake each other's processes
CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = f"{env.text('PYTEST_XDIST_WORKER', 'alone')}:"
#: the same of processes that serve sockets; two with different names never hear each other
CHANNEL_LAYERS["default"]["CONFIG"]["prefix"] = env.text("LIVE_PREFIX", f"live-{env.text('PYTEST_XDIST_WORKER', '')}")
LOGGING["root"]["level"] = "ERROR"
#: seconds; a test that waits for a timeout sets its own
_timeout = env.integer("POSTBOX_TIMEOUT", 20)
POSTBOX = {
    **POSTBOX,
    "CONNECT_TIMEOUT": _timeout,
    "STEP_TIMEOUT": _timeout,
    "DOT_TIMEOUT": _timeout,
    "LEASE": env.integer("POSTBOX_LEASE", 60),
    "CONNECTIONS": env.integer("POSTBOX_CONNECTIONS", 1),
}
POSTBOX["WEBHOOKS"] = ["postmark"]
ANYMAIL = {"IGNORE_UNSUPPORTED_FEATURES": True, "WEBHOOK_SECRET": "postmark:tests-only-not-a-secret"}
WEBHOOKS = {**WEBHOOKS, "LOOPBACK_ONLY": True, "TIMEOUT": env.integer("WEBHOOKS_TIMEOUT", _timeout), "LEASE": 60}
HEALTH = {**HEALTH, "HEARTBEAT": 1}
CELERY_BEAT_MAX_LOOP_INTERVAL = 1
#: pytest-django swaps in locmem mailers; tests of mail read the postbox instead (see tests/conftest.py)
REAL_MAILERS = MAILERS
