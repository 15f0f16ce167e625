"""The rows every installation begins with. Facts of the action plan 2024–26; staff change them in the database."""

from __future__ import annotations

import datetime as dt
from typing import Any

from vaern.goals.models import Goal, GoalYear
from vaern.people.models import Administration, SchoolGroup

PLAN_BEGINS = dt.date(2024, 1, 1)
PLAN_YEARS = (2024, 2025, 2026)

# code, Danish name, English name, counts in the preparedness goal (handleplan-facts.md).
ADMINISTRATIONS = [
    (
        "BIF",
        "Beskæftigelses- og Integrationsforvaltningen",
        "Employment and Integration Administration",
        True,
    ),
    ("SUF", "Sundheds- og Omsorgsforvaltningen", "Health and Care Administration", True),
    ("TMF", "Teknik- og Miljøforvaltningen", "Technical and Environmental Administration", True),
    ("SOF", "Socialforvaltningen", "Social Services Administration", True),
    ("KFF", "Kultur- og Fritidsforvaltningen", "Culture and Leisure Administration", True),
    ("BUF", "Børne- og Ungdomsforvaltningen", "Children and Youth Administration", False),
]

# The national register's types (danish-context.md §4). Whether special schools count is BIF's to say: not until then.
SCHOOL_TYPES = [
    ("1012", "Folkeskoler", SchoolGroup.Group.PUBLIC),
    ("1013", "Friskoler og private grundskoler", SchoolGroup.Group.PRIVATE),
    ("1014", "Kommunale ungdomsskoler", SchoolGroup.Group.NOT_COUNTED),
    ("1015", "Specialskoler for børn", SchoolGroup.Group.NOT_COUNTED),
    ("1017", "Internationale skoler", SchoolGroup.Group.NOT_COUNTED),
    ("1018", "Internationale grundskoler", SchoolGroup.Group.NOT_COUNTED),
    ("1026", "Skoler for unge med særlige behov", SchoolGroup.Group.NOT_COUNTED),
    ("1061", "Gymnasier og HF-kurser", SchoolGroup.Group.NOT_COUNTED),
    ("1062", "Private gymnasier og HF-kurser", SchoolGroup.Group.NOT_COUNTED),
    ("1071", "Erhvervsskoler", SchoolGroup.Group.NOT_COUNTED),
    ("3001", "Behandlings- og specialundervisningstilbud", SchoolGroup.Group.NOT_COUNTED),
]

_PUPILS_RULE = {
    "rule_da": (
        "Tæller de elever, der var til stede, ikke dem, der var tilmeldt. En elev, der deltager i to workshops, "
        "tæller to gange."
    ),
    "rule_en": (
        "Counts the pupils who were present, not those who were booked. A pupil who takes part in two workshops "
        "counts twice."
    ),
    "unit": Goal.Unit.PUPILS,
    "target_group": 1,
}

# key, pupils a year, the goal itself (handleplan-facts.md, table 1).
GOALS: list[tuple[str, int, dict[str, Any]]] = [
    (
        "elever-folkeskole",
        4000,
        {
            "title_da": "Elever fra folkeskoler i workshops",
            "title_en": "Pupils of public schools in workshops",
            "measure": Goal.Measure.PUPILS_PUBLIC,
            **_PUPILS_RULE,
        },
    ),
    (
        "elever-fri-og-privatskole",
        800,
        {
            "title_da": "Elever fra fri- og privatskoler i workshops",
            "title_en": "Pupils of free and private schools in workshops",
            "measure": Goal.Measure.PUPILS_PRIVATE,
            **_PUPILS_RULE,
        },
    ),
]


def write_reference_data() -> None:
    """Write the rows that are missing; rows that staff have changed stay as they are."""
    for code, name_da, name_en, counts in ADMINISTRATIONS:
        Administration.objects.get_or_create(
            code=code,
            valid_from=PLAN_BEGINS,
            defaults={"name_da": name_da, "name_en": name_en, "counts_in_preparedness_goal": counts},
        )
    for institution_type, type_name, group in SCHOOL_TYPES:
        SchoolGroup.objects.get_or_create(
            institution_type=institution_type,
            valid_from=PLAN_BEGINS,
            defaults={"type_name": type_name, "group": group},
        )
    for key, low, facts in GOALS:
        goal, _created = Goal.objects.get_or_create(key=key, defaults=facts)
        for year in PLAN_YEARS:
            GoalYear.objects.get_or_create(goal=goal, year=year, defaults={"low": low})
