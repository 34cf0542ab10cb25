"""One settings file, driven by the environment. A bad value stops the start with a sentence naming the variable."""

from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from aims import logs

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def _required(name: str, what: str) -> str:
    value: str = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"Set {name}: {what}. `make run` and `make test` set it for you.")
    return value


# What this installation keeps beside its database: files of evidence, gathered static files, keys.
VAR = Path(env.str("AIMS_VAR", default=str(BASE_DIR / "var")))
FILES = Path(env.str("AIMS_FILES", default=str(VAR / "files")))
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = _required("SECRET_KEY", "a random text of at least 50 characters")
if len(SECRET_KEY) < 50 or "example" in SECRET_KEY.lower():
    raise ImproperlyConfigured("SECRET_KEY is an example or shorter than 50 characters. Set it to a random text.")

# What this installation is: "real", "demo" or "test". Written into the database by the first migration, never changed.
INSTALLATION_KIND = env.str("AIMS_KIND", default="real")
if INSTALLATION_KIND not in {"real", "demo", "test"}:
    raise ImproperlyConfigured(f"AIMS_KIND is {INSTALLATION_KIND!r}; it must be real, demo or test.")
# Distinguishes cookies of two checkouts on one host.
INSTALLATION_ID = env.str("AIMS_ID", default="aims")
PUBLIC_URL = env.str("AIMS_URL", default="http://localhost:8000").rstrip("/")

# The identity provider of OpenID Connect, if any: its issuer's address.
OIDC_URL = env.str("OIDC_URL", default="").rstrip("/")
OIDC_ORIGINS = ["{0.scheme}://{0.netloc}".format(urlsplit(OIDC_URL))] if OIDC_URL else []
if OIDC_URL and not OIDC_URL.startswith("https://") and urlsplit(OIDC_URL).hostname not in {"localhost", "127.0.0.1"}:
    raise ImproperlyConfigured("OIDC_URL must begin with https://.")

# Whom it calls employees, as CLAIM:VALUE ("groups:staff"), or * for everybody whose address it verified; else nobody.
# They get an account with the role Employee, which follows what is said at each sign-in.
OIDC_EMPLOYEES = env.str("OIDC_EMPLOYEES", default="").strip()
if OIDC_EMPLOYEES and OIDC_EMPLOYEES != "*" and not all(OIDC_EMPLOYEES.partition(":")):
    raise ImproperlyConfigured("OIDC_EMPLOYEES must be CLAIM:VALUE, or *.")

# Whether concerns may be raised without signing in (A.3.3), and how often from one address.
ANONYMOUS_CONCERNS = env.bool("ANONYMOUS_CONCERNS", default=True)

# The public name, and the machine itself for health checks.
_HOSTS = [str(urlsplit(PUBLIC_URL).hostname), "localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=_HOSTS)
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SECURE = PUBLIC_URL.startswith("https://")
# How many proxies of ours stand before us; only then their word about address and HTTPS is believed.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None

# Our apps in import order: right may import left (docs/architecture.md).
AIMS_APPS = ["organization", "evidence", "inventory", "controls", "impact", "risk", "monitoring", "audits"]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "pgtrigger",
    "pghistory",
    "guardian",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "csp",
    "aims",
    *AIMS_APPS,
]

MIDDLEWARE = [
    "aims.middleware.request_id",
    "aims.middleware.body_limit",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "organization.middleware.person",
    "aims.guests.guests",
    "aims.middleware.readings",
    "aims.middleware.no_store",
]

ROOT_URLCONF = "aims.urls"
WSGI_APPLICATION = "aims.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "aims.context.shell",
            ],
            "builtins": ["aims.templatetags.kit"],
        },
    }
]
FORM_RENDERER = "aims.forms.Renderer"


def _database(name: str, url: str) -> dict[str, Any]:
    found: dict[str, Any] = env.db_url_config(url)
    if found.get("ENGINE") != "django.db.backends.postgresql":
        raise ImproperlyConfigured(f"{name} must be a postgres:// address; AIMS runs on PostgreSQL only.")
    return found


