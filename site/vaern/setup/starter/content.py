"""Read the starter texts: TOML files in `vaern/setup/content/`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "content"


def read(name: str) -> dict[str, Any]:
    """Return what `content/<name>.toml` says."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
