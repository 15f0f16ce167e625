"""Read the demo's texts: TOML files and a list of schools, beside this module in `content/`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "content"
LANGUAGES = ("da", "en")


@dataclass(frozen=True)
class Teacher:
    """An invented teacher who books."""

    name: str
    email: str


def read(name: str) -> dict[str, Any]:
    """Return what `content/<name>.toml` says."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def school_list() -> bytes:
    """Return the national register's extract of Copenhagen's schools (source: content/README.md)."""
    return (FOLDER / "kbh-skoler.csv").read_bytes()


def teachers() -> list[Teacher]:
    """Return the invented teachers."""
    return [Teacher(row["name"], row["email"]) for row in read("people")["teacher"]]


def venues() -> list[str]:
    """Return the meeting places, as a session's place is written."""
    return [f"{row['name']}, {row['address']}" for row in read("venues")["venue"]]


def district_of(place: str) -> str:
    """Return the district of one of the meeting places, or nothing."""
    districts: dict[str, str] = {f"{row['name']}, {row['address']}": row["district"] for row in read("venues")["venue"]}
    return districts.get(place, "")
