"""Settings, all from the environment, with an embedded default for a single machine.

DATA_DIR        folder for the SQLite file, sealed bodies and the demo's secrets (default: var/)
DATABASE_URL    postgres://user:password@host/name; default: SQLite in DATA_DIR
SECRET_KEY      signs sessions and queued tasks
SEALING_KEYS    comma-separated Fernet keys, newest first; seal API keys and personal data at rest
AUDIT_SIGNING_KEY  signs the checkpoints of the audit: 32 bytes in URL-safe base64, several comma-separated, newest first;
                default: derived from SEALING_KEYS
AUDIT_STREAM    a file, or an http(s) address, that gets every line of the audit as JSON, in order, at least once
READ_AUDIT      "no" keeps looks at customers' data out of the audit; default: yes
MAIL_URL        the mail server for notices: smtp://user:password@host:587 (with STARTTLS), or smtps:// from the first
                byte encrypted; default: no e-mails
MAIL_FROM       the sender of these e-mails; default: klaviyo-admin@ the first of ALLOWED_HOSTS
PUBLIC_URL      the address of this installation for links in notices, such as https://admin.example.com
PRIVATE_WEBHOOKS  "yes" lets webhooks of notices lead to http and to addresses inside the network
ALLOWED_HOSTS   comma-separated host names of this installation
SANDBOX_URL     where the local stand-in for Klaviyo answers
SELF_APPROVAL   "yes" lets a one-person installation approve its own changes, loudly
INSECURE_HTTP   "yes" for plain http on a loopback address (the demo)
"""

import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("DATA_DIR", BASE_DIR / "var"))
# SQLite makes the file, but not the folder; who else works on this machine has no business with the sessions in it.
DATA_DIR.mkdir(0o700, parents=True, exist_ok=True)

# Commands that touch no secret run without one; everything that serves or works needs real ones.
_TOUCHES_NO_SECRET = {
    "assets",
    "collectstatic",
    "makemigrations",
    "check",
    "demo",
    "sandbox",
    "catalogue",
    "operations",
    "coverage",
    "help",
}
_TESTING = "pytest" in sys.modules or os.environ.get("DJANGO_ENV") == "test"


def _secret(name: str, throwaway: str) -> str:
    value = os.environ.get(name, "")
    if value:
        return value
    # Whoever checks an exported file elsewhere has the public key, and none of our secrets; nor has who asks for help.
    offline = (sys.argv[1:3] == ["audit", "verify"] and "--key" in sys.argv) or "--help" in sys.argv
    # Only our own shell: a web server may be started without a word after its name, and this key is no secret.
    shell = Path(sys.argv[0]).name == "manage.py"
    harmless = shell and (len(sys.argv) < 2 or sys.argv[1] in _TOUCHES_NO_SECRET or offline)
    if _TESTING or harmless or "mypy" in sys.modules:
        return throwaway
    raise ImproperlyConfigured(f"{name} is not set. See “Run it for real” in README.md; `make demo` sets its own.")


def _yes(name: str, default: str = "") -> bool:
    return os.environ.get(name, default).lower() in {"1", "yes", "true", "on"}


