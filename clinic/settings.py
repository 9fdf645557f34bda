"""How this installation runs: one file, driven by the environment.

Every variable is read once, here, with a strict parser; a wrong value stops the start with a
sentence that says how to mend it. docs/settings.md lists them.
"""

import os
import sys
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from clinic.ping import may_be_pinged

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
# The demo reads no .env: a mail server meant for a real clinic must not carry its letters.
if (BASE_DIR / ".env").is_file() and not os.environ.get("DEMO"):
    env.read_env(BASE_DIR / ".env")


def stop(sentence: str) -> NoReturn:
    """Refuse to start.

    Raises:
        ImproperlyConfigured: always, with the sentence the installer reads.
    """
    raise ImproperlyConfigured(sentence)


def flag(name: str) -> bool:
    """On or off; a typing error is neither."""
    text = env.str(name, default="").strip().lower()
    if text not in {"", "0", "1", "no", "yes", "off", "on", "false", "true"}:
        stop(f"{name} must be 1 or 0, not {text!r}.")
    return text in {"1", "yes", "on", "true"}


def whole(name: str, default: int) -> int:
    text = env.str(name, default=str(default)).strip()
    if not text.isdecimal():
        stop(f"{name} must be a whole number such as {default}, not {text!r}.")
    return int(text)


def address(name: str, default: str, schemes: set[str]) -> str:
    """A URL of one of these schemes. The refusal does not repeat it: it may hold a password."""
    text = env.str(name, default="").strip() or default
    if urlsplit(text).scheme not in schemes:
        stop(f"{name} must begin with {' or '.join(f'{scheme}://' for scheme in sorted(schemes))}.")
    return text


TESTING = "pytest" in sys.modules
DEMO = flag("DEMO")
DEBUG = flag("DEBUG")

DEMO_SECRET = "demo-only-not-a-secret-every-copy-of-the-demo-shares-it-on-loopback"
SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if not (DEMO or TESTING or "collectstatic" in sys.argv):
        stop(
            "SECRET_KEY is not set. Make one with"
            " `python3 -c 'import secrets; print(secrets.token_urlsafe(50))'`"
            " and put it into the environment or the .env file."
        )
    SECRET_KEY = DEMO_SECRET
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# Private words are encrypted with the first of these and read with any of them.
FIELD_KEYS = env.list("FIELD_KEYS", default=[]) or [SECRET_KEY, *SECRET_KEY_FALLBACKS]

SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{whole('PORT', 8000)}").rstrip("/")
SITE_HOST = urlsplit(SITE_URL).hostname or ""
if not SITE_HOST:
    stop("SITE_URL must be a whole address such as https://clinic.example.org")
LOOPBACK_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
if DEMO and SITE_HOST not in {"127.0.0.1", "localhost", "::1"}:
    stop("DEMO=1 gives everyone one-tap entry, so it runs on loopback only. Unset DEMO or SITE_URL.")
ALLOWED_HOSTS = [SITE_HOST, *env.list("ALLOWED_HOSTS", default=[])]
if DEMO or TESTING:
    ALLOWED_HOSTS += [*LOOPBACK_HOSTS, "testserver"]
SECURE_SITE = SITE_URL.startswith("https://")

INSTALLED_APPS = [
    "clinic.apps.ClinicConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "accounts.people.apps.PeopleConfig",
    "accounts.post.apps.PostConfig",
    "plans.library.apps.LibraryConfig",
    "plans.programs.apps.ProgramsConfig",
    "plans.journal.apps.JournalConfig",
    "plans.followup.apps.FollowupConfig",
    "plans.desk.apps.DeskConfig",
    "plans.today.apps.TodayConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.people.adapters.SittingMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "clinic.guard.GuardMiddleware",
]

