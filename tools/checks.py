"""Everything checked without running the product. All checks run; each tells its name and OK or FAILED."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from dev_common import ROOT, VENV_PYTHON, environment, say
from install import set_up
from processes import die_with_parent

TOOLS = ROOT / "tools"
MODULE = (VENV_PYTHON, "-m")
MANAGE = (VENV_PYTHON, "manage.py")
CHECKS: dict[str, Sequence[str | Path]] = {
    "ruff check": (*MODULE, "ruff", "check", "."),
    "ruff format": (*MODULE, "ruff", "format", "--check", "."),
    "mypy": (*MODULE, "mypy"),
    "imports point down": (VENV_PYTHON.parent / "lint-imports",),
    "migrations complete": (*MANAGE, "makemigrations", "--check", "--dry-run"),
    "django check": (*MANAGE, "check"),
    "translations da": (VENV_PYTHON, TOOLS / "check_po.py", "--fresh", "locale", "da"),
    "translations en": (VENV_PYTHON, TOOLS / "check_po.py", "--fresh", "locale", "en"),
    "translations of Wagtail": (VENV_PYTHON, TOOLS / "check_po.py", "locale/wagtail", "da"),
    "locks name no host": (VENV_PYTHON, TOOLS / "lock_check.py"),
    "wheel is whole": (VENV_PYTHON, TOOLS / "wheel_check.py"),
}


def run_checks() -> int:
    """Run all; the output of a check is shown only when it failed."""
    set_up("dev")
    failed = [name for name, argv in CHECKS.items() if not passes(name, argv)]
    say(
        f"{len(CHECKS) - len(failed)} of {len(CHECKS)} checks OK" + (f"; FAILED: {', '.join(failed)}" if failed else "")
    )
    return int(bool(failed))


def passes(name: str, argv: Sequence[str | Path]) -> bool:
    """Run one check on the embedded settings, whatever the caller's shell says about databases."""
    env = environment()
    for variable in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE"):
        env.pop(variable, None)
    began = time.monotonic()
    try:
        done = subprocess.run(
            [str(part) for part in argv],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            preexec_fn=die_with_parent(),
        )
        code, output = done.returncode, done.stdout
    except OSError as error:
        code, output = 1, f"{argv[0]}: {error.strerror}"
    say(f"{name:<26} {'OK' if code == 0 else 'FAILED'}  ({time.monotonic() - began:.0f} s)")
    if code != 0:
        say("\n".join("    " + line for line in output.rstrip().splitlines()))
    return code == 0