_DATABASE_URL = _required("DATABASE_URL", "the PostgreSQL address, postgres://user:password@host/name")
DATABASES = {"default": _database("DATABASE_URL", _DATABASE_URL)}
# Two roles: the one that runs owns nothing and cannot change the trail, the other migrates.
DATABASE_APP = dict(DATABASES["default"])
DATABASE_OWNER = _database("DATABASE_OWNER_URL", env.str("DATABASE_OWNER_URL", default="") or _DATABASE_URL)
DATABASES["default"].update(
    CONN_MAX_AGE=env.int("CONN_MAX_AGE", default=60),
    CONN_HEALTH_CHECKS=True,
    TEST={"NAME": env.str("AIMS_TEST_DB", default="test_aims")},
)
# E-mail is unique by Lower(email); guardian's models hold grants, `organization` alone resolves them.
SILENCED_SYSTEM_CHECKS = ["auth.W004", "guardian.W001"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = _required("REDIS_URL", "the Redis or Valkey address, redis://host:port/0 or unix://path")
if not REDIS_URL.startswith(("redis://", "rediss://", "unix://")):
    raise ImproperlyConfigured("REDIS_URL must begin with redis://, rediss:// or unix://.")
CACHES = {
    "default": {
        "BACKEND": "aims.cache.Cache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": INSTALLATION_ID,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = f"{'__Host-' if SECURE else ''}{INSTALLATION_ID}-session"
CSRF_COOKIE_NAME = f"{'__Host-' if SECURE else ''}{INSTALLATION_ID}-csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = env.int("SESSION_SECONDS", default=12 * 3600)
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        # A sign-in with OpenID Connect is a form that ends at the identity provider.
        "form-action": ["'self'", *OIDC_ORIGINS],
        "frame-ancestors": ["'none'"],
    }
}

AUTH_USER_MODEL = "organization.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
_RULES = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_RULES}.MinimumLengthValidator", "OPTIONS": {"min_length": env.int("PASSWORD_LENGTH", default=15)}},
    {"NAME": f"{_RULES}.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("email", "name")}},
    {"NAME": f"{_RULES}.CommonPasswordValidator"},
    {"NAME": f"{_RULES}.NumericPasswordValidator"},
    {"NAME": "organization.passwords.ContextWords"},
]
PASSWORD_RESET_TIMEOUT = env.int("LINK_SECONDS", default=3 * 24 * 3600)

# Sign-in: by e-mail alone; accounts are made by AIMS managers, nobody signs up.
ACCOUNT_RATE_LIMITS = {"raise_concern": "10/h/ip", "concern_code": "20/5m/ip"}
ACCOUNT_ADAPTER = "organization.adapters.account.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[AIMS] "
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = env.int("CONFIRM_SECONDS", default=15 * 60)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
USERSESSIONS_ADAPTER = "organization.adapters.sessions.SessionsAdapter"
USERSESSIONS_TRACK_ACTIVITY = False
MFA_ADAPTER = "organization.adapters.mfa.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "organization.adapters.mfa.AuthenticateForm",
    "add_webauthn": "organization.adapters.mfa.AddPasskeyForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "AIMS"

# OpenID Connect: one identity provider, told apart by its issuer; only an e-mail it verified finds a person.
SOCIALACCOUNT_ADAPTER = "organization.adapters.identity.IdentityAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_QUERY_EMAIL = True
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "provider_class": "organization.adapters.identity.IdentityProvider",
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": env.str("OIDC_ID", default="sso"),
                "name": env.str("OIDC_NAME", default="OpenID Connect"),
                "client_id": _required("OIDC_CLIENT", "the client id that the identity provider at OIDC_URL knows"),
                "secret": env.str("OIDC_SECRET", default=""),
                "settings": {"server_url": OIDC_URL},
            }
        ]
        if OIDC_URL
        else [],
    }
}

ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False

PGHISTORY_CREATED_AT_FUNCTION = "aims_now()"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "organization.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["aims.api.render.Json"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "aims.api.schema.Schema",
    "EXCEPTION_HANDLER": "aims.api.problems.handle",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "AIMS",
    "DESCRIPTION": "AI management system to ISO/IEC 42001: registers, evidence and the trail.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {},
}

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True  # results stand in the Job table
CELERY_TASK_DEFAULT_QUEUE = INSTALLATION_ID
# A task is done when it has ended: a killed worker's work is taken up by another, within seconds.
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": env.int("VISIBILITY_SECONDS", default=120),
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    # Whoever asks for work finds out at once that the broker is away.
    "max_retries": 1,
    "interval_start": 0,
    "interval_max": 0.1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = env.int("WORKER_MEMORY_KB", default=600_000)
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TIMEZONE = "UTC"


