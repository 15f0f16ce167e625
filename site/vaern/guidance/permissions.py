"""Who may propose and decide on versions of the plan (people/roles.py gives editors the one, approvers the other)."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from vaern.people.models import User

VIEW = "guidance.view_planversion"
PROPOSE = "guidance.propose_planversion"
DECIDE = "guidance.decide_planversion"


def may_follow(user: User | AnonymousUser) -> bool:
    """Say whether the user may read proposals."""
    return user.has_perm(VIEW) or user.has_perm(PROPOSE) or user.has_perm(DECIDE)


def people_to_remind(responsible: User | None) -> list[User]:
    """Return who is told that a revision is due: the page's responsible, or else everybody who may propose one."""
    if responsible is not None and responsible.is_active:
        return [responsible]
    app_label, codename = PROPOSE.split(".")
    has = {"content_type__app_label": app_label, "codename": codename}
    by_group = Q(**{f"groups__permissions__{name}": value for name, value in has.items()})
    own = Q(**{f"user_permissions__{name}": value for name, value in has.items()})
    return list(User.objects.filter(by_group | own, is_active=True).distinct().order_by("pk"))
