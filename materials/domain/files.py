"""Storing files: only kinds that are asked for, each content once."""

from __future__ import annotations

import hashlib
import zipfile
from io import BytesIO
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from materials.models import StoredFile
from materials.models.files import private_storage

PDF = b"%PDF-"
ZIP = b"PK\x03\x04"
ZIPPED = frozenset({"docx", "odp", "ods", "odt", "pptx", "xlsx"})
# Parts of office files that run something.
PROGRAMS = ("vbaproject.bin", "basic/", "scripts/", "activex")


class FileRefused(Exception):
    """A file that is not kept; the text says why, to the person who uploads it."""


class FileChanged(Exception):
    """What lies in the storage is not what was stored. Nothing of it is published."""


def store(*, content: bytes, name: str, title: str, generated: bool = False) -> StoredFile:
    """Keep a file, or return the one that has the same bytes already. Raises FileRefused."""
    extension = check(content, name)
    sha256 = hashlib.sha256(content).hexdigest()
    path = f"materials/{sha256[:2]}/{sha256}.{extension}"
    storage = private_storage()
    # The bytes first: a row never names a file that is not there.
    if not storage.exists(path):
        path = storage.save(path, ContentFile(content))
    with transaction.atomic():
        stored, _created = StoredFile.objects.get_or_create(
            sha256=sha256,
            defaults={
                "title": title[:120],
                "file": path,
                "name": safe_name(name),
                "size": len(content),
                "generated": generated,
            },
        )
    return stored


def check(content: bytes, name: str) -> str:
    """Return the file's extension. Raises FileRefused for a kind that is not allowed, or is not what it says."""
    extension = PurePosixPath(name).suffix.lower().lstrip(".")
    if extension not in settings.WAGTAILDOCS_EXTENSIONS:
        kinds = ", ".join(settings.WAGTAILDOCS_EXTENSIONS)
        raise FileRefused(_("This kind of file cannot be used. Use one of these: %(kinds)s.") % {"kinds": kinds})
    if not content:
        raise FileRefused(_("The file is empty."))
    if len(content) > settings.WAGTAILDOCS_MAX_UPLOAD_SIZE:
        limit = settings.WAGTAILDOCS_MAX_UPLOAD_SIZE // (1024 * 1024)
        raise FileRefused(_("The file is too large: at most %(limit)s MB.") % {"limit": limit})
    if not _is_what_it_says(content, extension):
        raise FileRefused(_("The file is not what its name says, or it holds a program. Save it anew and try again."))
    return extension


def _is_what_it_says(content: bytes, extension: str) -> bool:
    if extension == "pdf":
        return content.startswith(PDF) and b"/JavaScript" not in content and b"/Launch" not in content
    if extension in ZIPPED:
        return content.startswith(ZIP) and _has_no_program(content)
    try:
        return "\x00" not in content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return b"\x00" not in content  # older Danish text files are Latin 1


def _has_no_program(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = [name.lower() for name in archive.namelist()]
    except zipfile.BadZipFile:
        return False
    return not any(part in name for name in names for part in PROGRAMS)


def safe_name(name: str, extension: str = "") -> str:
    """Return a file name of small letters, digits and dashes, as it stands in an address.

    >>> safe_name("Ark 1: Æbler.PDF")
    'ark-1-aebler.pdf'
    """
    path = PurePosixPath(name.replace("/", " "))
    stem = path.stem.lower().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
    suffix = extension or path.suffix.lower().lstrip(".")
    return f"{slugify(stem)[:80] or 'fil'}.{suffix}"


def verify(stored: StoredFile) -> None:
    """Read the file and compare it with its SHA-256. Raises FileChanged, also when it is not there."""
    try:
        with stored.file.open("rb") as handle:
            found = hashlib.file_digest(handle, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise FileChanged(stored.name) from error
    if found != stored.sha256:
        raise FileChanged(stored.name)
