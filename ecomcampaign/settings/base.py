"""What every environment shares. The others (local, test, production) import it and say only what differs."""

from pathlib import Path
from typing import Any

import structlog
from django.conf.locale import LANG_INFO
from django.utils.csp import CSP
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from apps.core import environment as env
from apps.core.logs import JSON_LINES, LOG_PROCESSORS, as_warning, is_no_health_answer

BASE_DIR = Path(__file__).resolve().parent.parent.parent

SECRET_KEY = env.text("SECRET_KEY", "")
DEBUG = False
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
#: "https://letters.example.org": the one address that mailed links use
SITE_URL = env.text("SITE_URL", "")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
ROOT_URLCONF = "ecomcampaign.urls"
WSGI_APPLICATION = "ecomcampaign.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

#: Our apps, from the top layer down. Imports and foreign keys point down this list only.
APP_LAYERS = [
    "demo", "website", "dashboard", "api", "campaign_files", "exports", "outreach", "coalitions", "letters",
    "talkingpoints", "recipient_imports", "governments", "sources", "webhooks", "campaigns", "accounts", "postbox",
    "core",
]  # fmt: skip

INSTALLED_APPS = [
    *(f"apps.{name}" for name in APP_LAYERS),
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "apps.core.middleware.HeadMiddleware",
    "apps.core.middleware.RequestIdMiddleware",
    "apps.core.middleware.DemoHostMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.accounts.middleware.LanguageAndTimeZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "apps.core.template_engine.DjangoTemplates",
        "NAME": "django",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.core.context_processors.product",
            ],
            "builtins": [
                "apps.core.templatetags.components",
                "apps.core.templatetags.times",
                "apps.campaigns.templatetags.campaign_texts",
            ],
        },
    }
]


def database(url: str) -> dict[str, Any]:
    """Django's DATABASES entry for a libpq URL (`postgresql://user@/name?host=/socket/dir`); {} for what is none, which
    the system checks name (ecom.E050)."""
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError:  # its words could show a password
        return {}
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    entry: dict[str, Any] = {django: str(parts.pop(libpq, "")) for libpq, django in known.items()}
    return {
        "ENGINE": "apps.core.postgresql",
        **entry,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # of psycopg: plans are kept for cursors that send values beside the statement (apps.core.prepared_statements)
        "OPTIONS": {"connect_timeout": "5", "prepare_threshold": 2, **parts},
    }


DATABASES = {"default": database(env.text("DATABASE_URL", "postgresql:///ecomcampaign"))}
REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "apps.core.cache_backends.FallbackRedisCache",
        "LOCATION": REDIS_URL,
        #: a server that hangs must not hang the pages, nor /healthz
        "OPTIONS": {"socket_timeout": 5, "socket_connect_timeout": 5},
    },
    #: whole public pages (apps.core.page_cache): what does not answer at once is not worth waiting for
    "pages": {
        "BACKEND": "apps.core.cache_backends.OneClientRedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    },
}
#: a public page is made anew after so many seconds, and kept twice as long for others while that happens; 0 keeps none
PUBLIC_PAGE_SECONDS = 3
#: a form to sign that comes back sooner is set aside: nobody types so fast
SIGN_FORM_SECONDS = 3

# ---- Celery: wake-ups only --------------------------------------------------------------------
#: kombu knows unix sockets as redis+socket://, the Redis client as unix://
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {"socket_timeout": 5, "socket_connect_timeout": 5}
CELERY_TASK_DEFAULT_QUEUE = "ecomcampaign"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = "UTC"

# ---- live: sockets of people who draft together -------------------------------------------------
ASGI_APPLICATION = "ecomcampaign.asgi.application"
#: where browsers find the sockets: at /live/ of the pages' own address, or on this port of the same host
LIVE_PORT = 0
CHANNEL_LAYERS: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": "live"},
    }
}

