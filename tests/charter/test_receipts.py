"""Receipts: made once, sealed over the whole of it, found out when a byte changes; reminders and watching."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import time_machine
from django.core.files.storage import storages
from django.db import connection
from django.utils import timezone
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from charter import evidence
from charter.domain import receipts, watch
from charter.domain.receipts import issue_receipts
from charter.domain.reminders import remind
from charter.domain.requests import decline_request
from charter.domain.watch import check_chain, check_seal
from charter.export import package
from charter.models import Event, Invitation, Personal, Receipt, Request, Term
from charter.sealing import Seal, Sealed, SealUnavailable, present, seal
from tests.conftest import NOW
from tests.factories.charter import make_partner, make_seal, publish, signed
from tests.factories.people import make_user
from vaern.outbox.models import Message
from vaern.outbox.registry import renderer_of
from vaern.outbox.relay import send_next
from vaern.pdf.press import PdfUnavailable

DAY = dt.timedelta(days=1)


@pytest.fixture
def sealed(site: None, settings: Any, tmp_path: Path) -> Path:
    """A seal that holds, and a storage of the test's own."""
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "private"},
        },
    }
    make_seal(tmp_path, settings, begins=timezone.now() - DAY)
    return tmp_path


def intact(content: bytes) -> tuple[bool, bool]:
    """What pyHanko says: intact, and covering the whole file."""
    found = PdfFileReader(io.BytesIO(content)).embedded_signatures[0]
    # A self-made certificate is trusted by nobody but this test.
    status = validate_pdf_signature(found, ValidationContext(trust_roots=[found.signer_cert], allow_fetching=False))
    return status.intact and status.valid, status.coverage.name == "ENTIRE_FILE"


def tool(*words: str) -> str:
    return subprocess.run(words, capture_output=True, check=False, text=True).stdout  # noqa: S603


def pdfsig(path: Path) -> str:
    return tool("pdfsig", "-nocert", str(path))


@pytest.mark.usefixtures("sealed")
def test_a_receipt_is_made_once_and_sealed(sealed: Path, mailoutbox: Any) -> None:
    text = publish()
    done = signed(make_partner("Foreningen Ærlig & Søn", cvr="64942212"))
    assert done.term is not None
    assert issue_receipts() == 1
    assert issue_receipts() == 0
    receipt = Receipt.objects.get()
    with storages["private"].open(receipt.path) as stored:
        content = stored.read()
    assert hashlib.sha256(content).hexdigest() == receipt.sha256
    assert intact(content) == (True, True)
    said = pdfsig(Path(storages["private"].path(receipt.path)))
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    changed = sealed / "changed.pdf"
    place = len(content) // 2
    changed.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
    assert "Digest Mismatch" in pdfsig(changed)
    words = tool("pdftotext", "-layout", storages["private"].path(receipt.path), "-")
    for part in ("Foreningen Ærlig & Søn", "64942212", text.sha256[:32], "Åse Ærlig", "Vi taler sammen", "a•••@"):
        assert part in words, part
    message = Message.objects.get(kind="charter.receipt")
    mail = renderer_of("charter.receipt")(message.context)
    assert [file.content for file in mail.attachments] == [content]
    while send_next():
        pass
    sent = [mail for mail in mailoutbox if mail.attachments]
    parts = [part.get_payload(decode=True) for part in sent[0].message().walk() if part.get_content_subtype() == "pdf"]
    assert (len(sent), parts) == (1, [content])
    assert evidence.broken_at() is None
    # The records system gets the same bytes, and no person's name beside them.
    packed = zipfile.ZipFile(io.BytesIO(package(Term.objects.get())))
    assert packed.read("kvittering.pdf") == content
    about = json.loads(packed.read("metadata.json"))
    assert about["parties"] == ["Københavns Kommune", "Foreningen Ærlig & Søn"]
    assert "Åse" not in json.dumps(about, ensure_ascii=False)
    # Erasing who signed changes neither the chain nor the bytes.
    Personal.objects.all().delete()
    assert evidence.broken_at() is None
    with storages["private"].open(receipt.path) as stored:
        assert hashlib.sha256(stored.read()).hexdigest() == receipt.sha256


