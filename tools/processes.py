"""Children that never outlive us: steps with a log, programs on the terminal, and long-running pairs."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

from dev_common import LOGS, ROOT, DevError, shown

PR_SET_PDEATHSIG = 1
GRACE_SECONDS = 8.0
NEARLY_FULL = 2**20


class Stopped(BaseException):
    """SIGTERM or SIGHUP came; like KeyboardInterrupt it must pass every `except Exception`."""


def turn_signals_into_exceptions() -> None:
    """Let SIGTERM and SIGHUP unwind the stack, so that every `finally` stops what it started."""

    def raise_stopped(_number: int, _frame: FrameType | None) -> None:
        raise Stopped

    signal.signal(signal.SIGTERM, raise_stopped)
    signal.signal(signal.SIGHUP, raise_stopped)


def die_with_parent(number: int = signal.SIGTERM) -> Callable[[], None] | None:
    """A preexec_fn asking Linux to signal the child when we are killed outright; None elsewhere."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:  # the parent died between fork and prctl
            os._exit(1)

    return ask


def start(
    argv: Sequence[str | Path], env: Mapping[str, str], log: Path | None, keep: Sequence[int] = ()
) -> subprocess.Popen[bytes]:
    """Start a leader of its own session: Ctrl-C reaches only us, and we stop the group in our own order."""
    output = None
    if log is not None:
        log.parent.mkdir(parents=True, exist_ok=True)
        output = log.open("wb")
    try:
        return subprocess.Popen(
            [str(part) for part in argv],
            cwd=ROOT,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            start_new_session=True,
            pass_fds=tuple(keep),
            preexec_fn=die_with_parent(),  # noqa: PLW1509 - no threads here, and the hook only calls prctl
        )
    finally:
        if output:
            output.close()


def signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    """Signal the whole group; a group that is gone is what we wanted."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def stop(*processes: subprocess.Popen[bytes]) -> None:
    """Ask all groups to end, wait a little, then end what is left; also orphans of a dead leader."""
    for process in processes:
        signal_group(process, signal.SIGTERM)
    deadline = time.monotonic() + GRACE_SECONDS
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.1, deadline - time.monotonic()))
        signal_group(process, signal.SIGKILL)
        process.wait()


def run_logged(name: str, argv: Sequence[str | Path], env: Mapping[str, str]) -> int:
    """Run a step with its output in var/log/NAME.log; an interruption takes its whole group along."""
    process = start(argv, env, log_of(name))
    try:
        return process.wait()
    finally:
        stop(process)


def log_of(name: str) -> Path:
    """Where the step's output lies."""
    return LOGS / f"{name}.log"


def run_attached(argv: Sequence[str | Path], env: Mapping[str, str]) -> int:
    """Run a program on the reader's terminal: Ctrl-C reaches it directly, SIGTERM through us."""
    words = [str(part) for part in argv]
    process = subprocess.Popen(words, cwd=ROOT, env=dict(env), preexec_fn=die_with_parent())  # noqa: PLW1509
    try:
        return process.wait()
    except BaseException as interruption:
        if not isinstance(interruption, KeyboardInterrupt):
            process.terminate()
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        raise


def require(name: str, argv: Sequence[str | Path], env: Mapping[str, str], failure: str) -> None:
    """Run a logged step and turn a failure into one sentence that names the cause when the log shows it."""
    if run_logged(name, argv, env) != 0:
        raise DevError(f"{failure}: {cause_in(log_of(name))} The whole log: {shown(log_of(name))}")


UNREACHABLE = (
    "Could not resolve",
    "Name or service not known", "name resolution", "NewConnectionError", "Connection refused",
    "ConnectTimeoutError", "ReadTimeoutError", "ProxyError", "Max retries exceeded", "Network is unreachable",
    "SSLError", "ENOTFOUND", "ECONNREFUSED", "ECONNRESET", "EAI_AGAIN", "ETIMEDOUT", "ENETUNREACH",
)  # fmt: skip
CAUSES = (
    (("No space left on device", "ENOSPC", "disk is full", "Disk quota exceeded"), "the disk is full."),
    (("DO NOT MATCH THE HASHES", "EINTEGRITY"), "a downloaded file is not the one in the lock (wrong hash)."),
    (
        UNREACHABLE,
        "the package registry could not be reached; check the network connection or proxy and start again.",
    ),
    (
        ("Permission denied", "EACCES", "Read-only file system", "readonly database"),
        "no permission to write.",
    ),
    (
        ("No matching distribution found",),
        "the registry has no file of a package that fits this Python and machine.",
    ),
    (("database is locked",), "the database is in use by another program."),
)


def cause_in(log: Path) -> str:
    """The first cause we know in the log, else its last line."""
    text = log.read_text(errors="replace") if log.exists() else ""
    if log.exists() and shutil.disk_usage(log).free < NEARLY_FULL:  # then the log itself may be empty
        return "the disk is full."
    for signs, sentence in CAUSES:
        if any(sign in text for sign in signs):
            return sentence
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1].rstrip(".") + "." if lines else "it said nothing."