# ---- people -----------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard:campaigns"
LOGOUT_REDIRECT_URL = "website:start"
ACCOUNT_ADAPTER = "apps.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_REQUIRED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
#: per browser's address, and per mail address, so that nobody's mailbox is flooded
ACCOUNT_RATE_LIMITS = {"request_login_code": "20/m/ip,3/m/key,20/h/key"}
#: how many proxies of ours stand in front and may be believed about a browser's address
ALLAUTH_TRUSTED_PROXY_COUNT = env.integer("TRUSTED_PROXIES", 0)
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = "strict"
#: strangers get no mail because somebody typed their address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
#: a changed second factor is told by mail
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_FORMS = {
    "request_login_code": "apps.accounts.forms.AskForCodeForm",
    "confirm_login_code": "apps.accounts.forms.MailedCodeForm",
}
MFA_FORMS = {
    "authenticate": "apps.accounts.forms.SecondFactorForm",
    "reauthenticate": "apps.accounts.forms.SecondFactorAgainForm",
    "activate_totp": "apps.accounts.forms.SetUpForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "apps.accounts.adapters.MFAAdapter"
MFA_TOTP_ISSUER = "ecomcampaign"
#: one step of 30 s to either side, for clocks that are off (RFC 6238 §5.2)
MFA_TOTP_TOLERANCE = 1
USERSESSIONS_TRACK_ACTIVITY = True
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "apps.website.views.errors.csrf_failure"

# ---- mail: everything goes through the postbox --------------------------------------------------
MAILERS = {"default": {"BACKEND": "apps.postbox.email_backend.PostboxBackend"}}
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "campaign@ecomcampaign.example")
POSTBOX: dict[str, Any] = {
    #: sink reaches only loopback; live needs POSTBOX_LIVE=1 and the epoch
    "MODE": env.text("POSTBOX_MODE", "sink"),
    "LIVE_ALLOWED": env.flag("POSTBOX_LIVE"),
    "EPOCH": env.text("POSTBOX_EPOCH", ""),
    #: dotted path of the class that hands mail over (apps.postbox.transports.base.Transport)
    "TRANSPORT": env.text("POSTBOX_TRANSPORT", "apps.postbox.transports.smtp.SmtpSession"),
    #: of transports.provider.ProviderSession: a backend of anymail ("mailgun"), whose settings are ANYMAIL's
    "PROVIDER": env.text("MAIL_PROVIDER", "").lower(),
    "PROVIDER_TIMEOUT": 60,  # for the answer to a request
    #: providers whose webhooks are taken, of those in apps.postbox.webhook_sources
    "WEBHOOKS": [name.lower() for name in env.words("MAIL_WEBHOOKS")],
    "HOST": env.text("SMTP_HOST", "127.0.0.1"),
    "PORT": env.integer("SMTP_PORT", 1025),
    "USERNAME": env.text("SMTP_USERNAME", ""),
    "PASSWORD": env.text("SMTP_PASSWORD", ""),
    #: none | starttls | tls
    "SECURITY": env.text("SMTP_SECURITY", "none").lower(),
    "HELO": env.text("SMTP_HELO", "localhost"),
    "REPLY_DOMAIN": env.text("REPLY_DOMAIN", "reply.ecomcampaign.example"),
    #: where our own listener takes answers (and, with --sink, everything)
    "LISTEN_HOST": env.text("POSTBOX_LISTEN_HOST", "127.0.0.1"),
    "LISTEN_PORT": env.integer("POSTBOX_LISTEN_PORT", 1025),
    #: a mailbox to which answers come instead of, or besides, the listener; without a host none is read
    "IMAP_HOST": env.text("IMAP_HOST", ""),
    "IMAP_PORT": env.integer("IMAP_PORT", 993),
    "IMAP_SECURITY": env.text("IMAP_SECURITY", "tls").lower(),
    "IMAP_USERNAME": env.text("IMAP_USERNAME", ""),
    "IMAP_PASSWORD": env.text("IMAP_PASSWORD", ""),
    #: separated by commas, since their names may have spaces
    "IMAP_FOLDERS": [name.strip() for name in env.text("IMAP_FOLDERS", "INBOX").split(",") if name.strip()],
    #: ClamAV's daemon, host:port or the path of its socket; without it files of mail are not scanned
    "CLAMD": env.text("CLAMD", ""),
    "CLAMD_TIMEOUT": 30,
    #: without the scanner's answer files are handed out with a note, instead of waiting
    "CLAMD_OPTIONAL": env.flag("CLAMD_OPTIONAL"),
    #: where mail is moved once it is stored; without one it is marked as read
    "IMAP_DONE_FOLDER": env.text("IMAP_DONE_FOLDER", ""),
    "IMAP_TIMEOUT": 30,  # for each answer of the server
    "IMAP_RUN": 120,  # for one folder; what is left waits for the next run
    "CONNECT_TIMEOUT": 30,
    "STEP_TIMEOUT": 300,  # RFC 5321 §4.5.3.2: MAIL, RCPT 5 min, DATA block 3 min
    "DOT_TIMEOUT": 600,  # RFC 5321 §4.5.3.2.6
    "LEASE": 15 * 60,
    #: SMTP connections that one sending process keeps at most
    "CONNECTIONS": env.integer("POSTBOX_CONNECTIONS", 4),
    #: how many processes of this machine may send at once
    "SENDERS": env.integer("POSTBOX_SENDERS", 1),
    #: the most mails an hour to one domain; 0: no limit. A mailing may set a lower one
    "DOMAIN_LIMIT": env.integer("POSTBOX_DOMAIN_LIMIT", 0),
}

