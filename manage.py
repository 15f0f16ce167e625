#!/usr/bin/env python
"""Django's command line for Værn. Putting `site/` on the import path is its only trick."""

import os
import sys
from pathlib import Path


def main() -> None:
    """Run the management command named on the command line."""
    sys.path.insert(0, str(Path(__file__).resolve().parent / "site"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vaern.settings.dev")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
