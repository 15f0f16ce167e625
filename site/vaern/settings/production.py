"""Production: refuses to start on what would make it unsafe, and says which setting is wrong and what to do."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from vaern.settings.base import *  # noqa: F403
from vaern.settings.base import CACHES
from vaern.settings.environment import env
from vaern.settings.guard import problems

SECRET_KEY = env("SECRET_KEY")
SECRET_KEY_FALLBACKS = env("SECRET_KEY_FALLBACKS")
DEBUG = env("DEBUG")
ALLOWED_HOSTS = env("ALLOWED_HOSTS")
VAERN_BASE_URL = WAGTAILADMIN_BASE_URL = env("VAERN_BASE_URL").rstrip("/")

found = problems(
    secret_key=SECRET_KEY,
    debug=DEBUG,
    allowed_hosts=ALLOWED_HOSTS,
    base_url=VAERN_BASE_URL,
    database_url=env("DATABASE_URL"),
    email_url=env("EMAIL_URL"),
)
if found:
    raise ImproperlyConfigured("Værn does not start in production:\n" + "\n".join(f"  - {line}" for line in found))

vars().update(env.email("EMAIL_URL"))
if not env("CACHE_URL"):
    # Sign-in's rate limits count in the cache, so it must be one that all processes share.
    CACHES["default"] = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "vaern_cache"}

CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS]
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-vaern-session"
CSRF_COOKIE_NAME = "__Host-vaern-csrf"
if env("TRUSTED_PROXIES"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = env("TRUSTED_PROXIES")
