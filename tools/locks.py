"""Writing the lock files: for the maintainer, with uv; a user needs only pip and npm."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess

import lock_check
from dev_common import ROOT, DevError, complain, environment, say
from processes import run_attached

OLDEST_PYTHON = "3.11"
# The lock must not tell which registry it was written with: the hashes say what a package is.
SILENT = (
    "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--generate-hashes",
    "--universal", "--python-version", OLDEST_PYTHON, "--quiet",
)  # fmt: skip


def write_locks() -> int:
    """base, dev, e2e and node in this order (each constrains the next), then npm's; ARGS=--upgrade renews."""
    uv = working_uv()
    env = environment(UV_PYTHON_DOWNLOADS="never")
    for name in ("base", "dev", "e2e", "node"):
        source, target = f"requirements/{name}.in", f"requirements/{name}.txt"
        say(f"{source} → {target}")
        argv = [uv, "pip", "compile", source, "-o", target, *SILENT, *shlex.split(os.environ.get("ARGS", ""))]
        if run_attached(argv, env) != 0:
            raise DevError(f"{target} could not be written; see uv's message above.")
    npm = shutil.which("npm", path=env["PATH"])
    if npm is None:
        raise DevError("npm is not installed, so package-lock.json was not written.")
    say("package.json → package-lock.json")
    if run_attached([npm, "install", "--package-lock-only", "--no-audit", "--no-fund"], env) != 0:
        raise DevError("package-lock.json could not be written; see npm's message above.")
    problems = lock_check.problems(ROOT)
    complain("\n".join(problems)) if problems else say("The locks are written and name no host.")
    return int(bool(problems))


def working_uv() -> str:
    """The uv on PATH when it starts."""
    uv = shutil.which("uv", path=environment()["PATH"])
    if uv and subprocess.run([uv, "--version"], check=False, capture_output=True).returncode == 0:
        return uv
    raise DevError("make lock needs uv: .venv/bin/pip install uv, or pipx install uv")
