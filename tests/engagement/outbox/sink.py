"""A real SMTP server on loopback that does what a test tells it to."""

import asyncio
import socket
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

STEPS = ("MAIL", "RCPT", "DATA")


@dataclass(frozen=True)
class Received:
    reader: str
    content: bytes

    @property
    def letter(self) -> EmailMessage:
        found = message_from_bytes(self.content, policy=policy.default)
        assert isinstance(found, EmailMessage)
        return found

    @property
    def subject(self) -> str:
        return str(self.letter["Subject"])

    def part(self, kind: str) -> str:
        body = self.letter.get_body((kind,))
        assert body is not None
        return str(body.get_content())


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Sink:
    """Accepts all mail until told otherwise.

    `refuse` scripts the next answers of one step; `drop_after_data` accepts a text and then cuts
    the line; `pause` holds the answer to a text until `resume`.
    """

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.sessions = 0
        self.after_data: deque[str] = deque()
        self._script: dict[str, deque[str]] = {step: deque() for step in STEPS}
        self._go = threading.Event()
        self._go.set()
        self.has_text = threading.Event()
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._go.set()
        self._controller.stop()

    @property
    def readers(self) -> list[str]:
        return [mail.reader for mail in self.received]

    def refuse(self, step: str, *answers: str) -> None:
        self._script[step].extend(answers)

    def refuse_no_more(self) -> None:
        for answers in self._script.values():
            answers.clear()

    def drop_after_data(self, times: int = 1) -> None:
        self.after_data.extend(["drop"] * times)

    def pause(self) -> None:
        self.has_text.clear()
        self._go.clear()

    def resume(self) -> None:
        self._go.set()

    def _scripted(self, step: str, otherwise: Callable[[], None]) -> str:
        if self._script[step]:
            return self._script[step].popleft()
        otherwise()
        return "250 OK"

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, name: str, answers: list[str]
    ) -> list[str]:
        self.sessions += 1
        session.host_name = name
        return answers

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        def keep() -> None:
            envelope.mail_from = address

        return self._scripted("MAIL", keep)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        return self._scripted("RCPT", lambda: envelope.rcpt_tos.append(address))

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content: Any = envelope.content

        def keep() -> None:
            self.received.append(Received(envelope.rcpt_tos[0], content))

        answer = self._scripted("DATA", keep)
        self.has_text.set()
        if not self._go.is_set():
            await asyncio.get_running_loop().run_in_executor(None, self._go.wait, 20)
        if self.after_data and self.after_data.popleft() == "drop":
            assert server.transport is not None
            server.transport.abort()
        return answer
