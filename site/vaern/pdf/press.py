"""Where the site asks for PDFs. WeasyPrint never enters a web worker: it costs 70 MB there, and needs libraries of the
operating system that a small machine may not have."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from base64 import b64decode
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

OWN_STATIC = Path(__file__).parent / "static"
SECONDS_EACH = 60


class PdfUnavailable(Exception):
    """This machine cannot make PDFs; the text says why, for a log or for staff, never for a reader."""


def make_pdfs(documents: Sequence[str]) -> list[bytes]:
    """Return one PDF a document, in their order; the same document gives the same bytes with the same WeasyPrint.

    A document is a whole HTML page with `lang`, `<title>` and headings that become bookmarks. It takes its style
    sheets, fonts and pictures as `static:PATH` (STATICFILES_DIRS, and `static:pdf/print.css` from here); no other
    address is read. Takes a second and more: never within a lock or a transaction. Raises PdfUnavailable.
    """
    folders = [str(OWN_STATIC), *(str(folder) for folder in settings.STATICFILES_DIRS)]
    argv = [sys.executable, "-m", "vaern.pdf.printer", *folders]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONIOENCODING": "utf-8"}
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module, no shell
            argv,
            input=json.dumps(list(documents)).encode(),
            capture_output=True,
            check=False,
            env=env,
            timeout=SECONDS_EACH * max(len(documents), 1),
        )
    except subprocess.TimeoutExpired as error:
        raise PdfUnavailable("making the PDF took too long") from error
    if done.returncode != 0:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise PdfUnavailable(last[0] if last else f"the printer ended with {done.returncode}")
    return [b64decode(each) for each in json.loads(done.stdout)]
