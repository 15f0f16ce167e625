"""Settings that hold everywhere. What differs between machines comes from `environment.py`."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from vaern.cms.csp import PUBLIC as PUBLIC_CSP
from vaern.settings.environment import BASE_DIR, env
from vaern.settings.logs import logging_config

INSTALLED_APPS = [
    "vaern.cms",
    "vaern.design",
    "vaern.people",
    "vaern.limits",
    "vaern.schooldays",
    "vaern.outbox",
    "vaern.audit",
    "vaern.pagecache",
    "vaern.pages",
    "vaern.feedback",
    "vaern.guidance",
    "courses",
    "materials",
    "charter",
    "bookings",
    "vaern.search",
    "vaern.translations",
    "vaern.evaluation",
    "vaern.certificates",
    "vaern.goals",
    "vaern.exchange",
    "vaern.workspace",
    "vaern.setup",
    "allauth",
    "allauth.account",
    "wagtail.contrib.redirects",
    "wagtail.contrib.simple_translation",
    "wagtail.locales",
    "wagtail.embeds",
    "wagtail.sites",
    "vaern.people.users_app.StaffUsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    # After Wagtail, whose workflow mails it replaces by the outbox's.
    "vaern.editors",
    "modelcluster",
    "taggit",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "vaern.middleware.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "vaern.pagecache.middleware.PageCacheMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "vaern.cms.csp.AdminPolicyMiddleware",
    "csp.middleware.CSPMiddleware",
    "vaern.middleware.PlainRequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "vaern.pages.redirects.LiveRedirectMiddleware",
    "vaern.middleware.OldAddressMiddleware",
    "bookings.middleware.BusyMiddleware",
]

ROOT_URLCONF = "vaern.urls"
WSGI_APPLICATION = "vaern.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "vaern.pages.navigation.site_frame",
            ],
        },
    }
]
FORM_RENDERER = "vaern.design.renderers.DesignRenderer"

# -- database ---------------------------------------------------------------------------------------------


def database() -> dict[str, Any]:
    """Return the default database from DATABASE_URL, with what correctness needs on each engine.

    SQLite: a transaction takes the write lock when it begins (IMMEDIATE), otherwise read-then-write under load
    ends in "database is locked" (architecture.md, measured facts). PostgreSQL: persistent, health-checked, and with
    the patience of LOCK_TIMEOUT and STATEMENT_TIMEOUT, told once a connection and not in each transaction.
    """
    config: dict[str, Any] = env.db()
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        }
        # A file and not memory: browser and concurrency tests open several connections.
        config["TEST"] = {"NAME": env("VAERN_TEST_DB")}
    else:
        config["CONN_MAX_AGE"] = 120
        config["CONN_HEALTH_CHECKS"] = True
        patience = f"-c lock_timeout={env('LOCK_TIMEOUT')} -c statement_timeout={env('STATEMENT_TIMEOUT')}"
        options = config.setdefault("OPTIONS", {})
        options["options"] = f"{patience} {options.get('options', '')}".strip()
    return config


DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def page_cache() -> dict[str, Any]:
    """Return where whole pages are kept: the shared cache when there is one, else each process's own memory."""
    if env("CACHE_URL"):
        return {**env.cache(), "KEY_PREFIX": "pages"}
    return {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 600},
    }


CACHES = {
    "default": env.cache() if env("CACHE_URL") else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "pages": page_cache(),
}
VAERN_PAGE_CACHE = env("PAGE_CACHE")

# -- language and time ------------------------------------------------------------------------------------

LANGUAGE_CODE = "da"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("da", _("Danish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "wagtail"]
TIME_ZONE = "Europe/Copenhagen"
USE_TZ = True
USE_I18N = True

# -- people and sign-in -----------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
ACCOUNT_ADAPTER = "vaern.people.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "workspace"
LOGOUT_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "/"
WAGTAILADMIN_LOGIN_URL = "staff_login"
WAGTAIL_FRONTEND_LOGIN_URL = "/log-ind/"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

# -- pages ------------------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Værn"
WAGTAIL_I18N_ENABLED = True
WAGTAILADMIN_PERMITTED_LANGUAGES = [("da", "Dansk"), ("en", "English")]
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "modelsearch.backends.database", "SEARCH_CONFIG": "danish"},
}
WAGTAIL_USER_TIME_ZONES = ["Europe/Copenhagen"]
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
# An approval holds for the text that was read: an edit afterwards takes new approvals (pages/approval.py).
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_FINISH_WORKFLOW_ACTION = "vaern.pages.finish.publish_approved"
# Nothing that a browser would run.
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odp", "ods", "odt", "pdf", "pptx", "txt", "xlsx"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILEMBEDS_FINDERS: list[dict[str, Any]] = []
WAGTAILADMIN_BASE_URL = env("VAERN_BASE_URL") or f"http://127.0.0.1:{env('PORT')}"
VAERN_BASE_URL = WAGTAILADMIN_BASE_URL
VAERN_WAS_URL = env("VAERN_WAS_URL")
VAERN_SECURITY_CONTACT = env("VAERN_SECURITY_CONTACT")
# Where "Leave this page" leads on the pages for those who worry: something that anybody may be reading.
VAERN_LEAVE_URL = env("VAERN_LEAVE_URL")

# -- static and media -------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "build" / "static"
STATICFILES_DIRS = [BASE_DIR / "build" / "vendor"]
MEDIA_URL = "/media/"
MEDIA_ROOT = BASE_DIR / "var" / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Files that only a view hands out: no web server may show this folder.
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": BASE_DIR / "var" / "private"},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False

# -- security ---------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {"DIRECTIVES": PUBLIC_CSP}
X_FRAME_OPTIONS = "SAMEORIGIN"  # the CSP's frame-ancestors 'none' is what holds on the public site
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "vaern.views.csrf_failure"
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # X-Frame-Options: see above; the preview frame needs SAMEORIGIN
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# How often one network or one e-mail address may use a door, where it is to differ from what `vaern.limits` doors say.
VAERN_LIMITS = env("VAERN_LIMITS")
VAERN_TRUSTED_PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = env("TRUSTED_PROXIES")
VAERN_PHONE = env("VAERN_PHONE")

# -- the charter's seal (files in PEM, outside the repository), and how signatories confirm --------------------

VAERN_SEAL_KEY = env("VAERN_SEAL_KEY")
VAERN_SEAL_CERTIFICATE = env("VAERN_SEAL_CERTIFICATE")
VAERN_SEAL_PASSPHRASE = env("VAERN_SEAL_PASSPHRASE")
VAERN_TSA_URL = env("VAERN_TSA_URL")
VAERN_SIGNING_PROVIDER = env("VAERN_SIGNING_PROVIDER")

# -- mail -------------------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("DEFAULT_FROM_EMAIL")
EMAIL_TIMEOUT = 15

LOGGING = logging_config(env("LOG_LEVEL"))
