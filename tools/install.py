"""Set-up: virtual environment, locked packages, front-end assets and compiled messages.

Each step leaves a stamp in what it made, so that a second start skips it and a deleted folder is made anew.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from dev_common import (
    BUILD,
    ROOT,
    VAR,
    VENV,
    VENV_PYTHON,
    DevError,
    digest_of,
    environment,
    exclusive,
    is_done,
    once,
    say,
    write_stamp,
)
from processes import require

TOOLS = ROOT / "tools"
REQUIREMENTS = ROOT / "requirements"
LOCKS = ("base", "dev", "e2e")  # each holds the one before it
NODE_MODULES = ROOT / "node_modules"
VENDOR = BUILD / "vendor"
HALF_MADE = VENV / ".half-made"
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", re.MULTILINE)
# dkfds is only copied; html-validate in the tests needs a newer Node than Debian 12 has.
OLDEST_NODE = {"demo": (18, 0), "tests": (20, 19)}


def set_up(lock: str) -> None:
    """Everything that a command needs before Django can start, done at most once."""
    if lock not in LOCKS:
        raise DevError(f"Unknown lock {lock!r}; choose one of {', '.join(LOCKS)}.")
    with exclusive(VAR / "set-up.lock", "Another set-up of this checkout is running; waiting for it …"):
        make_venv()
        install_packages(lock)
        install_assets("demo" if lock == "base" else "tests")
        compile_messages()


def make_venv() -> None:
    """Create .venv with the Python that runs us; one that was interrupted is made again from nothing."""
    if not HALF_MADE.exists() and venv_works():
        return
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        name = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        raise DevError(f"This Python cannot make a virtual environment; install what is missing: apt install {name}")
    say(f"Making .venv with Python {sys.version.split()[0]} …")
    VENV.mkdir(exist_ok=True)
    HALF_MADE.touch()
    require(
        "venv",
        [sys.executable, "-m", "venv", "--clear", VENV],
        os.environ,
        "The virtual environment could not be made",
    )
    HALF_MADE.unlink(missing_ok=True)


def venv_works() -> bool:
    """Whether .venv has a Python that starts, is new enough and has pip."""
    if not VENV_PYTHON.exists():
        return False
    probe = "import sys, importlib.util as u; sys.exit(sys.version_info < (3, 11) or u.find_spec('pip') is None)"
    return subprocess.run([VENV_PYTHON, "-c", probe], check=False, capture_output=True).returncode == 0


def stamp_of(lock: str) -> Path:
    """The stamp of a lock lies in the .venv itself: without the one there is not the other."""
    return VENV / f".installed-{lock}"


def lock_digest(lock: str) -> str:
    """What the stamp of a lock must say to hold."""
    return digest_of([REQUIREMENTS / f"{lock}.txt"])


def pins(lock: str) -> set[tuple[str, str]]:
    """Names and versions of a lock."""
    return set(PIN.findall((REQUIREMENTS / f"{lock}.txt").read_text()))


def install_packages(lock: str) -> None:
    """Install a lock into the one .venv; a larger lock installed before already holds the smaller one."""
    if is_done(stamp_of(lock), lock_digest(lock)):
        return
    for other in LOCKS:  # the install may change what another lock put there
        stamp_of(other).unlink(missing_ok=True)
    say(f"Installing the Python packages of requirements/{lock}.txt (half a minute or more) …")
    pip_install(f"{lock}.txt", f"pip-{lock}")
    for other in LOCKS:
        if pins(other) <= pins(lock):
            write_stamp(stamp_of(other), lock_digest(other))


def pip_install(requirements: str, log: str) -> None:
    """pip with hashes only; what it says goes to the log."""
    quiet = {
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
        "PIP_USER": "0",
        "PIP_PROGRESS_BAR": "off",
    }
    # Two retries in place of five: without network the reader waits seconds, not a minute.
    env = {"PIP_RETRIES": "2"} | environment(**quiet)
    wanted = REQUIREMENTS / requirements
    argv: list[str | Path] = [VENV_PYTHON, "-m", "pip", "install", "--require-hashes", "-r", wanted]
    require(log, argv, env, "The Python packages could not be installed")


def install_assets(purpose: str) -> None:
    """npm ci, then the copy of what the site shows. The tests need the checkers too, the demo does not."""
    inputs = [ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc"]
    digests = {kind: digest_of(inputs, kind) for kind in OLDEST_NODE}
    stamp = NODE_MODULES / ".installed"
    if not is_done(stamp, digests["tests"]):
        once(stamp, digests[purpose], lambda: npm_ci(purpose))
    package = NODE_MODULES / "dkfds" / "package.json"
    vendored = VENDOR / "dkfds" / "vendor.json"
    digest = digest_of([package, ROOT / "package-lock.json", TOOLS / "vendor_assets.py"])
    if is_done(BUILD / "stamps" / "vendor", digest) and not vendored.exists():
        (BUILD / "stamps" / "vendor").unlink()
    once(BUILD / "stamps" / "vendor", digest, copy_assets)


def npm_ci(purpose: str) -> None:
    """Install exactly package-lock.json, with the system's npm or the one that PyPI has."""
    say("Installing the design system and other front-end packages …")
    env = {
        "npm_config_fetch_retries": "2",
        "npm_config_fetch_retry_mintimeout": "1000",
        "npm_config_fetch_retry_maxtimeout": "5000",
    } | environment()
    npm = system_npm(OLDEST_NODE[purpose], env)
    if npm is None:
        digest = digest_of([REQUIREMENTS / "node.txt"])
        once(VENV / ".installed-node", digest, lambda: pip_install("node.txt", "pip-node"))
        npm = str(VENV / "bin" / "npm")
    argv: list[str | Path] = [
        npm,
        "ci",
        "--no-audit",
        "--no-fund",
        *(["--omit=dev"] if purpose == "demo" else []),
    ]
    require("npm", argv, env, "The front-end packages could not be installed")