def test_nothing_is_sealed_with_a_lapsed_certificate(site: None, settings: Any, tmp_path: Path) -> None:
    now = timezone.now()
    make_seal(tmp_path, settings, begins=now - 2 * DAY, ends=now - DAY)
    publish()
    signed(make_partner())
    assert issue_receipts() == 0
    assert Receipt.objects.count() == 0
    with pytest.raises(SealUnavailable, match="lapsed"):
        seal(b"%PDF-1.7", now=now)


def test_without_a_printer_receipts_wait(sealed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_documents: Any) -> Any:
        raise PdfUnavailable("no printer")

    monkeypatch.setattr(receipts, "make_pdfs", broken)
    publish()
    signed(make_partner())
    assert issue_receipts() == 0
    assert Message.objects.filter(kind="charter.receipt").count() == 0


def two_waiting(monkeypatch: pytest.MonkeyPatch) -> tuple[Term, Term]:
    """Two terms whose receipts wait, and a printer that prints."""
    monkeypatch.setattr(receipts, "make_pdfs", lambda pages: [page.encode() for page in pages])
    publish()
    first, second = signed(make_partner()).term, signed(make_partner()).term
    assert first is not None
    assert second is not None
    return first, second


@pytest.mark.parametrize("stage", ["document", "seal", "seal unavailable", "signers"])
@pytest.mark.usefixtures("sealed")
def test_a_receipt_that_fails_holds_up_no_other(
    stage: str, sealed: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = two_waiting(monkeypatch)

    def document(term: Term) -> str:
        if stage == "document" and term == first:
            raise IndexError("no signer")
        return str(term.pk)

    def sealing(pdf: bytes, *, now: dt.datetime) -> Sealed:
        if pdf == str(first.pk).encode() and stage.startswith("seal"):
            raise SealUnavailable("too slow") if stage == "seal unavailable" else ValueError("broken answer")
        return Sealed(pdf, "0" * 64, timestamped=False)

    def signing(term: Term) -> Any:
        if stage == "signers" and term == first:
            raise ValueError("somebody's fact cannot be read")
        return []

    monkeypatch.setattr(receipts, "document", document)
    monkeypatch.setattr(receipts, "seal", sealing)
    monkeypatch.setattr(receipts, "signers", signing)
    assert issue_receipts() == 1
    assert [row.term for row in Receipt.objects.all()] == [second]
    assert [getattr(record, "term", "") for record in caplog.records if record.name == "vaern.jobs"] == [
        str(first.uuid)
    ]
    # Nothing lies in the storage that no row names.
    assert [path.parent.name for path in (sealed / "private").rglob("*.pdf")] == [str(second.uuid)]
    assert evidence.broken_at() is None


@pytest.mark.usefixtures("sealed")
def test_receipts_that_cannot_be_written_fill_no_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = two_waiting(monkeypatch)
    monkeypatch.setattr(receipts, "BATCH", 1)
    monkeypatch.setattr(receipts, "document", lambda term: str(term.pk) if term == second else str(1 // 0))
    monkeypatch.setattr(receipts, "seal", lambda pdf, now: Sealed(pdf, "0" * 64, timestamped=False))
    assert issue_receipts() == 1
    assert list(Term.objects.filter(receipt=None)) == [first]


@pytest.mark.usefixtures("site")
def test_a_time_stamp_that_fails_is_told_and_blocks_nothing(
    settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    make_seal(tmp_path, settings, begins=timezone.now() - DAY)
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        buffer = io.BytesIO()
        pdf.save(buffer)
    done = seal(buffer.getvalue(), now=timezone.now())
    assert (done.timestamped, [record.getMessage() for record in caplog.records]) == (False, [])
    settings.VAERN_TSA_URL = "http://127.0.0.1:9/"  # nobody answers there
    done = seal(buffer.getvalue(), now=timezone.now())
    assert (done.timestamped, intact(done.content)) == (False, (True, True))
    said = [(record.levelname, record.getMessage()) for record in caplog.records]
    assert [level for level, _text in said] == ["WARNING"] * len(said)
    assert any(text.startswith("the sealer says: no time stamp: ") for _level, text in said)


@pytest.mark.usefixtures("site", "clock")
def test_watching_takes_no_lock(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The chain is hashed, and the certificate read, outside of the transaction in which is told."""
    make_user("coordinator")
    outside = len(connection.savepoint_ids)
    seen = []

    def look(found: Any) -> Any:
        def looking() -> Any:
            seen.append(len(connection.savepoint_ids) - outside)
            return found

        return looking

    def telling(*_args: Any, **_facts: Any) -> int:
        seen.append(len(connection.savepoint_ids) - outside)
        return 1

    now = timezone.now()
    make_seal(tmp_path, settings, begins=now - DAY, ends=now + 5 * DAY)
    monkeypatch.setattr(evidence, "broken_at", look(7))
    monkeypatch.setattr(watch, "present", look(present()))
    monkeypatch.setattr(watch, "tell_staff", telling)
    assert check_chain(now=now) == 7
    assert check_seal(now=now) == "lapsing"
    assert seen == [0, 1, 0, 1]


@pytest.mark.usefixtures("site", "clock")
def test_the_seal_warns_before_it_lapses(settings: Any, tmp_path: Path) -> None:
    make_user("coordinator")
    now = timezone.now()
    make_seal(tmp_path, settings, begins=now - DAY, ends=now + 61 * DAY)
    assert isinstance(present(), Seal)
    assert check_seal(now=now) == ""
    assert [check_seal(now=now + days * DAY) for days in (2, 3, 32, 61)] == ["lapsing", "lapsing", "lapsing", "lapsed"]
    assert Message.objects.filter(kind="charter.alarm").count() == 3


@pytest.mark.usefixtures("site", "clock")
def test_a_broken_chain_is_told(settings: Any) -> None:
    make_user("coordinator")
    publish()
    signed(make_partner())
    assert check_chain(now=timezone.now()) is None
    Personal.objects.filter(name="name").update(value="En anden")
    assert check_chain(now=timezone.now()) == Event.objects.get(kind="signed").number
    assert check_chain(now=timezone.now()) is not None
    assert Message.objects.filter(kind="charter.alarm").count() == 1


@pytest.mark.usefixtures("site")
def test_reminders(clock: time_machine.Coordinates) -> None:
    publish()
    signed(make_partner())
    sent = []
    for day in range(300, 400):
        clock.move_to(NOW + day * DAY)
        if remind(now=timezone.now()):
            assert remind(now=timezone.now()) == 0
            sent.append(day - 365)
    assert sent == [-60, -30, -14, -7, 1]
    assert Message.objects.filter(kind="charter.reminder").count() == 5
    assert Request.objects.filter(state="open").count() == 1
    message = Message.objects.filter(kind="charter.reminder").latest("pk")
    assert "/charter/underskriv/" in renderer_of("charter.reminder")(message.context).body


@pytest.mark.usefixtures("site")
def test_an_outage_collapses_reminders_and_no_ends_them(clock: time_machine.Coordinates) -> None:
    publish()
    signed(make_partner())
    signed(make_partner())
    clock.move_to(NOW + 352 * DAY)
    assert remind(now=timezone.now()) == 2
    assert Message.objects.filter(kind="charter.reminder").count() == 2
    decline_request(invitation_id=Invitation.objects.filter(request__state="open").latest("pk").pk)
    clock.move_to(NOW + 358 * DAY)
    assert remind(now=timezone.now()) == 1
    clock.move_to(NOW + 366 * DAY)
    assert remind(now=timezone.now()) == 1
    assert Message.objects.filter(kind="charter.reminder").count() == 4


@pytest.mark.usefixtures("site")
def test_who_has_renewed_is_not_reminded(clock: time_machine.Coordinates) -> None:
    publish()
    partner = make_partner()
    signed(partner)
    clock.move_to(NOW + 306 * DAY)
    signed(partner)
    for day in (335, 351, 358, 366):
        clock.move_to(NOW + day * DAY)
        assert remind(now=timezone.now()) == 0
