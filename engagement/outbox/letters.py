"""One e-mail, written at sending: in the reader's language, for this reader alone."""

import secrets
from binascii import b2a_qp
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from email.charset import QP, Charset
from email.header import Header
from email.utils import format_datetime, formataddr, parseaddr
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Engine
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.encoding import punycode
from django.utils.html import conditional_escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from engagement.keys.moments import floor_to_hour
from engagement.outbox.models import Message
from engagement.outbox.registry import CalendarPart, Kind
from engagement.outbox.tokens import token_for
from engagement.people.identity import Address
from engagement.places.models import Agency

# RFC 5322 2.1.1: longer lines may be cut on the way.
LONGEST_HEADER = 900
SPECIAL = frozenset(' <>,;:"\\()[]')
PLAIN = (str, int, float, date, type(None))
PRINTABLE = Charset("utf-8")
PRINTABLE.body_encoding = QP


class BadAddress(ValueError):
    """No mail server can be told this address, or it hides a line of its own."""


@dataclass(frozen=True)
class Letter:
    """`sender` and `reader` are bare addresses; `headers` hold everything but MIME's own."""

    sender: str
    reader: str
    headers: Mapping[str, str]
    text: str
    html: str
    calendar: CalendarPart | None = None

    def wire_format(self) -> bytes:
        """Text, HTML and calendar as multipart/alternative, every line ASCII and short, with CRLF.

        Built here because the library's generator takes longer than all the rest of a delivery.
        """
        # Random and unique, so no line of the parts can be taken for it.
        mark = f"=_{self.headers['Message-ID'].strip('<>').partition('@')[0]}"
        lines = [f"{name}: {_header(name, value)}" for name, value in self.headers.items()]
        lines += ["MIME-Version: 1.0", f'Content-Type: multipart/alternative; boundary="{mark}"']
        parts = [('plain; charset="utf-8"', self.text), ('html; charset="utf-8"', self.html)]
        if self.calendar:
            # RFC 6047 2.4: the method stands in the part's type as well.
            kind = f'calendar; charset="utf-8"; method={self.calendar.method}'
            # Strict readers want nothing behind the last line; its end comes with the mark.
            parts.append((kind, self.calendar.text.rstrip("\r\n")))
        for kind, body in parts:
            lines += ["", f"--{mark}", f"Content-Type: text/{kind}"]
            lines += ["Content-Transfer-Encoding: quoted-printable", "", _printable(body)]
        lines += ["", f"--{mark}--", ""]
        return "\r\n".join(lines).encode("ascii")

    def as_email(self) -> EmailMultiAlternatives:
        """The same for Django's backends that are no mail server."""
        headers = {k: v for k, v in self.headers.items() if k not in {"Subject", "From", "To"}}
        letter = EmailMultiAlternatives(
            self.headers["Subject"],
            self.text,
            self.headers["From"],
            [self.reader],
            headers=headers,
        )
        letter.attach_alternative(self.html, "text/html")
        if self.calendar:
            kind = f"text/calendar; method={self.calendar.method}"
            letter.attach_alternative(self.calendar.text, kind)
        letter.encoding = PRINTABLE
        return letter


def compose(
    message: Message,
    kind: Kind,
    address: Address,
    *,
    now: datetime,
    context: Mapping[str, Any] | None = None,
    drafts: "Drafts | None" = None,
) -> Letter:
    """The letter for `message`; `context` is the kind's own, asked for when it is not given.

    Raises BadAddress, and whatever `kind.context` and the templates raise.
    """
    reader = bare(address.value)
    zone = message.agency.timezone if message.agency else "UTC"
    with translation.override(address.language), timezone.override(zone):
        own = kind.context(message) if context is None else context
        whole = {**_frame(message, kind, address), **own}
        words = (drafts or Drafts()).words(kind, whole)
        return Letter(
            sender=bare(_own_address(settings.DEFAULT_FROM_EMAIL)[1]),
            reader=reader,
            headers={
                **_headers(message, whole, subject=words.subject, reader=reader, now=now),
                **_answers_to(kind, own),
            },
            text=words.text.strip() + "\n",
            html=words.html,
            calendar=kind.calendar(own, reader) if kind.calendar else None,
        )


@dataclass(frozen=True)
class Words:
    subject: str
    text: str
    html: str


class Drafts:
    """What was rendered for a reader of this batch serves the next, with their own links in it.

    Lives for one batch: a template may show the day.
    """

    def __init__(self) -> None:
        self._mark = secrets.token_hex(16)
        self._kept: dict[Hashable, Words] = {}

    def words(self, kind: Kind, context: dict[str, Any]) -> Words:
        """In the language and the time zone of the moment. Raises what the templates raise."""
        slots = {key: context.get(key) for key in (*kind.slots, "unsubscribe_url")}
        marks = {key: f"{self._mark}-{key}-" for key, value in slots.items() if value}
        shared = context | marks
        name = _name_of(kind, shared)
        if name is None:
            return _worded(kind, context)
        if name not in self._kept:
            self._kept[name] = _worded(kind, shared)
        found = self._kept[name]
        subject, text, html = found.subject, found.text, found.html
        for key, mark in marks.items():
            value = str(slots[key])
            subject, text = subject.replace(mark, value), text.replace(mark, value)
            html = html.replace(mark, conditional_escape(slots[key] or ""))
        return Words(subject, text, html)


