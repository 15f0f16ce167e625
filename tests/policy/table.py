"""Who may open which address: the one place where each route's policy is declared.

The site itself decides by permissions; this is the other half, against which it is checked. `tests/policy` asks every
route of the running site, as every role, and compares with this table. A route that stands nowhere here fails the
suite, so a new one gets its line with the pull request that adds it:

    "staff_things:edit": Route(by(COORDINATOR), of="session", leaves="session.changed"),

- `by(...)`: the roles (`people.roles`) that may open it. `EVERYBODY_SIGNED_IN` is anybody with an account.
- `of`: the kind of object that its address names, a function of `tests/policy/world.py`.
- `own`: the roles among them for which only their own objects exist.
- `leaves`: the audit events that sending its form leaves. `tests/policy/recipes.py` says how the form is filled in, or
  which other test proves it. `LOOKS` marks a form that is sent and changes nothing (a preview).

What visitors open without an account stands in PUBLIC. Wagtail's own screens stand in WAGTAIL, by how their names
begin: who may use them follows from Wagtail's permissions, and what is done there is recorded by `vaern.audit.watch`.
"""

from __future__ import annotations

from dataclasses import dataclass

from vaern.people.roles import (
    ADMINISTRATION_COORDINATOR,
    ADMINISTRATOR,
    APPROVER,
    COORDINATOR,
    EDITOR,
    FACILITATOR,
    PRIVACY_OFFICER,
    ROLES,
)

NO_ROLE = "no role"
LOOKS = "looks"
# Screens that landed while this table was being written: their own tests prove their events. New routes do not use this
# (tests/policy counts them).
OWN_TESTS = "own tests"


@dataclass(frozen=True)
class Route:
    """A route's policy; the fields are told in this module's docstring."""

    roles: frozenset[str]
    of: str = ""
    own: frozenset[str] = frozenset()
    leaves: str = ""

    @property
    def writes(self) -> bool:
        """Say whether sending its form can change or take out something."""
        return self.leaves not in {"", LOOKS, OWN_TESTS}


def by(*roles: str) -> frozenset[str]:
    """Return the roles as a set."""
    return frozenset(roles)


def listed(name: str, roles: frozenset[str], *, of: str = "") -> dict[str, Route]:
    """Return the policy of a list and of what its filters fetch: Wagtail has two routes for one list."""
    return {name: Route(roles, of=of), f"{name}_results": Route(roles, of=of)}


EVERYBODY_SIGNED_IN = frozenset({*ROLES, NO_ROLE})
# Those who have Wagtail's admin as their workplace.
STAFF = by(EDITOR, COORDINATOR, APPROVER, ADMINISTRATION_COORDINATOR, PRIVACY_OFFICER, ADMINISTRATOR)

_COORDINATOR = by(COORDINATOR)
_EDITOR = by(EDITOR)
_APPROVER = by(APPROVER)
_ADMINISTRATOR = by(ADMINISTRATOR)
_PEOPLE = by(COORDINATOR, ADMINISTRATOR)
_PLAN = by(EDITOR, APPROVER, ADMINISTRATOR)
_GOALS = by(APPROVER, ADMINISTRATOR)
_REVIEWS = by(EDITOR, APPROVER)
_PRIVACY = by(PRIVACY_OFFICER)
_TEACHING = by(COORDINATOR, FACILITATOR)
_EXCHANGE = by(COORDINATOR, APPROVER, ADMINISTRATION_COORDINATOR, PRIVACY_OFFICER, ADMINISTRATOR)

