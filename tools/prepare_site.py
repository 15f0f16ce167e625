#!/usr/bin/env python3
"""Bring database and static files up to date in one Django process; run by demo.py inside .venv.

usage: prepare_site.py demo|site     (`demo` also loads the demo content when it is not there)
"""

from __future__ import annotations

import sys
from pathlib import Path

import django
from dev_common import BUILD, ROOT, digest_of, once
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError


def static_sources() -> list[Path]:
    """Every file of ours that collectstatic reads; those of the packages change only with the lock."""
    vendored = [Path(folder) / "dkfds" / "vendor.json" for folder in settings.STATICFILES_DIRS]
    own = [Path(config.path) / "static" for config in apps.get_app_configs()]
    own += [Path(folder) for folder in settings.STATICFILES_DIRS if BUILD not in Path(folder).parents]
    inside = [folder for folder in own if folder.is_relative_to(ROOT) and ".venv" not in folder.parts]
    return vendored + [path for folder in inside for path in folder.rglob("*") if path.is_file()]


def collect_static() -> None:
    """With DEBUG off the server reads STATIC_ROOT; redo it only when a source changed."""
    if settings.DEBUG:
        return
    root = Path(settings.STATIC_ROOT)
    digest = digest_of([*static_sources(), ROOT / "requirements" / "base.txt"], str(settings.STORAGES))
    stamp = root / ".collected"  # inside, so that a removed folder is collected again
    once(stamp, digest, lambda: call_command("collectstatic", interactive=False, verbosity=0))


def main(what: str) -> int:
    """Each command is idempotent, so an interrupted start is simply started again."""
    try:
        django.setup()
        collect_static()
        call_command("migrate", interactive=False, verbosity=1)
        call_command("setup_site")
        if what == "demo":
            call_command("load_demo", if_empty=True)
    except (DatabaseError, OSError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