SECRET_KEY = _secret("SECRET_KEY", "no-secret: this process neither serves nor signs, 8c1f0f7e5b3a49d2a6e4")
SEALING_KEYS = _secret("SEALING_KEYS", "bm8tc2VjcmV0LW5vLXNlY3JldC1uby1zZWNyZXQtMDE=").split(",")
AUDIT_SIGNING_KEYS = [key for key in os.environ.get("AUDIT_SIGNING_KEY", "").split(",") if key]
AUDIT_STREAM = os.environ.get("AUDIT_STREAM", "")
READ_AUDIT = _yes("READ_AUDIT", "yes")
DEBUG = False
ALLOWED_HOSTS = [h for h in os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost").split(",") if h]
SELF_APPROVAL = _yes("SELF_APPROVAL")
PUBLIC_URL = os.environ.get("PUBLIC_URL", "").rstrip("/")
PRIVATE_WEBHOOKS = _yes("PRIVATE_WEBHOOKS")

_mail = urlsplit(os.environ.get("MAIL_URL", ""))
MAIL = bool(_mail.hostname)
EMAIL_HOST, EMAIL_PORT = _mail.hostname or "", _mail.port or (465 if _mail.scheme == "smtps" else 587)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
EMAIL_USE_SSL = _mail.scheme == "smtps"
EMAIL_USE_TLS = MAIL and not EMAIL_USE_SSL and EMAIL_PORT != 25
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = os.environ.get("MAIL_FROM", f"klaviyo-admin@{ALLOWED_HOSTS[0] if ALLOWED_HOSTS else 'localhost'}")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "django_q",
    "klaviyo_admin",
    "klaviyo_admin.accounts",
    "klaviyo_admin.audit",
    "klaviyo_admin.budgets",
    "klaviyo_admin.changes",
    "klaviyo_admin.exports",
    "klaviyo_admin.imports",
    "klaviyo_admin.notices",
    "klaviyo_admin.pages",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "klaviyo_admin.pages.middleware.ContentSecurityPolicy",
    "klaviyo_admin.pages.middleware.ViewersZone",
    "klaviyo_admin.pages.middleware.Looks",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "klaviyo_admin.pages.middleware.WholeText",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "klaviyo_admin.pages.unopened.Unopened",
]

ROOT_URLCONF = "klaviyo_admin.urls"
WSGI_APPLICATION = "klaviyo_admin.wsgi.application"
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
                "klaviyo_admin.pages.context.everywhere",
            ],
        },
    },
]
FORM_RENDERER = "klaviyo_admin.pages.render.FormRenderer"

DATABASES: dict[str, Any] = {
    "default": dj_database_url.config(default=f"sqlite:///{DATA_DIR / 'klaviyo-admin.sqlite3'}", conn_max_age=60)
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A transaction that reads before it writes fails at once in deferred mode when others write; IMMEDIATE waits its turn.
    # Write-ahead logging is switched on once, after migration (klaviyo_admin.apps): per connection it locks out writers.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
    # A file, not memory: the worker of a test is another process.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# As measured for django-q2 1.11: attempts are counted by our own tables, so the queue tries once, prefetches one,
# and waits far longer than a task may take before it hands the same row out again.
Q_CLUSTER = {
    "name": "klaviyo-admin",
    "orm": "default",
    "workers": int(os.environ.get("WORKERS", "2")),
    "timeout": 120,
    "retry": 1200,
    "queue_limit": 1,
    "bulk": 1,
    "max_attempts": 1,
    "ack_failures": True,
    "catch_up": False,
    "save_limit": 500,
    "poll": 0.1,
    "recycle": 500,
    "log_level": "WARNING",
}

AUTH_USER_MODEL = "accounts.Person"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if _TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

LANGUAGE_CODE = "en-us"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "bodies"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if _TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = _TESTING
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a selection of 1,000 things carries their ids
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "klaviyo_admin.pages.upload_ceiling.Ceiling",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Plain http is for a loopback address only; every other installation sits behind TLS.
_TLS = not (_yes("INSECURE_HTTP") or _TESTING)
SECURE_SSL_REDIRECT = _TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _yes("BEHIND_PROXY") else None
SECURE_HSTS_SECONDS = 31_536_000 if _TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _TLS
SECURE_HSTS_PRELOAD = _TLS
SESSION_COOKIE_SECURE = _TLS
CSRF_COOKIE_SECURE = _TLS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 12
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

KLAVIYO_REVISION = "2026-07-15"
KLAVIYO_HOSTS = {
    "klaviyo": "https://a.klaviyo.com",
    "sandbox": os.environ.get("SANDBOX_URL", "http://127.0.0.1:8765"),
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
    # httpx logs whole URLs at INFO, and a filter in a URL can name a customer.
    "loggers": {"httpx": {"level": "WARNING"}, "httpcore": {"level": "WARNING"}},
}
