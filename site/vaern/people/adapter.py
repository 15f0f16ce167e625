"""How django-allauth behaves here: no sign-up by visitors, and its mails leave by our outbox."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import get_language

from vaern.outbox.domain import enqueue


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator; a code is a message like any other (domain.md §1, §7)."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: nobody makes an account for themselves."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put a sign-in message into the outbox; an address without an account gets no code and no difference shows.

        Only the code is kept in the row, and the row's context is emptied when it is sent.
        """
        language = get_language() or "da"
        if "code" in context:
            enqueue(
                kind="people.sign_in_code",
                recipient=email,
                language=language,
                context={"code": context["code"]},
            )
        else:
            enqueue(kind="people.unknown_account", recipient=email, language=language, context={})
