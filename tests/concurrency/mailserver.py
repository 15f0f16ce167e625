"""A mail server (aiosmtpd) that can stall in the middle of a conversation."""

from __future__ import annotations

import asyncio
import email
import email.policy
import logging
import socket
import threading
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.concurrency.processes import PATIENCE

logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells each line of each conversation


class MailServer:
    """Takes mail on a port of its own. While `gate` is closed it has the mail's text but does not answer.

    `begun` are the mails whose text has come, `taken` those that were answered with 250.
    """

    def __init__(self) -> None:
        self.port = _free_port()
        self.begun: list[EmailMessage] = []
        self.taken: list[EmailMessage] = []
        self.gate = threading.Event()
        self.gate.set()
        self._changed = threading.Condition()
        self._controller: Controller | None = None

    @property
    def url(self) -> str:
        """Return EMAIL_URL of this server, whether it runs or not."""
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Begin to listen."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        """Let those who wait go, and stop listening."""
        self.gate.set()
        if self._controller is not None:
            self._controller.stop()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Take a mail: aiosmtpd calls this when the whole text has come."""
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self._add(self.begun, mail)
        await asyncio.to_thread(self.gate.wait, PATIENCE)
        self._add(self.taken, mail)
        return "250 OK"

    def wait_for(self, condition: Callable[[], bool], what: str) -> None:
        """Return as soon as `condition` is true of `begun` and `taken`."""
        with self._changed:
            assert self._changed.wait_for(condition, PATIENCE), f"in vain: {what}"

    def _add(self, mails: list[EmailMessage], mail: EmailMessage) -> None:
        with self._changed:
            mails.append(mail)
            self._changed.notify_all()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
