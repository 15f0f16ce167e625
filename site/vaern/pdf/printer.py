"""The process that prints: JSON list of HTML pages in, JSON list of base64 PDFs out.

usage: python -m vaern.pdf.printer STATIC_FOLDER ...     (without Django)
"""

from __future__ import annotations

import hashlib
import json
import mimetypes
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

SCHEME = "static:"


class OwnFiles(URLFetcher):
    """Fetches static files and data addresses: never a network, never another file of the machine."""

    def __init__(self, folders: list[Path]) -> None:
        super().__init__(allowed_protocols={"data"})
        self.folders = [folder.resolve() for folder in folders]

    def fetch(self, url: str, headers: Any = None) -> Any:
        """Return the file; anything else stops the printing, since a PDF without its fonts must not be kept."""
        if not url.startswith(SCHEME):
            return super().fetch(url, headers)
        name = url.removeprefix(SCHEME)
        for folder in self.folders:
            path = (folder / name).resolve()
            if path.is_relative_to(folder) and path.is_file():
                kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
                return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})
        raise FatalURLFetchingError(f"not a static file: {url[:80]}")


def print_pdf(html: str, files: OwnFiles) -> bytes:
    """Return a tagged PDF; its identifier is made from its text, so that the same text gives the same bytes."""
    identifier = hashlib.sha256(html.encode()).hexdigest()[:32].encode()
    document = HTML(string=html, base_url=SCHEME, url_fetcher=files)
    printed: bytes = document.write_pdf(
        font_config=FontConfiguration(), pdf_variant="pdf/ua-1", pdf_identifier=identifier
    )
    return printed


def main() -> None:
    """Print all that comes in."""
    files = OwnFiles([Path(folder) for folder in sys.argv[1:]])
    pages = json.loads(sys.stdin.buffer.read())
    json.dump([b64encode(print_pdf(page, files)).decode() for page in pages], sys.stdout)


if __name__ == "__main__":
    main()