def _name_of(kind: Kind, context: dict[str, Any]) -> Hashable | None:
    """Equal for contexts that give equal words; None when that cannot be told."""
    agency = context["agency"]
    others = [(key, value) for key, value in context.items() if key != "agency"]
    if not all(isinstance(value, PLAIN) for _key, value in others):
        return None
    # With the types, as True equals 1 and reads differently.
    typed = frozenset((key, type(value), value) for key, value in others)
    return kind.name, kind.template, getattr(agency, "pk", None), get_language(), typed


def _worded(kind: Kind, context: dict[str, Any]) -> Words:
    return Words(
        subject=_rendered(f"{kind.template}.subject.txt", context, plain=True),
        text=_rendered(f"{kind.template}.txt", context, plain=True),
        html=_rendered(f"{kind.template}.html", context, plain=False),
    )


@lru_cache(maxsize=8)
def _own_address(setting: str) -> tuple[str, str]:
    return parseaddr(setting)


def bare(address: str) -> str:
    """The address as SMTP wants it: ASCII, the domain in Punycode. Raises BadAddress."""
    local, _at, domain = address.rpartition("@")
    try:
        found = f"{local}@{punycode(domain)}"
    except UnicodeError:
        raise BadAddress from None
    is_plain = found.isascii() and found.isprintable() and not set(found) & SPECIAL
    if not (local and domain and is_plain):
        raise BadAddress
    return found


def _frame(message: Message, kind: Kind, address: Address) -> dict[str, Any]:
    link = None
    if kind.can_be_ended:
        path = reverse("unsubscribe", args=[token_for(message.contact.binding, kind.name)])
        link = f"{settings.ORIGIN}{path}"
    return {
        "site_name": _("Common Ground"),
        "agency": message.agency,
        "origin": settings.ORIGIN,
        "why": str(kind.words),
        "unsubscribe_url": link,
        "language": address.language,
    }


def _rendered(template: str, context: dict[str, Any], *, plain: bool) -> str:
    found = Engine.get_default().get_template(template)
    # Escaping is for HTML; in plain text it would show "&#x27;" to the reader.
    return found.render(Context(context, autoescape=not plain))


def _headers(
    message: Message, context: dict[str, Any], *, subject: str, reader: str, now: datetime
) -> dict[str, str]:
    name, address = _own_address(settings.DEFAULT_FROM_EMAIL)
    if message.agency and message.agency.mail_sender_name:
        name = message.agency.mail_sender_name
    host = urlsplit(settings.ORIGIN).hostname or "localhost"
    headers = {
        "Subject": _one_line(subject),
        "From": formataddr((_one_line(name), address)),
        "To": reader,
        "Date": format_datetime(floor_to_hour(now) if message.is_coarse else now),
        # The same at every try, so that a mailbox can fold copies into one.
        "Message-ID": f"<{message.id}@{host}>",
        "Auto-Submitted": "auto-generated",  # RFC 3834: no vacation answers to us
        "Content-Language": context["language"],
    }
    if context["unsubscribe_url"]:
        headers["List-Unsubscribe"] = f"<{context['unsubscribe_url']}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    return headers


def _answers_to(kind: Kind, own: Mapping[str, Any]) -> dict[str, str]:
    address = kind.reply_to(own) if kind.reply_to else ""
    return {"Reply-To": bare(address)} if address else {}


def _one_line(text: str) -> str:
    """Without line breaks and other control characters: none can start a header of its own."""
    if text.isprintable():
        return " ".join(text.split())
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _header(name: str, value: str) -> str:
    # The sender's name is encoded already; "=?" elsewhere would be read as an encoded word.
    is_safe = name == "From" or "=?" not in value
    if is_safe and value.isascii() and len(value) < LONGEST_HEADER:
        return value
    return Header(value, "utf-8", header_name=name).encode(linesep="\r\n")


def _printable(body: str) -> str:
    """Quoted-printable (RFC 2045 6.7) with CRLF at the line ends."""
    text = body.replace("\r\n", "\n").replace("\r", "\n")
    return b2a_qp(text.encode(errors="replace"), istext=True).decode("ascii").replace("\n", "\r\n")


def specimen(
    kind: Kind, own: Mapping[str, Any], *, agency: Agency, language: str, zone: str
) -> Words:
    """What a letter of this kind would say, for staff to read before it leaves; no reader is
    needed. Raises what the templates raise."""
    with translation.override(language), timezone.override(zone):
        frame = {
            "site_name": _("Common Ground"),
            "agency": agency,
            "origin": settings.ORIGIN,
            "why": str(kind.words),
            "unsubscribe_url": None,
            "language": language,
        }
        words = _worded(kind, {**frame, **own})
        return Words(_one_line(words.subject), words.text.strip(), words.html)
