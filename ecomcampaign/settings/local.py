"""`make run`: one machine, its own services, demo mode. Never reachable from elsewhere."""

from .base import *
from .base import BASE_DIR, CSP, LOGGING, POSTBOX, SECURE_CSP, WEBHOOKS, env

DEBUG = False
DEMO = env.flag("DEMO", default=True)
SECRET_KEY = env.text("SECRET_KEY", "local-only-not-a-secret-" + "x" * 40)
FIELD_KEYS = env.words("FIELD_KEYS", "1:" + "bG9jYWwtb25seS1sb2NhbC1vbmx5LWxvY2FsLW9ubHk=")
LOOKUP_KEYS = env.words("LOOKUP_KEYS", "1:" + "bG9jYWwtb25seS1sb29rdXAtbG9jYWwtb25seS1sb28=")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
SITE_URL = env.text("SITE_URL", f"http://localhost:{env.text('PORT', '8000')}")
#: no proxy stands in front: browsers reach the sockets' process on a port of its own
LIVE_PORT = env.integer("LIVE_PORT", 8001)
SECURE_CSP = {
    **SECURE_CSP,
    # no policy can name an address of IPv6: there the editor goes on by plain requests
    "connect-src": [CSP.SELF, *(f"ws://{host}:{LIVE_PORT}" for host in ALLOWED_HOSTS if "[" not in host)],
}
#: the keys above are published: ecom.E013 refuses to start where others could reach us
FOR_THIS_MACHINE_ONLY = True
#: the address the server is bound to; nothing but loopback is taken
BIND_HOST = env.text("BIND_HOST", "127.0.0.1")
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "exports": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": env.text("EXPORTS_ROOT", str(BASE_DIR / ".run" / "exports"))},
    },
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
MEDIA_ROOT = env.text("MEDIA_ROOT", str(BASE_DIR / ".run" / "media"))
LOGGING["root"]["level"] = env.level("LOG_LEVEL", "WARNING")
#: every mail ends in the local inbox, unless another transport is named
POSTBOX = {**POSTBOX, "TRANSPORT": env.text("POSTBOX_TRANSPORT", "apps.postbox.transports.smtp.LocalInbox")}
#: events go to programs on this machine only, as mail does
WEBHOOKS = {**WEBHOOKS, "LOOPBACK_ONLY": True}
