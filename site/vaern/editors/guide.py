"""The short guide in the admin: what each role does, and the screens where it does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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

Text = str | Promise


@dataclass(frozen=True)
class Step:
    """What to do; the screen's name and the name of its address."""

    text: Text
    link: Text = ""
    url_name: str = ""

    @property
    def url(self) -> str:
        """Return the screen's address, or nothing where the app that has it is not installed."""
        try:
            return reverse(self.url_name) if self.url_name else ""
        except NoReverseMatch:
            return ""


@dataclass(frozen=True)
class Guide:
    """A role, what it is there for, and its steps."""

    key: str
    title: Text
    about: Text
    steps: tuple[Step, ...]


GUIDES = (
    Guide(
        EDITOR,
        _("Editor"),
        _("You keep the site's texts right, in Danish and English."),
        (
            Step(
                _("Begin on the home page of the admin: it shows your drafts and what is overdue."),
                _("Home"),
                "wagtailadmin_home",
            ),
            Step(_("Find the page in the tree, and choose Edit."), _("Pages"), "wagtailadmin_explore_root"),
            Step(
                _(
                    "The panel “Check” at the top says what to mend. Errors keep a page from being published; "
                    "the rest is advice."
                )
            ),
            Step(
                _(
                    "Save a draft as often as you like. Ordinary pages you publish yourself; choose a time "
                    "under “Set schedule” to publish later."
                )
            ),
            Step(_("The plan, its chapters and action cards you send to approval: two others read them first.")),
            Step(_("Choose who is responsible for a page, and when it is reviewed, under Settings.")),
            Step(
                _("Review your pages when a message says so, and choose “Reviewed today”."),
                _("Reviews"),
                "editors_reviews",
            ),
            Step(
                _("Translate: choose “Translate this page” in the page's menu, write the English text, and publish it.")
            ),
            Step(_("Moved a page? The old address leads on by itself."), _("Redirects"), "wagtailredirects:index"),
            Step(
                _("Something that everybody must know now: write an urgent message with a start and an end."),
                _("Urgent messages"),
                "urgent_messages:index",
            ),
            Step(_("Read what readers say about pages, and mark it as handled."), _("Feedback"), "feedback:index"),
            Step(_("Never write about people: no names, no cases, no CPR numbers.")),
        ),
    ),
    Guide(
        APPROVER,
        _("Approver"),
        _("You are one of the two who read guidance before it is published. You never approve what you wrote."),
        (
            Step(
                _("The home page of the admin shows what waits for you, and a message tells you."),
                _("Home"),
                "wagtailadmin_home",
            ),
            Step(_("Open the page, read it in the preview, and compare it with the published text under History.")),
            Step(_("Choose “Approve”, or “Request changes” with a comment that says what and why.")),
            Step(_("Let somebody else mend it: if you change the text, you cannot approve it any more.")),
            Step(
                _(
                    "Two others must approve. After the second approval it is published at once, or at the time "
                    "that was set."
                )
            ),
            Step(_("You also write and approve the year's targets."), _("Home"), "wagtailadmin_home"),
        ),
    ),
    Guide(
        COORDINATOR,
        _("Coordinator"),
        _("You have everything about dates and bookings."),
        (
            Step(
                _("Begin with the day: sessions until the end of next week, and what needs a hand."),
                _("Today and next week"),
                "workspace_today",
            ),
            Step(
                _("A session's page has who comes, who waits, messages and history, and all that you can do."),
                _("Sessions"),
                "staff_sessions:index",
            ),
            Step(
                _("Several dates at once: holidays and those who are busy are shown before anything is planned."),
                _("Several dates"),
                "workspace_series",
            ),
            Step(
                _("Tick rows in a list to approve, write, choose facilitators or call off. You see who is told first."),
                _("Bookings"),
                "staff_bookings:index",
            ),
            Step(_("Narrow a list with filters and save it as a view of your own; it stands above the list.")),
            Step(
                _("The calendar shows the month, the week and each facilitator, with what is double-booked."),
                _("Calendar"),
                "workspace_calendar",
            ),
            Step(_("Follow the year's goals; each figure leads to its rows."), _("The goals"), "goals:coordinator"),
            Step(
                _("Take lists out as files, or bring schools, dates and past attendance in from one."),
                _("Import and export"),
                "exchange",
            ),
            Step(_("Never write pupils' names or anything about a person's circumstances.")),
        ),
    ),
    Guide(
        ADMINISTRATOR,
        _("Administrator"),
        _("You give people their roles and keep the registers."),
        (
            Step(
                _("Add a person under Users and give one role. Close an account when somebody leaves."),
                _("Users"),
                "wagtailusers_users:index",
            ),
            Step(_("At least three approvers are wise: two approve, and neither may have written the text.")),
            Step(_("Keep organisations and administrations in order under “Organisations” in the menu.")),
            Step(_("An administrator approves nothing by being administrator: the role “Approver” does.")),
        ),
    ),
    Guide(
        ADMINISTRATION_COORDINATOR,
        _("Administration coordinator"),
        _("You follow who of your own administration takes part."),
        (
            Step(
                _("Take the sign-ups of your administration out as a file. Others’ are not in it."),
                _("Import and export"),
                "exchange",
            ),
            Step(_("A file holds names: delete it when you have used it. Each export is recorded.")),
        ),
    ),
    Guide(
        PRIVACY_OFFICER,
        _("Privacy officer"),
        _("You see what was changed and taken out, by whom and when."),
        (
            Step(_("Narrow the log to days, a kind or a person."), _("Audit log"), "audit_log:index"),
            Step(
                _("Take the log out as a file when you need it; that is recorded too."),
                _("Import and export"),
                "exchange",
            ),
        ),
    ),
    Guide(
        FACILITATOR,
        _("Facilitator"),
        _("You hold workshops and report how many came."),
        (
            Step(
                _(
                    "Open “My sessions” on your phone: today stands first, then what misses a report, "
                    "then what is coming."
                ),
                _("My sessions"),
                "bookings:sessions",
            ),
            Step(_("A session shows the way there, whom to call on the day, and the materials.")),
            Step(
                _(
                    "Afterwards, write how many pupils and adults were present, or choose why it did not take place, "
                    "and save. The page says what was saved and when; sending twice does no harm."
                )
            ),
            Step(_("Parents and staff: mark those who were absent, then press “The rest were all present: save”.")),
            Step(_("A class that had not booked? Add it on the session's page. It counts toward the goals.")),
            Step(_("At talks, hang the poster with the QR code by the door: people check in themselves.")),
            Step(_("No signal? Print the list beforehand, and report it later by hand or as a file.")),
            Step(_("Ill? Make a link for a substitute on the session's page. It opens this one session only.")),
            Step(_("Wrote something wrong? Report again: the correction is kept beside the first.")),
            Step(_("Nobody has reported? We ask you after an hour, two days and five days, then the coordinator.")),
        ),
    ),
)


def guides_for(user: Any) -> list[Guide]:
    """Return all guides, those of the user's own roles first."""
    groups = set(user.groups.values_list("name", flat=True))
    own = {key for key, role in ROLES.items() if role.name in groups}
    return sorted(GUIDES, key=lambda guide: guide.key not in own)
