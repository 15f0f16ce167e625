"""Give several sessions facilitators: each session is changed by itself, and those that could not be are named."""

from __future__ import annotations

from collections.abc import Collection

from bookings.domain.session import change_session
from bookings.models import Session
from vaern.people.models import User


def assign(*, session_id: int, people: Collection[User], replace: bool, actor_id: int | None) -> bool:
    """Let these people hold a session, in place of those who do or beside them; return whether that is a change.

    They are told by the verb. Raises what `change_session` raises.
    """
    session = Session.objects.get(pk=session_id)
    before = set(session.facilitators.all())
    after = set(people) if replace else before | set(people)
    if after == before:
        return False
    change_session(session_id=session_id, changes={}, facilitators=after, actor_id=actor_id)
    return True