def _each(seconds: int, task: str) -> dict[str, Any]:
    """A task so often; what nobody took up until the next time is dropped."""
    return {"task": task, "schedule": float(seconds), "options": {"expires": seconds}}


# Static: what is due when is data, this only says how often to look.
CELERY_BEAT_SCHEDULE = {
    "reap_jobs": _each(env.int("REAP_SECONDS", default=30), "aims.reap_jobs"),
    "post_messages": _each(env.int("REAP_SECONDS", default=30), "aims.post_messages"),
    "seal": _each(60, "aims.seal"),
    "open_reviews": _each(env.int("DUE_SECONDS", default=3600), "aims.open_reviews"),
    "send_letters": _each(900, "aims.send_letters"),
    "fold_counts": _each(300, "aims.fold_counts"),
    "end_missed_reviews": _each(300, "inventory.end_missed_reviews"),
    "settle_flagged": _each(3600, "inventory.settle_flagged"),
    "lapse_acceptances": _each(3600, "risk.lapse_acceptances"),
    "scrub": {"task": "evidence.scrub", "schedule": crontab(hour="2", minute="20")},
    "keep_readers": {"task": "evidence.keep_readers", "schedule": crontab(hour="5", minute="10")},
    "dispose": {"task": "aims.dispose", "schedule": crontab(hour="3", minute="40")},
    "check_counts": {"task": "aims.check_counts", "schedule": crontab(hour="3", minute="10")},
    "tidy": {"task": "aims.tidy", "schedule": crontab(hour="3", minute="20")},
}
# A task that runs longer is told to stop, and a minute later its process is ended; its job says so.
CELERY_TASK_SOFT_TIME_LIMIT = env.int("JOB_SECONDS", default=2100)
CELERY_TASK_TIME_LIMIT = CELERY_TASK_SOFT_TIME_LIMIT + 60
# No process of a worker may ask for more memory; a job that does fails, its neighbours go on.
WORKER_ADDRESS_MB = env.int("WORKER_ADDRESS_MB", default=4096)

# The Ed25519 key that signs seals and permits: PEM text, or a file that is made on first start.
SEAL_KEY = env.str("SEAL_KEY", default="", multiline=True)
SEAL_KEY_FILE = env.str("SEAL_KEY_FILE", default=str(VAR / "keys" / "seal.pem"))
# Every new seal is posted here as JSON, so that a copy lies elsewhere. Empty: nowhere.
SEAL_WEBHOOK_URL = env.str("SEAL_WEBHOOK_URL", default="")

# Webhooks: seconds to wait after each failure (three days in all), then the endpoint is switched off; how long one
# answer may take; whether addresses of this machine and of private networks may be called, also without TLS.
WEBHOOK_PAUSES = env.list("WEBHOOK_PAUSES", cast=int, default=[5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400])
WEBHOOK_SECONDS = env.float("WEBHOOK_SECONDS", default=10.0)
WEBHOOK_PRIVATE = env.bool("WEBHOOK_PRIVATE", default=False)

# Sign-ins, reads by watched roles and downloads are kept so long; then they go, their sealed digests stay.
LOGS_KEPT_MONTHS = env.int("LOGS_KEPT_MONTHS", default=13)
if LOGS_KEPT_MONTHS < 3:
    raise ImproperlyConfigured("LOGS_KEPT_MONTHS must be 3 or more: who looks into an incident needs them.")

# A running job that says nothing for so long is taken up by another worker.
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", default=120)
JOB_ATTEMPTS = env.int("JOB_ATTEMPTS", default=3)
# After a passing failure a job waits about so long, then twice as long, and so on.
JOB_BACKOFF_SECONDS = env.int("JOB_BACKOFF_SECONDS", default=30)

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(FILES)}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Files: bytes of one upload, and of all that an archive unpacks to (judged by its directory, never unpacked).
UPLOAD_MOST = env.int("UPLOAD_MOST", default=100_000_000)
UPLOAD_UNPACKED_MOST = env.int("UPLOAD_UNPACKED_MOST", default=500_000_000)
# Uploads go to disk as they come; no file is ever held in memory.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "aims.formats"
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
# Days on which nobody works, beside weekends: HOLIDAYS=2026-12-25,2026-12-26
HOLIDAYS = [date.fromisoformat(day) for day in env.list("HOLIDAYS", default=[])]

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="aims@localhost")

LOGGING = logs.configuration(env.str("LOG_LEVEL", default="INFO"))