POLICIES: dict[str, Route] = {
    # -- everybody with an account --
    "workspace": Route(EVERYBODY_SIGNED_IN),
    "bookings:mine": Route(EVERYBODY_SIGNED_IN),
    "bookings:subscribe_signed_in": Route(EVERYBODY_SIGNED_IN, leaves="feed.begun"),
    # -- attendance --
    "bookings:sessions": Route(by(COORDINATOR, FACILITATOR)),
    "bookings:attendance": Route(
        by(COORDINATOR, FACILITATOR), of="begun session", own=by(FACILITATOR), leaves="attendance.reported"
    ),
    # -- the workspace --
    "workspace_today": Route(_COORDINATOR),
    "workspace_calendar": Route(_COORDINATOR),
    "workspace_administration": Route(by(ADMINISTRATION_COORDINATOR)),
    "workspace_series": Route(_COORDINATOR, leaves=OWN_TESTS),
    "workspace_book": Route(_COORDINATOR, of="session", leaves=OWN_TESTS),
    "workspace_hold": Route(_COORDINATOR, of="session", leaves=OWN_TESTS),
    "workspace_bulk": Route(_COORDINATOR, of="bulk action", leaves=OWN_TESTS),
    "workspace_view_save": Route(_COORDINATOR, of="list", leaves=OWN_TESTS),
    "workspace_view_drop": Route(_PEOPLE, of="saved view", own=_PEOPLE, leaves=OWN_TESTS),
    # -- the charter --
    **listed("charter_partners:index", _COORDINATOR),
    **listed("charter_signatories:index", _COORDINATOR),
    **listed("charter_agreements:index", _COORDINATOR),
    "charter_partners:add": Route(_COORDINATOR, leaves=OWN_TESTS),
    "charter_partners:round": Route(_COORDINATOR, leaves=OWN_TESTS),
    "charter_signatories:add": Route(_COORDINATOR, leaves=OWN_TESTS),
    "charter_agreements:add": Route(_COORDINATOR, leaves=OWN_TESTS),
    "charter_texts:propose": Route(_COORDINATOR, leaves=OWN_TESTS),
    "charter_partners:edit": Route(_COORDINATOR, of="partner", leaves=OWN_TESTS),
    "charter_partners:send": Route(_COORDINATOR, of="partner", leaves=OWN_TESTS),
    "charter_partners:cancel": Route(_COORDINATOR, of="request", leaves=OWN_TESTS),
    "charter_partners:resend": Route(_COORDINATOR, of="invitation", leaves=OWN_TESTS),
    "charter_partners:approve": Route(_COORDINATOR, of="signatory", leaves=OWN_TESTS),
    "charter_partners:refuse": Route(_COORDINATOR, of="signatory", leaves=OWN_TESTS),
    "charter_partners:withdraw": Route(_COORDINATOR, of="partner", leaves=OWN_TESTS),
    "charter_partners:annul": Route(_COORDINATOR, of="term", leaves=OWN_TESTS),
    "charter_partners:export": Route(_COORDINATOR, of="term", leaves=OWN_TESTS),
    "charter_signatories:edit": Route(_COORDINATOR, of="signatory", leaves=OWN_TESTS),
    "charter_agreements:edit": Route(_COORDINATOR, of="agreement", leaves=OWN_TESTS),
    "charter_texts:withdraw": Route(_COORDINATOR, of="charter text", leaves=OWN_TESTS),
    "charter_partners:inspect": Route(_COORDINATOR, of="partner"),
    **listed("charter_texts:index", by(COORDINATOR, APPROVER)),
    "charter_texts:inspect": Route(by(COORDINATOR, APPROVER), of="charter text"),
    "charter_texts:publish": Route(_APPROVER, of="charter text", leaves=OWN_TESTS),
    "charter_texts:decline": Route(_APPROVER, of="charter text", leaves=OWN_TESTS),
    # -- evaluation and certificates --
    **listed("evaluation_questions:index", by(EDITOR, COORDINATOR)),
    "evaluation_questions:add": Route(by(EDITOR, COORDINATOR), leaves=OWN_TESTS),
    "evaluation_questions:edit": Route(by(EDITOR, COORDINATOR), of="question", leaves=OWN_TESTS),
    "evaluation_questions:retire": Route(by(EDITOR, COORDINATOR), of="question", leaves=OWN_TESTS),
    **listed("evaluation_settings:index", _COORDINATOR),
    **listed("staff_certificates:index", _COORDINATOR),
    **listed("certificate_settings:index", _COORDINATOR),
    "evaluation_settings:edit": Route(_COORDINATOR, of="evaluation settings", leaves=OWN_TESTS),
    "certificate_settings:edit": Route(_COORDINATOR, of="certificate settings", leaves=OWN_TESTS),
    "staff_certificates:revoke": Route(_COORDINATOR, of="certificate", leaves=OWN_TESTS),
    "staff_certificates:replace": Route(_COORDINATOR, of="certificate", leaves=OWN_TESTS),
    "staff_certificates:inspect": Route(_COORDINATOR, of="certificate"),
    "staff_certificates:pdf": Route(_COORDINATOR, of="certificate"),
    "evaluation:overview": Route(_TEACHING),
    "evaluation:year": Route(_TEACHING, of="year"),
    "evaluation:workshop": Route(_COORDINATOR, of="year and workshop"),
    "evaluation:workshop_file": Route(_COORDINATOR, of="year and workshop", leaves=OWN_TESTS),
    "evaluation:session": Route(_TEACHING, of="begun session", own=by(FACILITATOR)),
    "evaluation:session_file": Route(_TEACHING, of="begun session", own=by(FACILITATOR), leaves=OWN_TESTS),
    # -- attendance at the door and on paper --
    "bookings:walk_in": Route(_TEACHING, of="begun session", own=by(FACILITATOR), leaves=OWN_TESTS),
    "bookings:roll_file": Route(_TEACHING, of="begun session", own=by(FACILITATOR), leaves=OWN_TESTS),
    "bookings:substitute_links": Route(_TEACHING, of="begun session", own=by(FACILITATOR), leaves=OWN_TESTS),
    "bookings:paper_list": Route(_TEACHING, of="begun session", own=by(FACILITATOR), leaves=OWN_TESTS),
    "bookings:roll_template": Route(_TEACHING, of="begun session", own=by(FACILITATOR), leaves=OWN_TESTS),
    "bookings:poster": Route(_TEACHING, of="begun talk", own=by(FACILITATOR)),
    "bookings:poster_pdf": Route(_TEACHING, of="begun talk", own=by(FACILITATOR)),
    # -- goals --
    "goals:coordinator": Route(by(COORDINATOR, APPROVER)),
    "goals:coordinator_year": Route(by(COORDINATOR, APPROVER), of="year"),
    "goals:rows": Route(by(COORDINATOR, APPROVER), of="goal and year"),
    **listed("staff_goal_years:index", _GOALS),
    "staff_goal_years:add": Route(_GOALS, leaves="goalyear.added"),
    "staff_goal_years:edit": Route(_GOALS, of="goal year", leaves="goal.target_changed"),
    "staff_goal_years:inspect": Route(_GOALS, of="goal year"),
    **listed("staff_goals:index", _ADMINISTRATOR),
    "staff_goals:edit": Route(_ADMINISTRATOR, of="goal", leaves="goal.changed"),
    "staff_goals:inspect": Route(_ADMINISTRATOR, of="goal"),
    # -- sessions, bookings, visits --
    **listed("staff_sessions:index", _COORDINATOR),
    "staff_sessions:add": Route(_COORDINATOR, leaves="session.planned"),
    "staff_sessions:edit": Route(_COORDINATOR, of="session", leaves="session.changed"),
    "staff_sessions:copy": Route(_COORDINATOR, of="session", leaves="session.planned"),
    "staff_sessions:inspect": Route(_COORDINATOR, of="session"),
    "staff_sessions:cancel": Route(_COORDINATOR, of="session", leaves="session.cancelled"),
    **listed("staff_bookings:index", _COORDINATOR),
    "staff_bookings:inspect": Route(_COORDINATOR, of="booking"),
    "staff_bookings:cancel": Route(_COORDINATOR, of="booking", leaves="booking.cancelled"),
    "staff_approvals:index": Route(_COORDINATOR, leaves="booking.approved"),
    **listed("staff_visits:index", _COORDINATOR),
    "staff_visits:inspect": Route(_COORDINATOR, of="visit"),
    "staff_visits:answer": Route(_COORDINATOR, of="visit", leaves="visit.declined"),
    **listed("staff_deadline_rules:index", _COORDINATOR),
    "staff_deadline_rules:add": Route(_COORDINATOR, leaves="deadlinerule.added"),
    "staff_deadline_rules:edit": Route(_COORDINATOR, of="deadline rule", leaves="deadlinerule.changed"),
    **listed("staff_school_holidays:index", _COORDINATOR),
    "staff_school_holidays:add": Route(_COORDINATOR, leaves="schoolholiday.added"),
    "staff_school_holidays:edit": Route(_COORDINATOR, of="school holiday", leaves="schoolholiday.changed"),
    # -- messages --
    **listed("staff_messages:index", _PEOPLE),
    "staff_messages:inspect": Route(_PEOPLE, of="message"),
    "staff_messages:again": Route(_PEOPLE, of="failed message", leaves="message.sent_again"),
    "staff_messages:give_up": Route(_PEOPLE, of="message", leaves="message.given_up"),
    "staff_texts": Route(_COORDINATOR),
    "staff_texts_edit": Route(_COORDINATOR, of="text", leaves="text.changed"),
    "staff_texts_preview": Route(_COORDINATOR, of="text", leaves=LOOKS),
    "staff_texts_reset": Route(_COORDINATOR, of="changed text", leaves="text.reset"),
    # -- organisations and users --
    **listed("staff_organisations:index", _PEOPLE),
    "staff_organisations:add": Route(_PEOPLE, leaves="organisation.added"),
    "staff_organisations:edit": Route(_PEOPLE, of="organisation", leaves="organisation.changed"),
    "staff_organisations:inspect": Route(_PEOPLE, of="organisation"),
    **listed("staff_schools:index", _PEOPLE),
    "staff_schools:inspect": Route(_PEOPLE, of="organisation"),
    **listed("staff_school_types:index", _PEOPLE),
    "staff_school_types:add": Route(_ADMINISTRATOR, leaves="schoolgroup.added"),
    "staff_school_types:edit": Route(_ADMINISTRATOR, of="school type", leaves="schoolgroup.changed"),
    "staff_school_types:inspect": Route(_PEOPLE, of="school type"),
    **listed("staff_administrations:index", _PEOPLE),
    "staff_administrations:add": Route(_ADMINISTRATOR, leaves="administration.added"),
    "staff_administrations:edit": Route(_ADMINISTRATOR, of="administration", leaves="administration.changed"),
    "staff_administrations:inspect": Route(_PEOPLE, of="administration"),
    **listed("wagtailusers_users:index", _ADMINISTRATOR),
    "wagtailusers_users:add": Route(_ADMINISTRATOR, leaves="user.added"),
    "wagtailusers_users:edit": Route(_ADMINISTRATOR, of="user", leaves="user.changed"),
    "wagtailusers_users:delete": Route(by(), of="user", leaves="nothing"),
    **listed("wagtailusers_users:history", _ADMINISTRATOR, of="user"),
    "wagtailusers_users:usage": Route(_ADMINISTRATOR, of="user"),
    # -- guidance --
    **listed("staff_contacts:list", _EDITOR),
    "staff_contacts:add": Route(_EDITOR, leaves="contact.added"),
    "staff_contacts:edit": Route(_EDITOR, of="contact", leaves="contact.changed"),
    "staff_contacts:checked": Route(_EDITOR, of="contact", leaves="contact.checked"),
    **listed("staff_situations:list", _EDITOR),
    "staff_situations:add": Route(_EDITOR, leaves="situation.added"),
    "staff_situations:edit": Route(_EDITOR, of="situation", leaves="situation.changed"),
    **listed("staff_plan_versions:index", _PLAN),
    "staff_plan_versions:inspect": Route(_PLAN, of="plan version"),
    "staff_plan_versions:text": Route(_PLAN, of="plan version"),
    "staff_plan_versions:propose": Route(_EDITOR, of="plan", leaves="plan_version.proposed"),
    "staff_plan_versions:adopt": Route(_APPROVER, of="plan version", leaves="plan_version.adopted"),
    "staff_plan_versions:decline": Route(_APPROVER, of="plan version", leaves="plan_version.declined"),
    "staff_plan_versions:withdraw": Route(_EDITOR, of="own plan version", leaves="plan_version.withdrawn"),
    # -- materials --
    **listed("material_versions:index", _EDITOR),
    "material_versions:inspect": Route(_EDITOR, of="material"),
    "material_versions:withdraw": Route(_EDITOR, of="material version", leaves="material.withdrawn"),
    "material_versions:bring_back": Route(_EDITOR, of="withdrawn version", leaves="material.brought_back"),
    **listed("material_files:index", _EDITOR),
    "material_files:add": Route(_EDITOR, leaves="storedfile.added"),
    "material_files:fetch": Route(_EDITOR, of="material file"),
    # -- editors' tools --
    **listed("urgent_messages:index", _EDITOR),
    "urgent_messages:add": Route(_EDITOR, leaves="urgentmessage.added"),
    "urgent_messages:edit": Route(_EDITOR, of="urgent message", leaves="urgentmessage.changed"),
    "feedback:tally": Route(_EDITOR),
    **listed("feedback:index", _EDITOR),
    "feedback:edit": Route(_EDITOR, of="feedback", leaves="feedback.marked"),
    **listed("editors_reviews", _REVIEWS),
    "editors_confirm": Route(_EDITOR, of="page", leaves="page.reviewed"),
    **listed("editors_checks", _REVIEWS),
    "editors_check": Route(_EDITOR, of="page"),
    "editors_guide": Route(STAFF),
    "search_report": Route(_EDITOR),
    "translations_report": Route(_EDITOR),
    "translations_still_right": Route(_EDITOR, of="page in English", leaves="translation.still_right"),
    # -- files that come in and go out --
    "exchange": Route(_EXCHANGE),
    "exchange_file": Route(_EXCHANGE, of="exported file", own=_EXCHANGE),
    "exchange_fetch": Route(_EXCHANGE, of="exported file", own=_EXCHANGE),
    "exchange_export_organisations": Route(_PEOPLE, leaves="export.made"),
    "exchange_export_sessions": Route(_COORDINATOR, leaves="export.made"),
    "exchange_export_bookings": Route(_COORDINATOR, leaves="export.made"),
    "exchange_export_attendance": Route(_COORDINATOR, leaves="export.made"),
    "exchange_export_visits": Route(_COORDINATOR, leaves="export.made"),
    "exchange_export_signups": Route(by(COORDINATOR, ADMINISTRATION_COORDINATOR), leaves="export.made"),
    "exchange_export_goals": Route(by(COORDINATOR, APPROVER), leaves="export.made"),
    "exchange_export_audit": Route(_PRIVACY, leaves="export.made"),
    # A file is looked through and kept for a day; what it changes is recorded when it is taken in.
    "exchange_import_organisations": Route(_PEOPLE, leaves=LOOKS),
    "exchange_import_sessions": Route(_COORDINATOR, leaves=LOOKS),
    "exchange_import_history": Route(_COORDINATOR, leaves=LOOKS),
    "exchange_import_participants": Route(_COORDINATOR, leaves=LOOKS),
    "exchange_batch": Route(_PEOPLE, of="file that was sent", own=_PEOPLE, leaves="schools.imported"),
    **{
        f"exchange_template_{kind}_{form}": Route(_PEOPLE if kind == "organisations" else _COORDINATOR)
        for kind in ("organisations", "sessions", "history", "participants")
        for form in ("csv", "xlsx")
    },
    # -- privacy --
    **listed("audit_log:index", _PRIVACY),
    "audit_log:inspect": Route(_PRIVACY, of="event"),
}