ROOT_URLCONF = "clinic.urls"
WSGI_APPLICATION = "clinic.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "clinic.context.clinic",
            ],
            "builtins": ["clinic.templatetags.words", "clinic.templatetags.marks"],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ]
            if not DEBUG
            else ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Database. SQLite is the embedded default; IMMEDIATE makes a claim a claim (no upgrade from a
# read lock), FULL keeps an accepted log through a power cut.
DATABASE_URL = env.str("DATABASE_URL", default="").strip()
if DATABASE_URL:
    DATABASE_SCHEMES = {"sqlite", "postgres", "postgresql"}
    DATABASES = {"default": env.db_url_config(address("DATABASE_URL", "", DATABASE_SCHEMES))}
else:
    # Not by way of a URL: a folder may be called “c++ & more”.
    VAR_DIR.mkdir(mode=0o700, exist_ok=True)
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": VAR_DIR / "unknot.sqlite3"}}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Opening a connection costs more than most requests; an idle one holds no lock.
# The tests' own server answers from threads that come and go: a kept one would hold their database.
DATABASES["default"]["CONN_MAX_AGE"] = 0 if TESTING else whole("CONN_MAX_AGE", 600)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Broker and cache. The database is the only truth: both may be emptied at any moment.
REDIS_URL = address("REDIS_URL", "", {"redis", "rediss"}) if env.str("REDIS_URL", default="") else ""
VALKEY_SOCKET = env.str("VALKEY_SOCKET", default=str(VAR_DIR / "valkey.sock"))
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CACHE_URL = REDIS_URL
else:
    CELERY_BROKER_URL = f"redis+socket://{VALKEY_SOCKET}?virtual_host=0"
    CACHE_URL = f"unix://{VALKEY_SOCKET}?db=1"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": "unknot",
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    }
}
if TESTING:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 60
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 120,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 2,
    "socket_connect_timeout": 2,
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# People
AUTH_USER_MODEL = "people.User"
# A page of follow-up links to the client's page without knowing the slice above it.
ABSOLUTE_URL_OVERRIDES = {"people.client": lambda client: reverse_lazy("desk:client", args=[client.uuid])}
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.post.adapters.SignInAdapter"
# How many proxies of ours stand in front: sign-in limits count by the address the outermost one saw.
ALLAUTH_TRUSTED_PROXY_COUNT = whole("TRUSTED_PROXIES", 0)
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 180
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
# Attempts are counted in rows (accounts.people.actions.attempts): sign-in must not hang on the cache.
ACCOUNT_RATE_LIMITS = False
ACCOUNT_FORMS = {
    "request_login_code": "accounts.people.forms.CodeRequestForm",
    "reset_password": "accounts.people.forms.ResetForm",
}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
CLIENT_SITTING_SECONDS = 90 * 24 * 3600
STAFF_SITTING_SECONDS = 12 * 3600
STAFF_IDLE_SECONDS = 30 * 60
SESSION_COOKIE_AGE = CLIENT_SITTING_SECONDS
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# Post. Sign-in codes leave at once through EMAIL_*; everything else goes through the outbox.
MAIL_SCHEMES = {"smtp", "smtp+tls", "smtp+ssl"}
EMAIL_CONFIG = env.email_url_config(address("EMAIL_URL", "smtp://127.0.0.1:2525", MAIL_SCHEMES))
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"Unknot <clinic@{SITE_HOST}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MESSAGE_ID_DOMAIN = env.str("MESSAGE_ID_DOMAIN", default=SITE_HOST)
MAIL_SINK_DIR = VAR_DIR / "mail"
# Letters to browsers go by the browser's maker: off in the demo too. Their key stays out of the database's backups.
VAPID_KEY_FILE = VAR_DIR / "vapid.key"
VAPID_PRIVATE_KEY = env.str("VAPID_PRIVATE_KEY", default="").strip().rstrip("=")
if not VAPID_PRIVATE_KEY and DEMO and VAPID_KEY_FILE.is_file():
    VAPID_PRIVATE_KEY = VAPID_KEY_FILE.read_text().strip()
if TESTING:
    VAPID_PRIVATE_KEY = "dGVzdHMtb25seS1ub3QtYS1zZWNyZXQtMzItYnl0ZXM"
WEB_PUSH = TESTING or (flag("WEB_PUSH") and bool(VAPID_PRIVATE_KEY or not DEMO))
if WEB_PUSH and not VAPID_PRIVATE_KEY and "collectstatic" not in sys.argv:
    stop(
        "WEB_PUSH is on, but VAPID_PRIVATE_KEY is not set. Make one with `python3 -c 'import secrets, base64;"
        ' print(base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode())\'`'
        " and put it into the environment or the .env file; or unset WEB_PUSH."
    )
if WEB_PUSH and VAPID_PRIVATE_KEY and len(VAPID_PRIVATE_KEY) != 43:
    stop("VAPID_PRIVATE_KEY must be 32 bytes in base64url, 43 characters without `=` at the end.")
WEB_PUSH_LOOPBACK = DEMO or TESTING
WEB_PUSH_TIMEOUT = 10  # seconds

# Asked for after each audit that found nothing, so that somebody outside notices when it stops.
ENGINE_PING_URL = env.str("ENGINE_PING_URL", default="").strip()
if ENGINE_PING_URL and not may_be_pinged(ENGINE_PING_URL):
    # Not repeated here: such an address is a secret.
    stop("ENGINE_PING_URL must begin with https:// (http:// only on this machine, such as http://127.0.0.1:9000/).")

# Pages
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(VAR_DIR / "static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "clinic.storage.OneSheetStorage"
        if flag("COMPRESS_STATIC")
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEMO or DEBUG

SELF = "'self'"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
# Whether a whole domain goes on the browsers' preload list is its owner's decision, not an application's.
# An index that also carries its readings serves PostgreSQL; SQLite reads the row, and says so at each start.
SILENCED_SYSTEM_CHECKS = ["security.W021", "models.W040"]
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
if SECURE_SITE:
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health/"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sitting"
    CSRF_COOKIE_NAME = "__Host-csrf"
    CSRF_TRUSTED_ORIGINS = [SITE_URL]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.people.api.TokenAuthentication",
        "accounts.people.api.SittingAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "clinic.api.PageByCursor",
    "PAGE_SIZE": 20,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "clinic.api.problem_details",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Unknot",
    "DESCRIPTION": "Programs, sessions, pain reports and follow-up of one clinic.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "Side": "clinic.api.describing.SIDES",
        "SideOfSite": "clinic.api.describing.SIDES_OF_A_SITE",
        "ProgramState": "clinic.api.describing.PROGRAM_STATES",
        "EscalationState": "clinic.api.describing.ESCALATION_STATES",
    },
}

# Logs hold ids, never names, bodies or database parameters.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"hide_keys": {"()": "clinic.logs.HideKeys"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["hide_keys"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.db.backends": {"level": "WARNING"},
        "django.server": {"level": "WARNING"},
        "django.request": {"filters": ["hide_keys"]},
        "django.security.csrf": {"filters": ["hide_keys"]},
        "mail.log": {"level": "WARNING"},  # the demo's mail sink would name every address
    },
}