def system_npm(oldest: tuple[int, int], env: Mapping[str, str]) -> str | None:
    """The npm on PATH, when it and a new enough Node both start."""
    npm, node = shutil.which("npm", path=env["PATH"]), shutil.which("node", path=env["PATH"])
    if not npm or not node:
        return None
    try:
        said = subprocess.run([node, "--version"], check=True, capture_output=True, text=True, timeout=30).stdout
        subprocess.run([npm, "--version"], check=True, capture_output=True, timeout=60, env=dict(env))
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.match(r"v(\d+)\.(\d+)", said)
    return npm if found and (int(found[1]), int(found[2])) >= oldest else None


def copy_assets() -> None:
    """vendor_assets.py as a program, so that its failure is a logged sentence as well."""
    argv: list[str | Path] = [sys.executable, TOOLS / "vendor_assets.py", NODE_MODULES, VENDOR]
    require("vendor-assets", argv, environment(), "The design system could not be copied")


def compile_messages() -> None:
    """Compile every .po, without GNU gettext, when one changed or an .mo is missing."""
    catalogues = sorted((ROOT / "locale").glob("**/LC_MESSAGES/*.po"))
    stamp = BUILD / "stamps" / "messages"
    if not all(path.with_suffix(".mo").exists() for path in catalogues):
        stamp.unlink(missing_ok=True)
    digest = digest_of([*catalogues, TOOLS / "compile_messages.py"])
    argv = [VENV_PYTHON, TOOLS / "compile_messages.py", ROOT / "locale"]
    once(
        stamp,
        digest,
        lambda: require("messages", argv, environment(), "The translations could not be compiled"),
    )


def vendored_version() -> str | None:
    """The version of dkfds that was copied, for the checks."""
    path = VENDOR / "dkfds" / "vendor.json"
    return json.loads(path.read_text())["version"] if path.exists() else None
