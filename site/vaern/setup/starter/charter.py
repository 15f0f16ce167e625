"""The text of the charter that a municipality begins with; it is to be confirmed."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from charter.domain.texts import propose_text, publish_text
from charter.models import CharterText
from vaern.setup.starter.content import read


def load_charter(now: dt.datetime | None = None) -> None:
    """Publish our own text where there is none at all; `now` is when it came into force."""
    if CharterText.objects.exists():
        return
    content = read("charter")["text"]
    text = propose_text(
        kind=CharterText.Kind.MATERIAL,
        note=content["note"],
        title_da=content["da"]["title"],
        body_da=content["da"]["body"],
        title_en=content["en"]["title"],
        body_en=content["en"]["body"],
        actor_id=None,
    )
    publish_text(
        text_id=text.pk, approved_by=content["approved_by"], approved_on=timezone.localdate(now), actor_id=None, now=now
    )
