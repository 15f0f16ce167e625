"""Open dates as an Atom feed: the newest first, since a feed reader wants to know what has come."""

from __future__ import annotations

import datetime as dt
import re

from django.utils.feedgenerator import Atom1Feed

from bookings.opendata.dates import OpenDate
from vaern.design.formats import format_date, format_time_range

MOST_ENTRIES = 200


def feed(
    dates: list[OpenDate], *, title: str, link: str, feed_url: str, language: str, rights: str, changed: dt.datetime
) -> bytes:
    """Return the feed. An entry's id is the date's own for life."""
    made = _Feed(title=title, link=link, description=title, feed_url=feed_url, language=language, feed_copyright=rights)
    made.changed = changed
    newest = sorted(dates, key=lambda date: (date.announced_at, date.starts_at), reverse=True)
    for date in newest[:MOST_ENTRIES]:
        when = f"{format_date(date.starts_at)}, {format_time_range(date.starts_at, date.ends_at)}"
        made.add_item(
            title=f"{date.title}: {when}",
            link=date.url,
            description="\n".join(filter(None, (when, date.place, date.summary))),
            unique_id=f"urn:uuid:{date.uuid}",
            unique_id_is_permalink=False,
            pubdate=date.announced_at,
            updateddate=date.announced_at,
        )
    written: str = made.writeString("utf-8")
    return written.encode()


class _Feed(Atom1Feed):
    """An Atom feed that says when its content was last another, also when it has become shorter."""

    changed: dt.datetime

    def latest_post_date(self) -> dt.datetime:
        """Return when the feed changed."""
        return self.changed


def unstamped(content: bytes) -> bytes:
    """Return a feed without the moment at which it changed: what tells whether it says anything new."""
    return re.sub(rb"<updated>[^<]*</updated>", b"", content, count=1)
