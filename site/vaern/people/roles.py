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

_CHARTER = (
    "charter.view_register",
    "charter.manage_register",
    "charter.view_chartertext",
    *(
        f"charter.{verb}_{model}"
        for model in ("partner", "signatory", "agreement")
        for verb in ("view", "add", "change")
    ),
)

ROLES: dict[str, Role] = {
    EDITOR: Role(
        "Redaktør",
        (
            _ADMIN,
            "simple_translation.submit_translation",
            *(f"pages.{verb}_urgentmessage" for verb in ("view", "add", "change")),
            *(f"wagtailredirects.{verb}_redirect" for verb in ("add", "change", "delete")),
            *(f"evaluation.{verb}_question" for verb in ("view", "add", "change")),
            "feedback.view_feedback",
            "feedback.change_feedback",
            *(f"search.{verb}_synonym" for verb in ("view", "add", "change", "delete")),
            *(f"courses.{verb}_{model}" for model in ("subject", "theme") for verb in ("view", "add", "change")),
            "guidance.view_planversion",
            "guidance.propose_planversion",
            *(f"guidance.{verb}_{model}" for model in ("contact", "situation") for verb in ("view", "add", "change")),
            "materials.view_materialpage",
            "materials.view_storedfile",
            "materials.add_storedfile",
            "materials.withdraw_material",
        ),
    ),
    COORDINATOR: Role(
        "Koordinator",
        (
            _ADMIN,
            *_PEOPLE,
            "bookings.view_deadlinerule",
            "bookings.add_deadlinerule",
            "bookings.change_deadlinerule",
            "schooldays.view_schoolholiday",
            "schooldays.add_schoolholiday",
            "schooldays.change_schoolholiday",
            "outbox.view_message",
            "outbox.manage_messages",
            "outbox.read_messages",
            "outbox.change_texts",
            "bookings.view_session",
            "bookings.add_session",
            "bookings.change_session",
            "bookings.view_booking",
            "bookings.view_visitrequest",
            "bookings.manage_bookings",
            "bookings.report_any_attendance",
            "goals.view_goal_rows",
            "exchange.import_data",
            "evaluation.view_results",
            *(f"evaluation.{verb}_question" for verb in ("view", "add", "change")),
            *(f"evaluation.{verb}_evaluationsettings" for verb in ("view", "change")),
            "certificates.view_certificate",
            "certificates.revoke_certificate",
            *(f"certificates.{verb}_certificatesettings" for verb in ("view", "change")),
            *_CHARTER,
            "charter.propose_chartertext",
        ),
    ),
    APPROVER: Role(
        "Godkender",
        (
            _ADMIN,
            "editors.approve_guidance",
            "goals.view_goal_rows",
            *_TARGETS,
            "guidance.view_planversion",
            "guidance.decide_planversion",
            "charter.view_chartertext",
            "charter.decide_chartertext",
        ),
    ),
    ADMINISTRATION_COORDINATOR: Role(
        "Forvaltningskoordinator",
        (_ADMIN, "workspace.see_own_administration", "exchange.export_own_administration"),
    ),
    FACILITATOR: Role("Underviser", ("bookings.report_own_attendance", "evaluation.view_own_results")),
    SIGNATORY: Role("Underskriver hos samarbejdspartner"),
    PRIVACY_OFFICER: Role("Databeskyttelsesmedarbejder", (_ADMIN, "audit.view_auditevent")),
    ADMINISTRATOR: Role(
        "Administrator",
        (
            _ADMIN,
            *_PEOPLE,
            "outbox.view_message",
            "outbox.manage_messages",
            "people.change_administration",
            "people.add_administration",
            "people.change_schoolgroup",
            "people.add_schoolgroup",
            "people.view_user",
            "people.add_user",
            "people.change_user",
            "guidance.view_planversion",
            "goals.view_goal",
            "goals.change_goal",
            *_TARGETS,
            "exchange.import_data",
        ),
    ),
}
