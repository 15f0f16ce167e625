"""Write the policy of `people.roles` to the database."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission

from vaern.people.roles import ROLES


def write_roles() -> None:
    """Make one group a role with exactly its permissions; running it again repairs a group. Wagtail's own groups go.

    Raises Permission.DoesNotExist when the policy names a permission that no app has.
    """
    Group.objects.filter(name__in=["Editors", "Moderators"]).delete()
    for role in ROLES.values():
        group, _created = Group.objects.get_or_create(name=role.name)
        group.permissions.set([_permission(name) for name in role.permissions])


def _permission(name: str) -> Permission:
    app_label, codename = name.split(".")
    return Permission.objects.get(content_type__app_label=app_label, codename=codename)
