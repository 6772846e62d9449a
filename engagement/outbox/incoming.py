"""A mail that came in, reduced to what somebody wrote and the pictures they attached. Pure.

Who sent it is not read: anybody can write any sender into a mail.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import Message
from email.utils import getaddresses
from html.parser import HTMLParser
from typing import TypeAlias

AnyMail: TypeAlias = "Message[str, str]"

MOST_BYTES = 25 * 1024 * 1024
MOST_PARTS = 100
# Of one text part; what is quoted below can be much longer than what is new.
MOST_TEXT = 200_000
RECIPIENT_HEADERS = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
# RFC 3834 2, and what was used before it.
AUTOMATIC_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress", "List-Id")
BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
DAEMONS = ("mailer-daemon", "postmaster", "no-reply", "noreply")

SIGNATURE = re.compile(r"^--\s*$|^_{10,}\s*$|^-{2,}\s*Mensaje original\s*-{2,}")
SIGNED_BY_PROGRAM = re.compile(
    r"^(Sent from my |Get Outlook for |Enviado desde mi |Sent from Mail for )", re.IGNORECASE
)
ORIGINAL = re.compile(r"^-{2,}\s*(Original Message|Forwarded message)\s*-{2,}", re.IGNORECASE)
WROTE = re.compile(r"^(On|El)\b.{5,200}\b(wrote|escribió)\s*:\s*$", re.IGNORECASE | re.DOTALL)
HEAD = re.compile(r"^\s*\*?(From|De)\s*:\*?\s", re.IGNORECASE)
HEAD_MORE = re.compile(
    r"^\s*\*?(Sent|Date|To|Subject|Enviado|Fecha|Para|Asunto)\s*:", re.IGNORECASE
)


@dataclass(frozen=True)
class Incoming:
    """`recipients` are bare addresses in small letters; `pictures` are as they came, undecoded."""

    recipients: tuple[str, ...]
    text: str
    pictures: tuple[bytes, ...]
    is_automatic: bool
    message_id: str


class CannotRead(ValueError):
    """It is no mail, or one that is made to be unreadable."""


def read_mail(raw: bytes) -> Incoming:
    """Take a mail apart. Raises CannotRead."""
    try:
        mail = message_from_bytes(raw, policy=policy.compat32)
        parts = list(_parts(mail))
        return Incoming(
            recipients=_recipients(mail),
            text=cut_quotes(_text(parts)),
            pictures=tuple(_pictures(parts)),
            is_automatic=_is_automatic(mail),
            message_id=str(mail.get("Message-ID", ""))[:200],
        )
    except (MessageError, RecursionError, ValueError, LookupError, AttributeError, TypeError):
        raise CannotRead from None


def cut_quotes(text: str) -> str:
    """What was newly written: without quoted lines, the quoted history below, and signatures."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept: list[str] = []
    for number, line in enumerate(lines):
        if _ends_here(lines, number):
            break
        if not line.startswith(">"):
            kept.append(line.rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _ends_here(lines: list[str], number: int) -> bool:
    line = lines[number]
    if SIGNATURE.match(line) or ORIGINAL.match(line) or SIGNED_BY_PROGRAM.match(line):
        return True
    # Mail programs break the line before a quotation anywhere.
    if WROTE.match(line) or WROTE.match(" ".join(lines[number : number + 2])):
        return True
    following = lines[number + 1 : number + 4]
    return bool(HEAD.match(line) and any(HEAD_MORE.match(each) for each in following))


def _parts(mail: AnyMail) -> Iterator[AnyMail]:
    for number, part in enumerate(mail.walk()):
        if number >= MOST_PARTS:
            return
        if not part.is_multipart():
            yield part


def _text(parts: list[AnyMail]) -> str:
    """The plain parts, or the HTML ones without their tags where there are none."""
    written = [part for part in parts if part.get_content_disposition() != "attachment"]
    plain = [_decoded(part) for part in written if part.get_content_type() == "text/plain"]
    if any(each.strip() for each in plain):
        return "\n".join(plain)
    html = [_decoded(part) for part in written if part.get_content_type() == "text/html"]
    return "\n".join(without_tags(each) for each in html)


def _decoded(part: AnyMail) -> str:
    content = _payload(part)[:MOST_TEXT]
    try:
        return content.decode(part.get_content_charset("utf-8"), errors="replace")
    except LookupError:
        return content.decode("utf-8", errors="replace")


def _pictures(parts: list[AnyMail]) -> Iterator[bytes]:
    for part in parts:
        name = str(part.get_filename() or "").lower()
        is_heic = name.endswith((".heic", ".heif"))
        if part.get_content_maintype() == "image" or is_heic:
            yield _payload(part)


def _payload(part: AnyMail) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _recipients(mail: AnyMail) -> tuple[str, ...]:
    headers = [str(value) for name in RECIPIENT_HEADERS for value in mail.get_all(name, [])]
    return tuple(address.casefold() for _name, address in getaddresses(headers[:50]))


def _is_automatic(mail: AnyMail) -> bool:
    """Absence notes, bounces, lists, what we sent ourselves: nobody wrote these to answer."""
    if str(mail.get("Auto-Submitted", "no")).split(";")[0].strip().casefold() != "no":
        return True
    if any(name in mail for name in AUTOMATIC_HEADERS):
        return True
    if str(mail.get("Precedence", "")).strip().casefold() in BULK:
        return True
    if mail.get_content_type() == "multipart/report" or mail.get("Return-Path") == "<>":
        return True
    senders = [address for _name, address in getaddresses([str(mail.get("From", ""))])]
    return any(address.casefold().startswith(DAEMONS) for address in senders)


class _WithoutTags(HTMLParser):
    """Collects text; a line ends with each block, and quotations are left out."""

    BLOCKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "hr", "table"})
    SILENT = frozenset({"script", "style", "head", "title", "blockquote"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.SILENT:
            self.depth += 1
        elif tag in self.BLOCKS:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.SILENT:
            self.depth = max(0, self.depth - 1)

    def handle_data(self, data: str) -> None:
        if not self.depth:
            self.said.append(" ".join(data.split()) if not data.strip() else data)


def without_tags(html: str) -> str:
    """The words of an HTML text. Never raises for what it holds."""
    reader = _WithoutTags()
    reader.feed(html[:MOST_TEXT])
    reader.close()
    return "".join(reader.said)
