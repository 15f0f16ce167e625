"""Give several sessions facilitators: each session is changed by itself, and those that could not be are named."""

from __future__ import annotations

from collections.abc import Collection

from bookings.domain.locking import locked_session, retried
from bookings.domain.session import change_locked
from vaern.people.models import User


@retried
def assign(*, session_id: int, people: Collection[User], replace: bool, actor_id: int | None) -> bool:
    """Let these people hold a session, in place of those who do or beside them; return whether that is a change.

    Who holds it is read under the session's lock, so that two who add somebody at once both do. They are told by the
    verb. Raises what `change_session` raises.
    """
    with locked_session(session_id) as session:
        before = set(session.facilitators.all())
        after = set(people) if replace else before | set(people)
        if after == before:
            return False
        change_locked(session, changes={}, facilitators=after, actor_id=actor_id)
        return True
