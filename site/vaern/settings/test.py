"""Tests: DATABASE_URL chooses the engine, mail stays in memory, static files need no build."""

from __future__ import annotations

from vaern.settings.base import *  # noqa: F403
from vaern.settings.base import INSTALLED_APPS, STORAGES
from vaern.settings.environment import BASE_DIR

SECRET_KEY = "tests-only-" + "0123456789abcdef" * 4
DEBUG = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
VAERN_BASE_URL = WAGTAILADMIN_BASE_URL = "http://testserver"
INSTALLED_APPS = [*INSTALLED_APPS, "vaern.demo"]
STORAGES = {
    **STORAGES,
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": BASE_DIR / "var" / "test-private"},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Most tests share one transaction with their requests, in which one stamp stands for all changes.
VAERN_PAGE_CACHE = False
MEDIA_ROOT = BASE_DIR / "var" / "test-media"
# Putting rows back after a flush writes stamps of its own.
TEST_NON_SERIALIZED_APPS = ["vaern.pagecache"]
