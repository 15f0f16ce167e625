#!/usr/bin/env python3
"""Build the wheel offline and fail when a module of ours is not in it.

`site/` is an import root with an unlucky name: a build back end or an ignore rule that drops it would go
unnoticed, because everything runs from the checkout.
"""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "build" / "wheel"
PACKAGES = ("site/vaern", "courses", "bookings", "materials", "charter")
ALWAYS = ("vaern/urls.py", "vaern/wsgi.py", "vaern/settings/production.py")


def sources() -> set[str]:
    """Our Python modules by their path in the wheel; what git ignores is not ours."""
    argv = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *PACKAGES]
    try:
        listed = subprocess.run(argv, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
        names = [name for name in listed if (ROOT / name).exists()]
    except (OSError, subprocess.CalledProcessError):  # an unpacked archive instead of a clone
        names = [str(path.relative_to(ROOT)) for folder in PACKAGES for path in (ROOT / folder).rglob("*.py")]
    return {name.removeprefix("site/") for name in names if name.endswith(".py")}


def build() -> Path:
    """Build with the back end of the lock, without an isolated environment that would ask the network."""
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.glob("*.whl"):
        old.unlink()
    argv = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(OUT)]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    made = list(OUT.glob("*.whl"))
    if done.returncode != 0 or len(made) != 1:
        raise SystemExit(f"the wheel could not be built: {(done.stderr or done.stdout).strip()[-800:]}")
    return made[0]


def main() -> int:
    """Compare the wheel with the sources."""
    if (ROOT / "site" / "__init__.py").exists():
        print("site/__init__.py must not exist: `site` would shadow a module of the standard library.")
        return 1
    wheel = build()
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    missing = sorted((sources() | set(ALWAYS)) - inside)
    models = sorted(name for name in inside if name.startswith("bookings/models"))
    print("\n".join(f"not in the wheel: {name}" for name in missing) or f"{wheel.name}: {len(inside)} files")
    if not models:
        print("not in the wheel: bookings/models")
    return int(bool(missing) or not models)


if __name__ == "__main__":
    sys.exit(main())
