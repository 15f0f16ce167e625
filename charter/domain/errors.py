"""What a verb of the charter answers when it will not."""

from __future__ import annotations


class Refused(Exception):
    """A verb that could not be done; `why` is one of the words below, which the doors put into sentences."""

    GONE = "gone"  # the link opens nothing: unknown, expired, used, ended
    STALE = "stale"  # the text was replaced since it was read
    CODE = "code"  # wrong, too old, used up, or never sent: they look alike
    TOO_EARLY = "too_early"  # the term has more than 60 days left
    NO_TEXT = "no_text"  # no text is in force
    NO_SIGNATORY = "no_signatory"
    OPEN_REQUEST = "open_request"
    OPEN_PROPOSAL = "open_proposal"
    NOT_OPEN = "not_open"  # decided on, or ended, already
    OWN_PROPOSAL = "own_proposal"
    NOT_OWN = "not_own"
    SAME_TEXT = "same_text"
    KNOWN_ADDRESS = "known_address"
    NO_REASON = "no_reason"
    NOT_COVERED = "not_covered"  # a new agreement needs a valid signature
    IN_FUTURE = "in_future"

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
