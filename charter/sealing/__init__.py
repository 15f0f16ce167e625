"""The platform's seal on receipts (PAdES): how it stands, and sealing one. A lapsed certificate never seals."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
import os
import subprocess
import sys
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings

log = logging.getLogger("vaern.jobs")
SECONDS = 60
MOST_LINES, LONGEST_LINE = 20, 300
WARN_DAYS = (60, 30, 14, 7, 1, 0)
REASON = "Forseglet af platformen Værn"


class SealUnavailable(Exception):
    """Nothing can be sealed now; the text says why, for a log or for staff."""


@dataclass(frozen=True)
class Seal:
    """The certificate as it stands: whose it is, its fingerprint and its last moment."""

    name: str
    fingerprint: str
    begins: dt.datetime
    ends: dt.datetime

    def holds(self, now: dt.datetime) -> bool:
        """Say whether it may seal at this moment."""
        return self.begins <= now < self.ends

    def days_left(self, now: dt.datetime) -> int:
        """Return the whole days until it lapses; negative when it has."""
        return (self.ends - now).days


@dataclass(frozen=True)
class Sealed:
    """Sealed bytes, by which certificate, and whether an authority stamped the time."""

    content: bytes
    certificate: str
    timestamped: bool


def present() -> Seal:
    """Return the certificate of the settings. Raises SealUnavailable where there is none."""
    path = Path(settings.VAERN_SEAL_CERTIFICATE) if settings.VAERN_SEAL_CERTIFICATE else None
    if path is None or not path.is_file() or not Path(settings.VAERN_SEAL_KEY).is_file():
        raise SealUnavailable("no seal is configured (VAERN_SEAL_KEY, VAERN_SEAL_CERTIFICATE)")
    try:
        read = x509.load_pem_x509_certificate(path.read_bytes())
    except ValueError as error:
        raise SealUnavailable("the certificate cannot be read") from error
    names = read.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    fingerprint = hashlib.sha256(read.public_bytes(Encoding.DER)).hexdigest()
    name = str(names[0].value) if names else ""
    return Seal(name, fingerprint, read.not_valid_before_utc, read.not_valid_after_utc)


def seal(pdf: bytes, *, now: dt.datetime) -> Sealed:
    """Return the PDF with the seal upon the whole of it. Takes a second and more: never within a transaction.

    Raises SealUnavailable, also for a certificate that has lapsed or does not hold yet.
    """
    certificate = present()
    if not certificate.holds(now):
        raise SealUnavailable("the certificate has lapsed, or does not hold yet")
    job = {
        "pdf": b64encode(pdf).decode(),
        "key": settings.VAERN_SEAL_KEY,
        "certificate": settings.VAERN_SEAL_CERTIFICATE,
        "passphrase": settings.VAERN_SEAL_PASSPHRASE,
        "tsa": settings.VAERN_TSA_URL,
        "reason": REASON,
        "name": certificate.name,
    }
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONIOENCODING": "utf-8"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "charter.sealing.sealer"],
            input=json.dumps(job).encode(),
            capture_output=True,
            check=False,
            env=env,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise SealUnavailable("sealing took too long") from error
    if done.returncode != 0:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise SealUnavailable(last[0] if last else f"the sealer ended with {done.returncode}")
    # It says what an authority or a library made of it, and nothing of what is sealed; the rest is in `timestamped`.
    for line in done.stderr.decode(errors="replace").split("\n")[:MOST_LINES]:
        if line.strip():
            log.warning("the sealer says: %s", line.strip()[:LONGEST_LINE])
    answer = json.loads(done.stdout)
    return Sealed(b64decode(answer["pdf"]), certificate.fingerprint, answer["timestamped"])
