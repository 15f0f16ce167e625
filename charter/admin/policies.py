"""Who may do what on the staff screens."""

from __future__ import annotations

from typing import Any

from charter.permissions import DECIDE, MANAGE, PROPOSE, VIEW
from vaern.cms.staff import KeepingPolicy, ReadOnlyPolicy


class PartnerPolicy(KeepingPolicy):
    """The register is for those who hold its own permission: it shows who has declined."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Say whether the user may see or manage the register."""
        if action == "manage":
            return bool(user.is_active and user.has_perm(MANAGE))
        return bool(user.has_perm(VIEW)) and super().user_has_permission(user, action)


class TextPolicy(ReadOnlyPolicy):
    """Texts are made and decided on by verbs; superusers too need two of them."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Say whether the user may see, propose or decide."""
        named = {"propose": PROPOSE, "decide": DECIDE}.get(action)
        return bool(user.is_active and user.has_perm(named)) if named else super().user_has_permission(user, action)
