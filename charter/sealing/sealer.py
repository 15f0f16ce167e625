"""The process that seals: `python -m charter.sealing.sealer`, JSON in, JSON out.

A process of its own: pyHanko takes 45 MB that no web worker should carry, and the key is read nowhere else.
"""

from __future__ import annotations

import io
import json
import sys
from base64 import b64decode, b64encode
from typing import Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import HTTPTimeStamper

FIELD = "Seal"
TSA_SECONDS = 10
# What a document's signature needs; timestamps and chains of certificates are longer.
ROOM = 24_000


def seal(job: dict[str, Any]) -> dict[str, Any]:
    """Return the sealed bytes, with a time stamp where the authority answers, and without it where it does not."""
    passphrase = job["passphrase"].encode() if job["passphrase"] else None
    signer = signers.SimpleSigner.load(job["key"], job["certificate"], key_passphrase=passphrase)
    if signer is None:
        raise ValueError("the key or the certificate cannot be read")
    content = b64decode(job["pdf"])
    if job["tsa"]:
        try:
            stamped = _sealed(content, signer, job, HTTPTimeStamper(job["tsa"], timeout=TSA_SECONDS))
        except Exception as error:  # noqa: BLE001 - whatever an authority does, it never blocks a receipt
            print(f"no time stamp: {type(error).__name__}", file=sys.stderr)
        else:
            return {"pdf": b64encode(stamped).decode(), "timestamped": True}
    return {"pdf": b64encode(_sealed(content, signer, job, None)).decode(), "timestamped": False}


def _sealed(content: bytes, signer: Any, job: dict[str, Any], timestamper: Any) -> bytes:
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        reason=job["reason"],
        name=job["name"],
    )
    written = signers.PdfSigner(metadata, signer=signer, timestamper=timestamper).sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(content)), bytes_reserved=ROOM if timestamper else None
    )
    return bytes(written.getvalue())


if __name__ == "__main__":
    print(json.dumps(seal(json.load(sys.stdin))))
