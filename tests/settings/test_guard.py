"""Production refuses to start on what would make it unsafe, and names each problem."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from vaern.demo.checks import demo_is_local
from vaern.settings.guard import problems

ROOT = Path(__file__).parents[2]
SECRET = "kJ8s-2mQ9xZr7TnB4vLwEyP1aHdC6uFgXo3iMtRqVbNzKeYhDjSc5W0U"
GOOD: dict[str, Any] = {
    "secret_key": SECRET,
    "debug": False,
    "allowed_hosts": ["vaern.kk.dk"],
    "base_url": "https://vaern.kk.dk",
    "database_url": "postgres://vaern:x@db/vaern",
    "email_url": "smtp+tls://user:x@mail:587",
}
ENVIRONMENT = {
    "SECRET_KEY": SECRET,
    "ALLOWED_HOSTS": "vaern.kk.dk",
    "VAERN_BASE_URL": "https://vaern.kk.dk",
    "DATABASE_URL": "postgres://vaern:x@127.0.0.1:1/vaern",
    "EMAIL_URL": "smtp+tls://user:x@mail:587",
}


def test_good_settings_have_no_problem() -> None:
    assert problems(**GOOD) == []


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        ("secret_key", "", "SECRET_KEY is missing"),
        ("secret_key", SECRET[:49], "SECRET_KEY is weak"),
        ("secret_key", "x" * 64, "SECRET_KEY is weak"),
        ("secret_key", "abcdefghi" * 8, "SECRET_KEY is weak"),
        ("secret_key", "django-insecure-" + SECRET, "SECRET_KEY is weak"),
        ("secret_key", "tests-only-" + SECRET, "SECRET_KEY is weak"),
        ("debug", True, "DEBUG is on"),
        ("allowed_hosts", [], "ALLOWED_HOSTS is missing"),
        ("allowed_hosts", ["*"], "ALLOWED_HOSTS has a wildcard"),
        ("allowed_hosts", ["vaern.kk.dk", "*.kk.dk"], "ALLOWED_HOSTS has a wildcard"),
        ("allowed_hosts", ["vaern.kk.dk", ""], "ALLOWED_HOSTS has a wildcard"),
        ("allowed_hosts", ["."], "ALLOWED_HOSTS has a wildcard"),
        ("base_url", "", "VAERN_BASE_URL"),
        ("base_url", "http://vaern.kk.dk", "VAERN_BASE_URL"),
        ("database_url", "sqlite:///x", "DATABASE_URL"),
        ("database_url", "", "DATABASE_URL"),
        ("email_url", "", "EMAIL_URL"),
    ],
)
def test_each_unsafe_setting_is_one_problem(name: str, value: Any, named: str) -> None:
    (found,) = problems(**(GOOD | {name: value}))
    assert found.startswith(named)


@pytest.mark.parametrize("url", ["postgres://a@b/c", "postgresql://a@b/c"])
def test_both_names_of_postgresql(url: str) -> None:
    assert problems(**(GOOD | {"database_url": url})) == []


def test_nothing_set_names_everything() -> None:
    nothing = {name: type(value)() for name, value in GOOD.items()}
    assert [problem.split()[0] for problem in problems(**nothing)] == [
        "SECRET_KEY", "ALLOWED_HOSTS", "VAERN_BASE_URL", "DATABASE_URL", "EMAIL_URL",
    ]  # fmt: skip


def start(script: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python under the production settings, with this environment and no other of ours."""
    names = [*ENVIRONMENT, "DEBUG", "CACHE_URL", "TRUSTED_PROXIES", "SECRET_KEY_FALLBACKS"]
    inherited = {name: value for name, value in os.environ.items() if name not in names}
    ours = {"DJANGO_SETTINGS_MODULE": "vaern.settings.production", "PYTHONPATH": f"{ROOT / 'site'}{os.pathsep}{ROOT}"}
    return subprocess.run(  # noqa: S603
        [sys.executable, "-c", script], env=inherited | ours | environment, capture_output=True, text=True, check=False
    )


def test_production_does_not_start_and_names_every_problem() -> None:
    done = start("import vaern.settings.production", DEBUG="true", ALLOWED_HOSTS="*")
    assert done.returncode == 1
    assert re.findall(r"^  - (\w+)", done.stderr, re.M) == [
        "SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "VAERN_BASE_URL", "DATABASE_URL", "EMAIL_URL",
    ]  # fmt: skip


def test_production_starts_and_is_strict() -> None:
    script = """
import django
from django.conf import settings as s
django.setup()
from django.core.checks import run_checks
from django.core.management import call_command
call_command("check", deploy=True, fail_level="WARNING")
print(s.DEBUG, s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS,
      s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.CSRF_TRUSTED_ORIGINS, "vaern.demo" in s.INSTALLED_APPS,
      s.CACHES["default"]["BACKEND"].rsplit(".", 1)[1], s.SESSION_COOKIE_HTTPONLY, hasattr(s, "SECURE_PROXY_SSL_HEADER")
      and s.SECURE_PROXY_SSL_HEADER)
"""
    done = start(script, **ENVIRONMENT)
    assert done.stderr.count("WARNING") == 0, done.stderr
    assert done.stdout.splitlines()[-1].split() == [
        "False", "True", "True", "True", "31536000", "__Host-vaern-session", "__Host-vaern-csrf",
        "['https://vaern.kk.dk']", "False", "DatabaseCache", "True", "None",
    ]  # fmt: skip


@pytest.mark.parametrize(("module", "errors"), [("vaern.settings.production", 1), ("vaern.settings.dev", 0)])
def test_the_demo_is_refused_in_production(module: str, errors: int) -> None:
    with override_settings(SETTINGS_MODULE=module):
        assert [error.id for error in demo_is_local(None)] == ["vaern.demo.E001"] * errors
