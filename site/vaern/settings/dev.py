"""The embedded default: SQLite, a made-up secret kept in var/, and the demo's mailbox instead of a mail server.

`make demo` and `make run` use it. It answers only to this machine's names and must not face a network.
"""

from __future__ import annotations

import secrets

from vaern.settings.base import *  # noqa: F403
from vaern.settings.base import INSTALLED_APPS, STORAGES
from vaern.settings.environment import BASE_DIR, env


def local_secret() -> str:
    """Return this checkout's own secret key, made once, so that links and sign-ins outlive a restart."""
    path = BASE_DIR / "var" / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64), encoding="utf-8")
    return path.read_text(encoding="utf-8")


DEBUG = env("DEBUG")
SECRET_KEY = env("SECRET_KEY") or local_secret()
ALLOWED_HOSTS = [*env("ALLOWED_HOSTS"), "localhost", "127.0.0.1", "[::1]"]

INSTALLED_APPS = [*INSTALLED_APPS, "vaern.demo"]

# Whoever tries the demo, or loads it with a benchmark, sits behind one address and has few.
VAERN_LIMITS = {
    **dict.fromkeys(("booking.network", "booking.address", "visit.network", "visit.address"), "5000/3600"),
    **env("VAERN_LIMITS"),
}

# The demo makes its own when it is loaded (vaern.demo.charter).
VAERN_SEAL_KEY = env("VAERN_SEAL_KEY") or str(BASE_DIR / "var" / "seal" / "key.pem")
VAERN_SEAL_CERTIFICATE = env("VAERN_SEAL_CERTIFICATE") or str(BASE_DIR / "var" / "seal" / "certificate.pem")

if env("EMAIL_URL"):
    vars().update(env.email("EMAIL_URL"))
else:
    EMAIL_BACKEND = "vaern.demo.mailbox.DemoMailboxBackend"

if DEBUG:
    STORAGES = {
        **STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    WHITENOISE_USE_FINDERS = True
