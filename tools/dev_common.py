"""What every tool shares: where things lie, how a failure is told, and what a step remembers."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
BUILD = ROOT / "build"
VAR = ROOT / "var"
LOGS = VAR / "log"


class DevError(Exception):
    """A failure that the reader can act on; its text is the whole message, never a traceback."""


def say(text: str) -> None:
    """Print at once, also when the output is a pipe."""
    print(text, flush=True)


def complain(text: str) -> None:
    """Print to standard error at once."""
    print(text, file=sys.stderr, flush=True)


def shown(path: Path) -> str:
    """The path as the reader would type it from the checkout."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def sentence_for(error: OSError) -> str:
    """One sentence for what an ordinary machine runs into: a full disk, a folder that may not be written."""
    where = f" ({error.filename})" if error.filename else ""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return f"The disk is full{where}; free some space and start again."
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return f"No permission to write{where}; run as the user who owns this folder."
        case _:
            return f"{error.strerror or error}{where}."


def environment(**extra: str) -> dict[str, str]:
    """The caller's whole environment (proxies and certificates live there), the project's paths in front."""
    env = dict(os.environ)
    paths = [str(ROOT / "site"), str(ROOT), *filter(None, [env.get("PYTHONPATH", "")])]
    env["PYTHONPATH"] = os.pathsep.join(paths)
    env["PATH"] = os.pathsep.join([str(VENV / "bin"), env.get("PATH", os.defpath)])
    env["PYTHONUNBUFFERED"] = "1"
    return env | extra


def digest_of(paths: Iterable[Path], *words: str) -> str:
    """A hash of the files' names and contents, so that a step knows whether it still holds."""
    total = hashlib.sha256("\0".join(words).encode())
    for path in sorted(paths):
        total.update(f"\0{shown(path)}\0".encode())  # from the checkout: a moved one is not made anew
        total.update(path.read_bytes() if path.exists() else b"(absent)")
    return total.hexdigest()


def is_done(stamp: Path, digest: str) -> bool:
    """Whether the step was finished for exactly these inputs."""
    return stamp.exists() and stamp.read_text().strip() == digest


def once(stamp: Path, digest: str, action: Callable[[], object]) -> None:
    """Run the step unless its stamp matches; the stamp is written last, so an interrupted step is redone."""
    if is_done(stamp, digest):
        return
    stamp.unlink(missing_ok=True)
    action()
    write_stamp(stamp, digest)


def write_stamp(stamp: Path, digest: str) -> None:
    """Leave the stamp whole or not at all."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    fresh = stamp.with_name(stamp.name + ".new")
    fresh.write_text(digest + "\n")
    fresh.replace(stamp)


@contextmanager
def exclusive(path: Path, waiting: str) -> Iterator[None]:
    """One at a time per checkout: two makes started together must not install into the same folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(waiting)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
