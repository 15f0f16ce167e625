"""Who may do what with the charter (people/roles.py gives coordinators the register, approvers the decision)."""

from __future__ import annotations

from django.db.models import Q

from vaern.people.models import User

VIEW = "charter.view_register"
MANAGE = "charter.manage_register"
PROPOSE = "charter.propose_chartertext"
DECIDE = "charter.decide_chartertext"


def managers() -> list[User]:
    """Return those who answer for the register: who is told of what waits, and of what is wrong."""
    app_label, codename = MANAGE.split(".")
    by_group = Q(groups__permissions__content_type__app_label=app_label, groups__permissions__codename=codename)
    own = Q(user_permissions__content_type__app_label=app_label, user_permissions__codename=codename)
    return list(User.objects.filter(by_group | own, is_active=True).distinct().order_by("pk"))
