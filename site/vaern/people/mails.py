"""The two messages of sign-in."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vaern.outbox.registry import Mail, renders


@renders("people.sign_in_code", name=gettext_lazy("Sign-in code"), secret=True)
def sign_in_code(context: dict[str, Any]) -> Mail:
    """Return the message with a sign-in code; `context` is {"code": str}."""
    return Mail(
        subject=_("Your code for Værn"),
        body=_(
            "Your code is:\n\n%(code)s\n\n"
            "It works for 15 minutes. If you did not ask for it, you need not do anything: "
            "nobody can sign in without the code."
        )
        % {"code": context["code"]},
    )


@renders("people.unknown_account", name=gettext_lazy("Sign-in without an account"))
def unknown_account(context: dict[str, Any]) -> Mail:
    """Return the message to an address that has no account, so that the sign-in page need not tell (no enumeration)."""
    return Mail(
        subject=_("Sign-in to Værn"),
        body=_(
            "Somebody asked for a code to sign in to Værn with this e-mail address, but it has no account.\n\n"
            "As a teacher or a parent you need no account. If you work with Værn, ask your coordinator to set one up. "
            "If it was not you, you need not do anything."
        ),
    )
