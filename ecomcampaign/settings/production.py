"""Production: nothing here has an insecure default; what is missing is a system-check error with its hint."""

from .base import *
from .base import env

#: what has a default for one machine, and must be named here
NOT_GIVEN = [name for name in ("DATABASE_URL", "REDIS_URL") if not env.text(name, "")]
#: the proxy before us redirects to HTTPS and sends Strict-Transport-Security itself
PROXY_FORCES_HTTPS = env.flag("PROXY_FORCES_HTTPS")
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^healthz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY") else None
SECURE_HSTS_SECONDS = env.integer("SECURE_HSTS_SECONDS", 31536000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
SESSION_COOKIE_PATH = "/"
