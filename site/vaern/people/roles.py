"""The one policy module: which role may do what (domain.md §1).

A role is a Django group; its permissions are named as "app.codename", so that this module imports none of the
apps above it. `setup_site` writes the groups to the database, and running it again repairs them.
"""

from __future__ import annotations

from dataclasses import dataclass

EDITOR = "editor"
COORDINATOR = "coordinator"
APPROVER = "approver"
ADMINISTRATION_COORDINATOR = "administration-coordinator"
FACILITATOR = "facilitator"
SIGNATORY = "partner-signatory"
PRIVACY_OFFICER = "privacy-officer"
ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Role:
    """A group's Danish display name and its permissions."""

    name: str
    permissions: tuple[str, ...] = ()


_ADMIN = "wagtailadmin.access_admin"
_PEOPLE = (
    "people.view_organisation",
    "people.add_organisation",
    "people.change_organisation",
    "people.view_school",
    "people.view_administration",
    "people.view_schoolgroup",
)
_TARGETS = ("goals.view_goalyear", "goals.add_goalyear", "goals.change_goalyear")

ROLES: dict[str, Role] = {
    EDITOR: Role(
        "Redaktør",
        (
            _ADMIN,
            "simple_translation.submit_translation",
            *(f"courses.{verb}_{model}" for model in ("subject", "theme") for verb in ("view", "add", "change")),
            *(f"guidance.{verb}_{model}" for model in ("contact", "situation") for verb in ("view", "add", "change")),
        ),
    ),
    COORDINATOR: Role(
        "Koordinator",
        (
            _ADMIN,
            *_PEOPLE,
            "bookings.view_session",
            "bookings.add_session",
            "bookings.change_session",
            "bookings.view_booking",
            "bookings.manage_bookings",
            "bookings.report_any_attendance",
            "goals.view_goal_rows",
        ),
    ),
    APPROVER: Role("Godkender", (_ADMIN, "goals.view_goal_rows", *_TARGETS)),
    ADMINISTRATION_COORDINATOR: Role("Forvaltningskoordinator"),
    FACILITATOR: Role("Underviser", ("bookings.report_own_attendance",)),
    SIGNATORY: Role("Underskriver hos samarbejdspartner"),
    PRIVACY_OFFICER: Role("Databeskyttelsesmedarbejder"),
    ADMINISTRATOR: Role(
        "Administrator",
        (
            _ADMIN,
            *_PEOPLE,
            "people.change_administration",
            "people.add_administration",
            "people.change_schoolgroup",
            "people.add_schoolgroup",
            "people.view_user",
            "people.add_user",
            "people.change_user",
            "goals.view_goal",
            "goals.change_goal",
            *_TARGETS,
        ),
    ),
}