# What anybody opens, with or without an account; where a token stands in the address, the token is the key.
PUBLIC = frozenset(
    {
        *("healthz", "readyz", "robots", "sitemap", "sitemap_section", "security_txt", "security.txt", "favicon.ico"),
        *("was", "was/", "search", "feedback_answer", "feedback_thanks"),
        *("account_login", "staff_login", "account_request_login_code", "account_confirm_login_code"),
        *("account_inactive", "account_logout", "account_signup", "account_reauthenticate"),
        *("bookings:book", "bookings:book_series", "bookings:ask_visit", "bookings:visit", "bookings:answer_visit"),
        *("bookings:resend", "bookings:own", "bookings:cancel", "bookings:answer_offer", "bookings:change"),
        *("bookings:move", "bookings:calendar", "bookings:subscribe", "bookings:feed"),
        *("bookings:data", "bookings:data_calendar", "bookings:data_atom", "bookings:data_json", "bookings:data_csv"),
        *("booking/<str:token>/", "booking/<str:token>/kalender.ics"),
        *("bookings:substitute", "bookings:substitute_walk_in", "bookings:check_in"),
        *("evaluation:thanks", "evaluation:form"),
        *("certificates:look_up", "certificates:verify", "certificates:file", "certificates:make"),
        *("charter:front", "charter:version", "charter:check", "charter:verified", "charter:sign"),
        *("charter:confirm", "charter:decline", "charter:other"),
        *("goals:public", "goals:public_year", "material_file"),
        *("plan:versions", "plan:compare", "plan:version", "plan:file", "plan:version_chapter", "plan:version_card"),
        *("demo_mailbox", "demo_mail", "demo_attachment", "media/<path:path>"),
        *("wagtailcore_authenticate_with_password", "wagtailcore_login", "wagtail_serve"),
        *("wagtaildocs_serve", "wagtaildocs_authenticate_with_password"),
    }
)

# Wagtail's own screens, by how their names begin; all need an account of the staff.
WAGTAIL = (
    *("wagtailadmin", "wagtail_bulk_action", "admin/test404/", "admin/^.*/$", "simple_translation:"),
    *("wagtaildocs:", "wagtaildocs_chooser:", "wagtailembeds:", "wagtailimages:", "wagtailimages_chooser:"),
    *("wagtaillocales:", "wagtailredirects:", "wagtailsites:", "wagtailusers_groups:"),
    *("material_file_chooser:", "wagtailsnippets:", "wagtailsnippets_", "wagtailsnippetchoosers_"),
)
# Among them, what somebody must open who has forgotten how to get in, and what the sign-in page itself loads.
WAGTAIL_OPEN = frozenset(
    {
        *("wagtailadmin_login", "wagtailadmin_sprite", "wagtailadmin_javascript_catalog"),
        *("wagtailadmin_password_reset", "wagtailadmin_password_reset_done"),
        *("wagtailadmin_password_reset_confirm", "wagtailadmin_password_reset_complete"),
    }
)


def is_declared(name: str) -> bool:
    """Say whether a route's policy is known."""
    return name in POLICIES or name in PUBLIC or name.startswith(WAGTAIL)