#: names as anymail's documentation has them: ANYMAIL_MAILGUN_API_KEY, or ANYMAIL_MAILGUN_API_KEY_FILE. What a provider
#: cannot do (a return path of ours, tracking switched off) is not asked of it.
ANYMAIL: dict[str, Any] = {"IGNORE_UNSUPPORTED_FEATURES": True, **env.prefixed("ANYMAIL_")}

# ---- webhooks: events told to other programs ----------------------------------------------------
WEBHOOKS: dict[str, Any] = {
    #: only this machine is written to, by http too, and nothing else: for the demonstration and tests
    "LOOPBACK_ONLY": env.flag("WEBHOOKS_LOOPBACK_ONLY"),
    #: ports of receivers
    "PORTS": [443],
    "CONNECT_TIMEOUT": 5,
    "TIMEOUT": 15,  # of a whole request
    "LEASE": 120,  # longer than that, the name's resolution and three connections
    #: requests of one task at once, and of all tasks to one endpoint
    "THREADS": 16,
    "PER_ENDPOINT": 2,
}

# ---- health: seconds until /healthz says that something is wrong; 0 does not watch it --------------
HEALTH = {
    #: how often each process reports
    "HEARTBEAT": 10,
    "WORKER": env.integer("HEALTH_WORKER", 35),  # three missed heartbeats, and half of one for a slow machine
    "BEAT": env.integer("HEALTH_BEAT", 35),
    "LISTENER": env.integer("HEALTH_LISTENER", 35),
    "LIVE": env.integer("HEALTH_LIVE", 35),
    #: how long a mailbox (IMAP_HOST) may not be read
    "MAILBOX": env.integer("HEALTH_MAILBOX", 600),
    #: how long a mail may wait although it is due
    "DUE_MAIL": env.integer("HEALTH_DUE_MAIL", 600),
    #: how long an event may wait although it is due
    "DUE_WEBHOOKS": env.integer("HEALTH_DUE_WEBHOOKS", 900),
}
CELERY_BEAT_MAX_LOOP_INTERVAL = HEALTH["HEARTBEAT"]

# ---- secrets of the data ------------------------------------------------------------------------
#: "version:key" newest first, 32 bytes each in URL-safe base64; the first encrypts, all decrypt
FIELD_KEYS = env.words("FIELD_KEYS")
#: keys of the keyed hash with which addresses are looked up; newest first
LOOKUP_KEYS = env.words("LOOKUP_KEYS")

