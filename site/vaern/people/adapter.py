"""How django-allauth behaves here: no sign-up by visitors, and its mails leave by our outbox."""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from vaern.outbox.domain import enqueue


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator; a code is a message like any other (domain.md §1, §7)."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: nobody makes an account for themselves."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put a sign-in message into the outbox; an address without an account gets no code and no difference shows.

        Only the code is kept in the row, and the row's context is emptied when it is sent. A code that no longer
        works is not sent: it would only tell its reader to try in vain.
        """
        language = get_language() or "da"
        if "code" in context:
            enqueue(
                kind="people.sign_in_code",
                recipient=email,
                language=language,
                context={"code": context["code"]},
                expires_at=timezone.now() + dt.timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT),
            )
        else:
            enqueue(kind="people.unknown_account", recipient=email, language=language, context={})
