"""Reading a list of schools: our own layout and the national register's."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from django.utils import translation

from vaern.people.schoolfile import BadRow, SchoolRow, UnreadableFile, read_schools


@pytest.fixture(autouse=True)
def _english(_danish: None) -> None:
    """The reasons as the code has them."""
    translation.activate("en")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_encodings(encoding: str) -> None:
    found = read_schools((OWN + "280001;Åløkke Skole;1012;;;\n").encode(encoding), known_types=TYPES)
    assert [row.name for row in found.rows] == ["Åløkke Skole"]


TYPES = {"1012", "1013", "1015"}
OWN = "institutionsnummer;navn;institutionstype_nr;institutionstype;postnr;ejer\n"
GOOD = "280001;Nørre Skole;1012;Folkeskoler;2200;Kommune\n"
EXTRACT = Path(__file__).parents[2] / "site" / "vaern" / "demo" / "content" / "kbh-skoler.csv"

# The register's file has some thirty columns; these are the ones that are read, among others.
COLUMNS = [
    "INSTITUTIONSNUMMER", "INSTITUTIONSNAVN", "ENHEDSART", "ENHEDSART_NAVN", "INSTITUTIONSLEDER",
    "ADRESSE", "POSTNUMMER", "POSTDISTRIKT", "TELEFONNUMMER", "E-MAIL",
    "WEB-ADRESSE", "TYPE NR", "TYPE NAVN", "EJERKODE", "EJERKODE NAVN",
    "BELIGGENHEDSKOMMUNE", "ADMINISTRATIV KOMMUNE", "REGION", "CVR-NUMMER", "P-NUMMER",
    "EAN", "UNDERVISNINGSNIVEAU", "GEO BREDDE", "GEO LÆNGDE", "OPRETTET",
    "NEDLÆGGELSESDATO", "HOVEDSKOLE", "FAX", "BEMÆRKNING", "RETTET",
]  # fmt: skip


def own(*lines: str) -> bytes:
    return (OWN + "".join(lines)).encode()


def register(*rows: dict[str, str], newline: str = "\r\n") -> bytes:
    """A file as the register gives it: byte-order mark, Windows line ends, thirty columns."""
    filled = {
        "INSTITUTIONSNUMMER": "280001",
        "INSTITUTIONSNAVN": "Nørre Skole",
        "TYPE NR": "1012",
        "TYPE NAVN": "Folkeskoler",
        "POSTNUMMER": "2200",
        "EJERKODE NAVN": "Kommune",
        "BELIGGENHEDSKOMMUNE": "Københavns Kommune",
        "ADRESSE": '"Nørre Allé 7; sal 2"',
    }
    lines = [";".join(COLUMNS), *(";".join((filled | row).get(name, "") for name in COLUMNS) for row in rows)]
    return ("\ufeff" + newline.join(lines) + newline).encode()


def bad(data: bytes) -> list[BadRow]:
    return read_schools(data, known_types=TYPES).bad


def test_our_own_layout() -> None:
    reading = read_schools(own(GOOD), known_types=TYPES)
    row = SchoolRow("280001", "Nørre Skole", "1012", "Folkeskoler", "2200", "Kommune")
    assert (reading.rows, reading.bad, reading.passed_over) == ([row], [], 0)


def test_the_columns_may_stand_in_any_order_and_letter_case() -> None:
    data = b"NAVN; Institutionstype_NR ;Institutionsnummer;ukendt\nA;1012;280001;x\n"
    assert read_schools(data, known_types=TYPES).rows == [SchoolRow("280001", "A", "1012")]


@pytest.mark.parametrize("newline", ["\r\n", "\n"])
def test_the_registers_layout(newline: str) -> None:
    reading = read_schools(register({"NEDLÆGGELSESDATO": "31-07-2027"}, newline=newline), known_types=TYPES)
    closed = dt.date(2027, 7, 31)
    assert reading.rows == [SchoolRow("280001", "Nørre Skole", "1012", "Folkeskoler", "2200", "Kommune", closed)]


def test_others_rows_of_the_register_are_passed_over_and_counted() -> None:
    rows = [
        {},
        {"INSTITUTIONSNUMMER": "461001", "BELIGGENHEDSKOMMUNE": "Odense Kommune"},
        {"INSTITUTIONSNUMMER": "147001", "BELIGGENHEDSKOMMUNE": "Frederiksberg Kommune"},
        {"INSTITUTIONSNUMMER": "280002", "TYPE NR": "1009", "TYPE NAVN": "Børnehaver"},
        {"INSTITUTIONSNUMMER": "280003", "BELIGGENHEDSKOMMUNE": "KØBENHAVN"},
        {"INSTITUTIONSNUMMER": "280004", "BELIGGENHEDSKOMMUNE": "101"},
    ]
    reading = read_schools(register(*rows), known_types=TYPES)
    assert ([row.number for row in reading.rows], reading.passed_over) == (["280001", "280003", "280004"], 3)


def test_a_bad_row_of_another_municipality_is_nobodys_concern() -> None:
    reading = read_schools(register({"BELIGGENHEDSKOMMUNE": "Odense", "INSTITUTIONSNUMMER": "x"}), known_types=TYPES)
    assert (reading.bad, reading.passed_over) == ([], 1)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("28000;A;1012;;;\n", "the institution number must have six digits"),
        ("28000x;A;1012;;;\n", "the institution number must have six digits"),
        ("٢٨٠٠٠١;A;1012;;;\n", "the institution number must have six digits"),
        (";A;1012;;;\n", "the institution number must have six digits"),
        ("280002;;1012;;;\n", "the name is missing"),
        ("280002;  ;1012;;;\n", "the name is missing"),
        (f"280002;{'x' * 201};1012;;;\n", "the name is longer than 200 characters or holds line breaks"),
        ('280002;"A\nB";1012;;;\n', "the name is longer than 200 characters or holds line breaks"),
        ("280002;A\x07;1012;;;\n", "the name is longer than 200 characters or holds line breaks"),
        ("280002;A;9999;;;\n", "the institution type “9999” is not in the table of school types"),
        ("280002;A;;;;\n", "the institution type “” is not in the table of school types"),
        ("280002;A;1012;;220;\n", "the postcode must have four digits"),
        ("280002;A;1012;;22000;\n", "the postcode must have four digits"),
        ("280002;A;1012\n", "has 3 fields, and the heading has 6"),
        ("280002;A;1012;;;;\n", "has 7 fields, and the heading has 6"),
        ("280001;B;1012;;;\n", "institution number 280001 stands on line 2 too"),
    ],
)
def test_a_bad_row_is_named_by_its_line(line: str, why: str) -> None:
    assert bad(own(GOOD, "\n", line, "280009;Z;1012;;;\n")) == [BadRow(4, why)]


@pytest.mark.parametrize("date", ["2027-07-31", "31-07-2027", "31.07.2027", "31/07/2027", "2027-07-31T00:00:00"])
def test_dates_of_closing(date: str) -> None:
    (row,) = read_schools(register({"NEDLÆGGELSESDATO": date}), known_types=TYPES).rows
    assert row.closed_on == dt.date(2027, 7, 31)


@pytest.mark.parametrize("date", ["31-13-2027", "snart", "0", "99999"])
def test_dates_that_are_none(date: str) -> None:
    assert bad(register({"NEDLÆGGELSESDATO": date})) == [BadRow(2, "the closing date is not a date")]


def test_a_missing_last_field_is_tolerated() -> None:
    reading = read_schools(own("280001;A;1012;Folkeskoler;2200\n"), known_types=TYPES)
    assert (reading.bad, [row.owner for row in reading.rows]) == ([], [""])


def test_every_bad_row_is_told_at_once() -> None:
    found = bad(own("x;A;1012;;;\n", GOOD, ";;;;;\n", "280002;;1012;;;\n"))
    assert [row.line for row in found] == [2, 5]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "names neither"),
        (b"a;b;c\n1;2;3\n", "names neither"),
        (b"PK\x03\x04\x00\x00", "NUL|UTF-8"),
        (b"institutionsnummer;navn\n", "lacks a column: institutionstype_nr"),
        (b"navn;institutionstype_nr\n", "lacks a column: institutionsnummer"),
        (OWN.encode() + b'280001;"A;1012;;;\n', "not a valid CSV"),
        (OWN.encode() + b"280001;A\x00;1012;;;\n", "NUL"),
        (OWN.encode() + b"x" * (20 * 1024 * 1024), "larger than 20 MB"),
    ],
)
def test_files_without_sense(data: bytes, why: str) -> None:
    with pytest.raises(UnreadableFile, match=re.compile(why)):
        read_schools(data, known_types=TYPES)


def test_a_heading_alone_is_an_empty_list() -> None:
    reading = read_schools(OWN.encode(), known_types=TYPES)
    assert (reading.rows, reading.bad) == ([], [])


@pytest.mark.skipif(not EXTRACT.exists(), reason="this checkout has no demo content")
def test_our_extract_of_the_register_has_117_schools() -> None:
    types = {"1012", "1013", "1014", "1015", "1017", "1018", "1026", "1061", "1062", "1071", "3001"}
    reading = read_schools(EXTRACT.read_bytes(), known_types=types)
    assert (len(reading.rows), reading.bad) == (117, [])
    assert len({row.number for row in reading.rows}) == 117
