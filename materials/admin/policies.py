"""Who may do what on the staff screens."""

from __future__ import annotations

from typing import Any, ClassVar

from materials.models import MaterialPage
from vaern.cms.staff import KeepingPolicy, ReadOnlyPolicy

WITHDRAW = "materials.withdraw_material"


class MaterialPolicy(ReadOnlyPolicy):
    """Materials are edited as pages; here staff see their versions, and may withdraw one."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Say whether the user may see materials or withdraw versions."""
        return bool(user.has_perm(WITHDRAW)) if action == "withdraw" else super().user_has_permission(user, action)


class FilePolicy(KeepingPolicy):
    """Files are added and never changed."""

    denied: ClassVar = frozenset({"change", "delete"})


class AsMaterial:
    """A view of these screens: Wagtail's own policy for a page would say who may edit it."""

    permission_policy = MaterialPolicy(MaterialPage)
