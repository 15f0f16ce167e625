"""What production must not start with. Pure, so that each rule is tested as a row of a table."""

from __future__ import annotations

from collections.abc import Sequence

MIN_SECRET_LENGTH = 50
MIN_SECRET_CHARACTERS = 10


def problems(
    *,
    secret_key: str,
    debug: bool,
    allowed_hosts: Sequence[str],
    base_url: str,
    database_url: str,
    email_url: str,
) -> list[str]:
    """Return one sentence for each setting that is missing or unsafe, an empty list when all is well."""
    found = []
    if not secret_key:
        found.append("SECRET_KEY is missing. Make one: python -c 'import secrets; print(secrets.token_urlsafe(64))'")
    elif (
        len(secret_key) < MIN_SECRET_LENGTH
        or len(set(secret_key)) < MIN_SECRET_CHARACTERS
        or secret_key.startswith(("django-insecure-", "tests-only-"))
    ):
        found.append(f"SECRET_KEY is weak: at least {MIN_SECRET_LENGTH} random characters are needed.")
    if debug:
        found.append("DEBUG is on. It shows code and data to visitors: remove it.")
    if not allowed_hosts:
        found.append("ALLOWED_HOSTS is missing. Name the site's host names, separated by commas.")
    elif any("*" in host or host.strip() in {"", "."} for host in allowed_hosts):
        found.append("ALLOWED_HOSTS has a wildcard. Name each host in full.")
    if not base_url.startswith("https://"):
        found.append("VAERN_BASE_URL must be the site's public address and begin with https://.")
    if not database_url.startswith(("postgres://", "postgresql://")):
        found.append("DATABASE_URL must name a PostgreSQL database (postgres://user:password@host/name).")
    if not email_url:
        found.append("EMAIL_URL is missing. Name the mail server (smtp+tls://user:password@host:587).")
    return found
