"""The demo's settings with the addresses of the benchmark beside its own: the same bytes as the pages, from memory."""

from __future__ import annotations

from vaern.settings.dev import *  # noqa: F403

ROOT_URLCONF = "bench_urls"
ALLOWED_HOSTS = ["127.0.0.1"]
