"""The one place where the environment is read; every setting that can differ between machines is named here."""

from __future__ import annotations

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parents[3]

env = environ.Env(
    DATABASE_URL=(str, f"sqlite:///{BASE_DIR / 'var' / 'vaern.sqlite3'}"),
    # PostgreSQL only. How long anybody waits for a lock before the answer is "busy, try again".
    LOCK_TIMEOUT=(str, "3s"),
    # How long one statement may take. No end for commands, jobs and migrations; `vaern.wsgi` sets one for pages.
    STATEMENT_TIMEOUT=(str, "0"),
    VAERN_TEST_DB=(str, str(BASE_DIR / ".test.sqlite3")),
    DEBUG=(bool, False),
    SECRET_KEY=(str, ""),
    SECRET_KEY_FALLBACKS=(list, []),
    ALLOWED_HOSTS=(list, []),
    VAERN_BASE_URL=(str, ""),
    VAERN_WAS_URL=(str, ""),
    VAERN_SECURITY_CONTACT=(str, ""),
    PORT=(int, 8000),
    EMAIL_URL=(str, ""),
    DEFAULT_FROM_EMAIL=(str, "Værn <vaern@example.dk>"),
    CACHE_URL=(str, ""),
    PAGE_CACHE=(bool, True),
    TRUSTED_PROXIES=(int, 0),
    VAERN_LIMITS=(dict, {}),
    VAERN_PHONE=(str, "33 66 33 66"),
    VAERN_LEAVE_URL=(str, "https://www.dmi.dk/"),
    LOG_LEVEL=(str, "INFO"),
    VAERN_SEAL_KEY=(str, ""),
    VAERN_SEAL_CERTIFICATE=(str, ""),
    VAERN_SEAL_PASSPHRASE=(str, ""),
    VAERN_TSA_URL=(str, ""),
    VAERN_SIGNING_PROVIDER=(str, "email_code"),
)
