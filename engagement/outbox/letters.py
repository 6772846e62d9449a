"""One e-mail, written at sending: in the reader's language, for this reader alone."""

from datetime import datetime
from email.charset import QP, Charset
from email.utils import format_datetime, formataddr, parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Engine
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from engagement.keys.moments import floor_to_hour
from engagement.outbox.models import Message
from engagement.outbox.registry import Kind
from engagement.outbox.tokens import token_for
from engagement.people.identity import Address
from engagement.people.models import Contact

# Quoted-printable: every line short and ASCII, so that no server on the way refuses or mends it.
PRINTABLE = Charset("utf-8")
PRINTABLE.body_encoding = QP


def compose(
    message: Message, kind: Kind, address: Address, *, now: datetime
) -> EmailMultiAlternatives:
    """The letter for `message`. Raises whatever `kind.context` and the templates raise."""
    zone = message.agency.timezone if message.agency else "UTC"
    with translation.override(address.language), timezone.override(zone):
        context = {**_frame(message, kind, address), **kind.context(message)}
        subject = " ".join(_rendered(f"{kind.template}.subject.txt", context, plain=True).split())
        letter = EmailMultiAlternatives(
            subject=subject,
            body=_rendered(f"{kind.template}.txt", context, plain=True).strip() + "\n",
            from_email=_sender(message),
            to=[address.value],
            headers=_headers(message, context, now),
        )
        letter.attach_alternative(
            _rendered(f"{kind.template}.html", context, plain=False), "text/html"
        )
    letter.encoding = PRINTABLE
    return letter


def _frame(message: Message, kind: Kind, address: Address) -> dict[str, Any]:
    link = None
    if kind.can_be_ended:
        binding = Contact.objects.values_list("binding", flat=True).get(pk=message.contact_id)
        path = reverse("unsubscribe", args=[token_for(binding, kind.name)])
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


def _sender(message: Message) -> str:
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    if message.agency and message.agency.mail_sender_name:
        name = message.agency.mail_sender_name
    return formataddr((" ".join(name.split()), address))


def _headers(message: Message, context: dict[str, Any], now: datetime) -> dict[str, str]:
    host = urlsplit(settings.ORIGIN).hostname or "localhost"
    headers = {
        # The same at every try, so that a mailbox can fold copies into one.
        "Message-ID": f"<{message.id}@{host}>",
        "Date": format_datetime(floor_to_hour(now) if message.is_coarse else now),
        "Auto-Submitted": "auto-generated",  # RFC 3834: no vacation answers to us
        "Content-Language": context["language"],
    }
    if context["unsubscribe_url"]:
        headers["List-Unsubscribe"] = f"<{context['unsubscribe_url']}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    return headers
