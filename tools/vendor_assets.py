#!/usr/bin/env python3
"""Copy what the site shows of the npm packages dkfds and htmx.org into a folder of static files.

Third-party files are installed, not committed; of dkfds' 17 MB the pages refer to less than one.
- Source-map comments go: the manifest storage refuses a style sheet whose map is not there.
- Each @font-face keeps its woff2 only: dkfds lists older formats first, and browsers take the first. It is parted in
  two: 17 kB with what Danish and English need, and the whole font, fetched only for a name such as Łukasz.
- vendor.json holds the version and each file's SHA-256, so that a test can tell a stale or changed copy.

usage: vendor_assets.py NODE_MODULES OUT_DIR     (standard library only)
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
import shutil
import sys
from pathlib import Path

FACE = re.compile(r"@font-face\s*\{[^}]*\}")
WOFF2 = re.compile(r"url\([^)]*\.woff2[^)]*\)\s*format\([\"']woff2[\"']\)")
REFERENCE = re.compile(r"url\(\s*[\"']?([^\"')]+)[\"']?\s*\)")
CSS_MAP = re.compile(r"/\*#\s*sourceMappingURL=.*?\*/\s*")
JS_MAP = re.compile(r"^//#\s*sourceMappingURL=.*$", re.MULTILINE)
# What dkfds' own Latin1 files hold, and the letters of other European names. The rest comes from the reader's system.
LATIN1 = (
    "U+0020-007E,U+00A0-00FF,U+0131,U+0152-0153,U+02C6,U+02DA,U+02DC,U+2013-2014,U+2018-201A,U+201C-201E,U+2020-2022,"
    "U+2026,U+2030,U+2039-203A,U+2044,U+20AC,U+2122,U+2212"
)
OTHER_LETTERS = "U+0100-0130,U+0132-0151,U+0154-024F,U+0300-036F,U+1E00-1EFF"
PLAIN_COPIES = ("img/all-svg-icons.svg", "LICENSE.md")
FONT_LICENCE = "fonts/IBMPlexSans/complete/woff2/license.txt"


def only_woff2(face: re.Match[str]) -> str:
    """The face with its woff2 source alone; a face that names local fonts only stays as it is."""
    text = face.group(0)
    if "url(" not in text:
        return text
    sources = WOFF2.findall(text)
    if not sources:
        raise SystemExit(f"dkfds has a font without woff2; look at vendor_assets.py: {text[:200]}")
    whole = sources[0]
    return with_source(text, latin1(whole), LATIN1) + with_source(text, whole, OTHER_LETTERS)


def with_source(face: str, source: str, letters: str) -> str:
    """The face with one source in place of all, for these letters."""
    return re.sub(r"src:[^;}]*(;src:[^;}]*)*", lambda _: f"src:{source};unicode-range:{letters}", face, count=1)


def latin1(source: str) -> str:
    """The source of the same face's part with the letters of Western Europe."""
    return source.replace("/complete/", "/split/").replace(".woff2", "-Latin1.woff2")


def collect(dist: Path) -> dict[str, bytes]:
    """Every file to ship, by its path below dkfds/."""
    css = FACE.sub(only_woff2, CSS_MAP.sub("", (dist / "css/dkfds.min.css").read_text()))
    js = JS_MAP.sub("", (dist / "js/dkfds.min.js").read_text())
    files = {"css/dkfds.min.css": css.encode(), "js/dkfds.min.js": js.encode()}
    for reference in REFERENCE.findall(css):
        if reference.startswith(("data:", "#")):
            continue
        name = posixpath.normpath(posixpath.join("css", re.split(r"[?#]", reference)[0]))
        files[name] = (dist / name).read_bytes()
    for name in PLAIN_COPIES:
        files[name] = (dist / name).read_bytes()
    files["fonts/IBMPlexSans/license.txt"] = (dist / FONT_LICENCE).read_bytes()
    return files


def vendor(node_modules: Path, out: Path) -> str:
    """Write the copy beside the old one and swap, so that an interrupted copy is never served."""
    package = json.loads((node_modules / "dkfds" / "package.json").read_text())
    files = collect(node_modules / "dkfds" / "dist")
    fresh, target = out / "dkfds.new", out / "dkfds"
    shutil.rmtree(fresh, ignore_errors=True)
    for name, data in files.items():
        path = fresh / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
    facts = {"package": "dkfds", "version": package["version"], "files": sums}
    (fresh / "vendor.json").write_text(json.dumps(facts, indent=1) + "\n")
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
    vendor_htmx(node_modules, out)
    size = sum(map(len, files.values())) / 1e6
    return f"dkfds {package['version']}: {len(files)} files, {size:.2f} MB in {target}"


def vendor_htmx(node_modules: Path, out: Path) -> None:
    """Copy the one file of htmx.org that pages use, with its licence."""
    package, target = node_modules / "htmx.org", out / "htmx"
    target.mkdir(parents=True, exist_ok=True)
    for name, source in (("htmx.min.js", "dist/htmx.min.js"), ("LICENSE", "LICENSE")):
        (target / name).write_bytes((package / source).read_bytes())


if __name__ == "__main__":
    print(vendor(Path(sys.argv[1]), Path(sys.argv[2])))
