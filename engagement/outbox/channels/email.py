"""E-mail over one connection per sweep, and how far each letter got."""

import re
import smtplib
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from types import TracebackType
from typing import Self

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from engagement.outbox.letters import Letter
from engagement.outbox.models import Channel, Message
from engagement.people.models import ContactKind

FAULTS = (OSError, smtplib.SMTPException)
READY_FOR_DATA = 354
CLOSING = 421


class Fate(Enum):
    SENT = "sent"
    LATER = "later"  # refused for now
    REFUSED = "refused"  # refused for good
    LOST = "lost"  # the line broke before any text was given away
    UNSURE = "unsure"  # the line broke after the text; nobody can know
    CLOSED = "closed"  # no server answers; the next letter would fare no better


@dataclass(frozen=True)
class Answer:
    """`code` is an SMTP code or a short word of ours, never what the server wrote."""

    fate: Fate
    code: str


class Line:
    """The connection to the mail server; opened at the first letter, closed by `with`."""

    channel = Channel.EMAIL
    kind = ContactKind.EMAIL

    def __init__(self) -> None:
        self._backend: BaseEmailBackend = get_connection(fail_silently=False)
        self._server: smtplib.SMTP | None = None
        self._is_used = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._hang_up()

    def open(self) -> Answer | None:
        """Dial unless the line stands; the answer says that nobody takes letters now."""
        if self._server is not None or not isinstance(self._backend, EmailBackend):
            return None
        try:
            self._dial()
        except FAULTS as error:
            self._hang_up()
            return Answer(Fate.CLOSED, _code_of(error, "connect"))
        return None

    def held_until(self, message: Message, now: datetime) -> datetime | None:
        """A mail disturbs nobody: it may leave at any hour."""
        return None

    def send(self, letter: Letter) -> Answer:
        """Hand the letter over; never raises for what server or network do."""
        if not isinstance(self._backend, EmailBackend):
            return self._hand_over(letter)
        content = _stuffed(letter.wire_format())
        was_used = self._is_used and self._server is not None
        answer = self._attempt(letter, content)
        if was_used and answer.fate is Fate.LOST:
            # Servers end an idle or long used connection at will; a new one is a fair second try.
            answer = self._attempt(letter, content)
        return answer

    def _hand_over(self, letter: Letter) -> Answer:
        try:
            self._backend.send_messages([letter.as_email()])
        except OSError:
            return Answer(Fate.CLOSED, "folder")
        return Answer(Fate.SENT, "250")

    def _attempt(self, letter: Letter, content: bytes) -> Answer:
        closed = self.open()
        server = self._server
        if closed or server is None:
            return closed or Answer(Fate.CLOSED, "connect")
        self._is_used = True
        try:
            refusal = _announce(server, letter)
        except FAULTS:
            self._hang_up()
            return Answer(Fate.LOST, "lost")
        if refusal:
            return self._judge(refusal)
        try:
            server.send(content)
            code, _ = server.getreply()
        except FAULTS:
            self._hang_up()
            return Answer(Fate.UNSURE, "lost-after-data")
        return self._judge(code)

    def _judge(self, code: int) -> Answer:
        if 200 <= code < 300:
            return Answer(Fate.SENT, str(code))
        if code == CLOSING:
            self._hang_up()
        elif self._server is not None:
            try:
                self._server.rset()
            except FAULTS:
                self._hang_up()
        return Answer(Fate.LATER if 400 <= code < 500 else Fate.REFUSED, str(code))

    def _dial(self) -> None:
        self._backend.open()
        assert isinstance(self._backend, EmailBackend)
        server = self._backend.connection
        if server is None:
            raise OSError("no connection")
        server.ehlo_or_helo_if_needed()
        self._server, self._is_used = server, False

    def _hang_up(self) -> None:
        self._server = None
        try:
            self._backend.close()
        except FAULTS:
            # The line is gone either way; the next letter dials anew.
            self._backend = get_connection(fail_silently=False)


def _announce(server: smtplib.SMTP, letter: Letter) -> int | None:
    """Everything up to the text; returns the code of a refusal."""
    code, _ = server.mail(letter.sender)
    if code != 250:
        return code
    code, _ = server.rcpt(letter.reader)
    if code not in (250, 251):
        return code
    code, _ = server.docmd("DATA")
    return None if code == READY_FOR_DATA else code


def _stuffed(content: bytes) -> bytes:
    """RFC 5321 4.5.2: a line that starts with a dot gets a second one; a lone dot ends the text."""
    body = re.sub(rb"(?m)^\.", b"..", content)
    return body + (b"" if body.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _code_of(error: Exception, otherwise: str) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return str(error.smtp_code)
    return otherwise
