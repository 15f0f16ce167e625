"""Bringing the schools in line with a file: all or nothing, and the same again changes nothing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.utils import timezone

from tests.factories.people import make_school, make_user
from tests.factories.texts import said
from vaern.audit.models import AuditEvent
from vaern.people.domain import import_schools
from vaern.people.models import Organisation, School, SchoolGroup
from vaern.people.queries import danish_order, school_choices
from vaern.people.schoolfile import SchoolRow

pytestmark = pytest.mark.usefixtures("site", "clock")
HEAD = "institutionsnummer;navn;institutionstype_nr;institutionstype;postnr;ejer\n"
A, B = (
    SchoolRow("280001", "Nørre Skole", "1012", "Folkeskoler", "2200", "Kommune"),
    SchoolRow("280002", "Søndre Skole", "1013", "Friskoler", "2300", "Privat"),
)


def counts(result: Any) -> tuple[int, int, int]:
    return result.created, result.changed, result.unchanged


def written() -> tuple[int, int, int]:
    return Organisation.objects.count(), School.objects.count(), AuditEvent.objects.count()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "skoler.csv"
    path.write_text(HEAD + "280001;Nørre Skole;1012;Folkeskoler;2200;Kommune\n280002;Søndre;1013;;;\n", "utf-8")
    return path


def test_new_schools_are_written_with_one_event() -> None:
    user = make_user("administrator")
    result = import_schools(rows=[A, B], actor_id=user.pk)
    assert (counts(result), written()) == ((2, 0, 0), (2, 2, 1))
    school = School.objects.select_related("organisation").get(institution_number="280001")
    assert (school.organisation.name, school.organisation.kind, school.institution_type, school.postcode) == (
        "Nørre Skole", "school", "1012", "2200",
    )  # fmt: skip
    event = AuditEvent.objects.get()
    assert (event.action, event.actor, event.facts) == ("schools.imported", user, {"created": 2, "changed": 0})


def test_the_same_again_changes_nothing() -> None:
    import_schools(rows=[A, B])
    assert (counts(import_schools(rows=[A, B])), written()) == ((0, 0, 2), (2, 2, 1))


def test_a_dry_run_tells_the_same_and_writes_nothing() -> None:
    import_schools(rows=[A])
    renamed = SchoolRow("280001", "Ny Skole", "1013", "Friskoler", "2200", "Kommune")
    dry = import_schools(rows=[renamed, B], dry_run=True)
    assert (counts(dry), written()) == ((1, 1, 0), (1, 1, 1))
    assert Organisation.objects.get().name == "Nørre Skole"
    assert import_schools(rows=[renamed, B]) == dry
    assert dry.changes == (
        "280001 Ny Skole: name: Nørre Skole → Ny Skole, institution_type: 1012 → 1013, "
        "institution_type_name: Folkeskoler → Friskoler",
        "280002 Søndre Skole: new",
    )


def test_schools_that_are_not_in_the_file_stay() -> None:
    import_schools(rows=[A, B])
    import_schools(rows=[A])
    assert School.objects.count() == 2


def test_a_closing_date_closes_and_its_absence_reopens_nothing() -> None:
    import_schools(rows=[A])
    import_schools(rows=[SchoolRow("280001", "Nørre Skole", "1012", closed_on=dt.date(2026, 12, 31))])
    assert Organisation.objects.get().active_to == dt.date(2026, 12, 31)
    assert counts(import_schools(rows=[A])) == (0, 0, 1)
    assert Organisation.objects.get().active_to == dt.date(2026, 12, 31)


def test_an_empty_field_empties_nothing() -> None:
    import_schools(rows=[A])
    assert counts(import_schools(rows=[SchoolRow("280001", "Nørre Skole", "1012")])) == (0, 0, 1)
    assert School.objects.get().postcode == "2200"


def test_all_or_nothing() -> None:
    with pytest.raises(IntegrityError):
        import_schools(rows=[A, B, B])
    assert written() == (0, 0, 0)


def test_the_command(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_schools", file, dry_run=True)
    assert capsys.readouterr().out.splitlines() == [
        "280001 Nørre Skole: new",
        "280002 Søndre: new",
        "Dry run, nothing written: 2 schools new, 0 changed, 0 unchanged.",
    ]
    assert School.objects.count() == 0
    call_command("import_schools", file)
    assert capsys.readouterr().out == "2 schools new, 0 changed, 0 unchanged.\n"
    call_command("import_schools", file)
    assert capsys.readouterr().out == "0 schools new, 0 changed, 2 unchanged.\n"


def test_the_command_names_bad_rows_and_writes_nothing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with file.open("a", encoding="utf-8") as more:
        more.write("x;A;1012;;;\n280003;;1012;;;\n")
    with pytest.raises(CommandError, match=r"^2 bad rows. Nothing was written.$"):
        call_command("import_schools", file)
    assert capsys.readouterr().err.splitlines() == [
        "Line 4: the institution number must have six digits.",
        "Line 5: the name is missing.",
    ]
    assert written() == (0, 0, 0)


def test_the_command_without_a_file_or_without_sense(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_schools", tmp_path / "none.csv")
    with pytest.raises(CommandError, match="directory"):
        call_command("import_schools", tmp_path)
    (tmp_path / "x").write_bytes(b"\xff\xfe")
    with pytest.raises(CommandError, match="names neither"):
        call_command("import_schools", tmp_path / "x")


def test_the_command_before_setup() -> None:
    SchoolGroup.objects.all().delete()
    with pytest.raises(CommandError, match="setup_site"):
        call_command("import_schools", "x.csv")


def test_todays_schools_in_groups_and_danish_order(django_assert_num_queries: Any) -> None:
    today = timezone.localdate()
    names = ["Åboulevardens Skole", "Ørestad Skole", "Ægirs Skole", "Zoskolen", "Amager Skole"]
    for number, name in enumerate(names):
        make_school(name, number=f"28000{number}")
    make_school("Friskolen", type_code="1013", number="280010")
    make_school("Specialskolen", type_code="1015", number="280011")
    make_school("Lukket", active_to=today)
    make_school("Kommer", active_from=today + dt.timedelta(days=1))
    make_school("Lukker i morgen", number="280012", active_to=today + dt.timedelta(days=1))
    with django_assert_num_queries(2):
        choices = school_choices()
    assert choices == [
        (
            said("Public schools"),
            [
                ("280004", "Amager Skole"),
                ("280012", "Lukker i morgen"),
                ("280003", "Zoskolen"),
                ("280002", "Ægirs Skole"),
                ("280001", "Ørestad Skole"),
                ("280000", "Åboulevardens Skole"),
            ],
        ),
        (said("Free and private schools"), [("280010", "Friskolen")]),
        (said("Other schools"), [("280011", "Specialskolen")]),
    ]


def test_schools_of_one_name_are_told_apart() -> None:
    make_school("Nørre Skole", number="280001")
    make_school("Nørre Skole", type_code="1013", number="280002")
    make_school("Nørre Skole", type_code="1015", number="280003")
    names = [name for _heading, choices in school_choices() for _number, name in choices]
    assert names == [
        "Nørre Skole (Folkeskoler)",
        "Nørre Skole (Friskoler og private grundskoler)",
        "Nørre Skole (280003)",
    ]


def test_without_schools_there_are_no_headings() -> None:
    assert school_choices() == []
    assert sorted(["å", "a", "ø", "z", "æ"], key=danish_order) == ["a", "z", "æ", "ø", "å"]