# ---- languages and time -------------------------------------------------------------------------
LANGUAGE_CODE = "en"
#: languages of the interface, each with its whole catalogue in locale/: a page that says lang="fr" over English words
#: is read out wrongly. Letters are written in any language.
LANGUAGES = [("en", "English"), ("fr", "Français"), ("es", "Español"), ("ar", "العربية")]
#: what a visitor chose, for addresses without a language
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
#: a language without a catalogue, for tests only: it shows what does not mirror yet
LANG_INFO["ar-xb"] = {"bidi": True, "code": "ar-xb", "name": "Right-to-left test", "name_local": "Right-to-left test"}
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
#: separators of numbers where Django has others than the Unicode CLDR
FORMAT_MODULE_PATH = ["ecomcampaign.formats"]
FORM_RENDERER = "apps.core.forms.FormRenderer"

# ---- files --------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = env.text("STATIC_ROOT", str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    # encrypted files of exports; several machines share the folder, or a storage of another kind with its options
    "exports": {
        "BACKEND": env.text("EXPORTS_STORAGE", "django.core.files.storage.FileSystemStorage"),
        "OPTIONS": {name.lower(): value for name, value in env.prefixed("EXPORTS_OPTION_").items()}
        or {"location": env.text("EXPORTS_ROOT", str(BASE_DIR / "media" / "exports"))},
    },
}
MEDIA_ROOT = env.text("MEDIA_ROOT", str(BASE_DIR / "media"))
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# ---- security -----------------------------------------------------------------------------------
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
DEMO = False
#: the folder of the campaign that demo mode loads
DEMO_CAMPAIGN = BASE_DIR / "data" / "mc11"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    #: what an answer looks like is asked with Accept alone: ?format= is a parameter like any other, and unknown
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "ecomcampaign: API of a campaign",
    "DESCRIPTION": (
        "What the team of a campaign reads and does on its pages, for programs with a personal token. A token has "
        "scopes, which narrow what the roles of its owner allow. Errors are problem+json (RFC 9457)."
    ),
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "PREPROCESSING_HOOKS": ["apps.api.schema.keep_campaigns"],
    #: choices stand where they belong: names of enumerations would have to be given one by one
    "POSTPROCESSING_HOOKS": [],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}
#: of the API, for each token: reading and writing
API_REQUESTS_PER_MINUTE = env.integer("API_REQUESTS_PER_MINUTE", 120)
API_WRITES_PER_MINUTE = env.integer("API_WRITES_PER_MINUTE", 60)
#: for each network
API_WRONG_TOKENS_PER_MINUTE = env.integer("API_WRONG_TOKENS_PER_MINUTE", 30)
#: forms of signers that one token may send in an hour
API_FORMS_PER_HOUR = env.integer("API_FORMS_PER_HOUR", 1000)

# ---- logs: structured, with a request id, without personal data ---------------------------------
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": JSON_LINES},
    "filters": {
        "not_health": {"()": "django.utils.log.CallbackFilter", "callback": is_no_health_answer},
        "as_warning": {"()": "django.utils.log.CallbackFilter", "callback": as_warning},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.level("LOG_LEVEL", "INFO")},
    "loggers": {
        "django.request": {"filters": ["not_health"]},
        "django.security.RequestDataTooBig": {"filters": ["as_warning"]},
        "django.security.TooManyFieldsSent": {"filters": ["as_warning"]},
        "django.security.TooManyFilesSent": {"filters": ["as_warning"]},
        "django.server": {"handlers": ["stderr"], "propagate": False},
        "celery": {"level": "WARNING"},
        "mail.log": {"level": "WARNING"},
        "channels_redis": {"level": "CRITICAL"},  # a traceback a second while the broker is away, which /healthz tells
        "imapclient": {"level": "WARNING"},  # its debug lines contain whole mails
    },
}
structlog.configure(
    processors=[*LOG_PROCESSORS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
