"""The texts of all messages about the charter. Staff change them in the admin; `charter.mails` fills them in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from vaern.outbox.texts import Placeholder, TextKind, register_text

NAME = Placeholder("name", _("The recipient's name"))
ORGANISATION = Placeholder("organisation", _("The partner's name"), in_subject=True)
TITLE = Placeholder("title", _("The charter's title"), in_subject=True)
LINK = Placeholder("link", _("The way to the page"), required=True)
UNTIL = Placeholder("until", _("The last day that is covered"), in_subject=True, required=True)
EXPIRES = Placeholder("expires", _("Until when the link works"))
CODE = Placeholder("code", _("The six digits"), required=True)
CHECK_CODE = Placeholder("check_code", _("The verification code"))
WHAT = Placeholder("what", _("What is wrong"), required=True)

HELLO = _("Hello {name}")
REGARDS = _("Kind regards\nVærn, Københavns Kommune")
PERSONAL = _(
    "The link is for you, and works until {expires}. If somebody else signs for you, or you do not want to sign, "
    "you can say so on the same page. Saying no costs you nothing."
)

request = register_text(
    TextKind(
        "charter.request",
        _("Charter: request to sign"),
        _("To each signatory, when a partner is asked to sign."),
        (NAME, ORGANISATION, TITLE, LINK, EXPIRES),
        _("Will {organisation} sign “{title}”?"),
        (
            HELLO,
            _("Københavns Kommune asks {organisation} whether you will sign “{title}” for the next twelve months."),
            _("Read the text here first. You are asked for nothing before that:\n{link}"),
            PERSONAL,
            REGARDS,
        ),
    )
)
reminder = register_text(
    TextKind(
        "charter.reminder",
        _("Charter: reminder to renew"),
        _("To each signatory, 60, 30, 14 and 7 days before the signature runs out, and a day after."),
        (NAME, ORGANISATION, TITLE, LINK, UNTIL, EXPIRES),
        _("“{title}”: the signature of {organisation} is valid until {until}"),
        (
            HELLO,
            _("The signature of {organisation} is valid to and including {until}."),
            _("Renew it here. You lose no days by doing it early:\n{link}"),
            PERSONAL,
            REGARDS,
        ),
    )
)
code = register_text(
    TextKind(
        "charter.code",
        _("Charter: code for signing"),
        _("To the signatory who is signing."),
        (NAME, ORGANISATION, CODE),
        _("Your code for signing"),
        (
            HELLO,
            _("Your code is:\n{code}"),
            _("It works for 10 minutes. With it you sign on behalf of {organisation}."),
            _("If you did not ask for it, you need not do anything: nothing is signed without the code."),
            REGARDS,
        ),
    )
)
receipt = register_text(
    TextKind(
        "charter.receipt",
        _("Charter: receipt"),
        _("To those who have signed, with the sealed receipt."),
        (NAME, ORGANISATION, TITLE, UNTIL, LINK, CHECK_CODE),
        _("Receipt: {organisation} has signed “{title}”"),
        (
            HELLO,
            _("Thank you. {organisation} has signed “{title}”, and is covered to and including {until}."),
            _("The receipt is attached. Keep it: it holds the text that you signed."),
            _("Anybody can check it with the code {check_code} here:\n{link}"),
            REGARDS,
        ),
    )
)
proposed = register_text(
    TextKind(
        "charter.proposed",
        _("Charter: somebody else must sign"),
        _("To coordinators, when a partner names another signatory."),
        (NAME, ORGANISATION, LINK),
        _("{organisation} has named another signatory"),
        (
            HELLO,
            _("{organisation} says that somebody else must sign. Approve the person, or say no, here:\n{link}"),
            REGARDS,
        ),
    )
)
alarm = register_text(
    TextKind(
        "charter.alarm",
        _("Charter: something is wrong"),
        _("To coordinators, when the evidence does not hold together or the seal runs out."),
        (NAME, WHAT),
        _("Værn: look at the charter's evidence"),
        (HELLO, "{what}", REGARDS),
    )
)
