#!/usr/bin/env python3
"""Fail when a lock names a registry or a host, or leaves a package without a hash.

Requirement files are read by an allow-list of line shapes, not by a list of forbidden words: an index address
that somebody's pip.conf smuggles in has many spellings.

usage: lock_check.py [ROOT]     (standard library only)
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

NAME = r"[A-Za-z0-9][A-Za-z0-9._-]*(?:\[[A-Za-z0-9,._-]+\])?"
PINNED = re.compile(rf"^({NAME})==([A-Za-z0-9.!+_-]+)( ; [A-Za-z0-9_<>=!.'\"() ]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")
WANTED = re.compile(rf"^{NAME}( *[<>=!~]=?[A-Za-z0-9.*<>=!~, ]+)?( ; [^/:]+)?$")
OTHER_FILE = re.compile(r"^-[rc] [a-z0-9]+\.(in|txt)$")
COMMENT = re.compile(r"^\s*#(?!.*://)")
NPM_SETTING = re.compile(r"^[a-z-]+=(true|false|\d+)$")
NPM_VERSION = re.compile(r"^[\^~>=<*|. 0-9A-Za-z+-]+$")
CHAIN = ("base", "dev", "e2e")


def lock_problems(path: Path) -> Iterator[str]:
    """Lines of a .txt that are neither a pin nor one of its hashes, and pins without a hash."""
    lines = path.read_text().splitlines()
    for number, line in enumerate(lines, 1):
        if PINNED.match(line):
            if number == len(lines) or not HASH.match(lines[number]):
                yield f"{path.name}:{number}: no hash: {line}"
        elif not (HASH.match(line) or COMMENT.match(line) or not line):
            yield f"{path.name}:{number}: neither a pin nor a hash: {line}"


def wish_problems(path: Path) -> Iterator[str]:
    """Lines of a .in that are not a plain requirement or a neighbouring file."""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line and not (WANTED.match(line) or OTHER_FILE.match(line) or COMMENT.match(line)):
            yield f"{path.name}:{number}: not a plain requirement: {line}"


def pins(path: Path) -> set[str]:
    """The pins of a lock."""
    return {line for line in path.read_text().splitlines() if PINNED.match(line)}


def chain_problems(folder: Path) -> Iterator[str]:
    """One .venv serves all locks, so a smaller lock must be part of the larger one."""
    for small, large in pairwise(CHAIN):
        for pin in sorted(pins(folder / f"{small}.txt") - pins(folder / f"{large}.txt")):
            yield f"{large}.txt: differs from {small}.txt (make lock): {pin[:-2]}"


def npm_problems(path: Path) -> Iterator[str]:
    """Packages with an address or without an integrity hash."""
    packages: dict[str, dict[str, Any]] = json.loads(path.read_text())["packages"]
    for name, facts in packages.items():
        if "resolved" in facts:
            yield f"{path.name}: {name or 'root'}: names where it came from (resolved)"
        if name and not str(facts.get("integrity", "")).startswith("sha512-"):
            yield f"{path.name}: {name}: no integrity hash"
        for kind in ("dependencies", "devDependencies", "optionalDependencies"):
            for other, version in facts.get(kind, {}).items():
                if not NPM_VERSION.match(version):
                    yield f"{path.name}: {name or 'root'}: {other} is no plain version: {version}"


def npmrc_problems(path: Path) -> Iterator[str]:
    """Anything in the project's .npmrc but switches: no registry, no credentials."""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line and not (NPM_SETTING.match(line) or COMMENT.match(line)):
            yield f"{path.name}:{number}: not a plain switch: {line}"


def problems(root: Path) -> list[str]:
    """Everything wrong with the locks of a checkout."""
    folder = root / "requirements"
    found = [line for path in sorted(folder.glob("*.txt")) for line in lock_problems(path)]
    found += [line for path in sorted(folder.glob("*.in")) for line in wish_problems(path)]
    found += chain_problems(folder)
    found += npm_problems(root / "package-lock.json")
    found += npmrc_problems(root / ".npmrc") if (root / ".npmrc").exists() else []
    found += [f"{name}: a lock with host names does not belong here" for name in ("uv.lock",) if (root / name).exists()]
    return found


def main(argv: list[str]) -> int:
    """Print the problems; exit 1 when there are any."""
    found = problems(Path(argv[0]) if argv else Path(__file__).resolve().parent.parent)
    print("\n".join(found) or "The locks hold pins and hashes only.")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
