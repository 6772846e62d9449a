"""Text messages: through a gateway by https, or into a folder for a demonstration without one.

The gateway is asked as plainly as can be: POST of {"id", "to", "from", "text"} with a bearer
token. Of its answer the number alone is kept; what it writes may repeat the phone number.
"""

import json
import os
import uuid
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from django.conf import settings

from engagement.outbox.channels.email import Answer, Fate
from engagement.outbox.models import Channel, Message
from engagement.outbox.quiet import quiet_until
from engagement.outbox.texts import Text
from engagement.outside.gateway import CannotReach, fetch
from engagement.people.models import ContactKind

# After so many without an answer in a row the gateway is taken to be away.
PATIENCE = 2
# Timeout, too many at once; and a token that is refused is the operator's to repair.
LATER = frozenset({401, 403, 408, 425, 429})


def can_send_texts() -> bool:
    """Whether a gateway is set, or a demonstration writes texts into its folder."""
    return bool(settings.TEXT_URL or settings.TEXT_FOLDER)


def can_hear_answers() -> bool:
    """Whether people can answer: the gateway signs what they say, or a demonstration is told by
    the command text_answer."""
    return bool(settings.TEXT_ANSWERS_KEY or settings.TEXT_FOLDER)


class TextLine:
    """What stands where the connection to a mail server does; each text is its own request."""

    channel = Channel.TEXT
    kind = ContactKind.TEXT

    def __init__(self) -> None:
        self._unanswered = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def open(self) -> Answer | None:
        """The answer says that nobody takes texts now."""
        if not can_send_texts() or self._unanswered >= PATIENCE:
            return Answer(Fate.CLOSED, "gateway")
        return None

    def held_until(self, message: Message, now: datetime) -> datetime | None:
        """Nobody's phone sounds at night, by the agency's clock."""
        return quiet_until(now, message.agency.zone) if message.agency else None

    def send(self, text: Text) -> Answer:
        """Hand the text over; never raises for what gateway and network do."""
        if not settings.TEXT_URL:
            return _keep(text)
        try:
            answer = _post(text)
        except CannotReach:
            self._unanswered += 1
            return Answer(Fate.UNSURE, "no-answer")
        self._unanswered = 0
        return Answer(_fate(answer), str(answer))


def _post(text: Text) -> int:
    """The status of the gateway's answer. Raises CannotReach."""
    answer = fetch(
        settings.TEXT_URL,
        hosts={urlsplit(settings.TEXT_URL).hostname or ""},
        document={
            "id": text.mark,
            "to": text.number,
            "from": settings.TEXT_SENDER,
            "text": text.words,
        },
        headers={"Authorization": f"Bearer {settings.TEXT_TOKEN}"},
    )
    return answer.status


def _fate(status: int) -> Fate:
    if 200 <= status < 300:
        return Fate.SENT
    if 400 <= status < 500 and status not in LATER:
        return Fate.REFUSED
    return Fate.LATER


def _keep(text: Text) -> Answer:
    """One file a text, for the owner alone; its name and its time say nothing."""
    assert settings.TEXT_FOLDER is not None
    folder = Path(settings.TEXT_FOLDER)
    content = json.dumps({"to": text.number, "text": text.words}, ensure_ascii=False)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"{uuid.uuid4()}.json"
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "w") as file:
            file.write(content + "\n")
    except OSError:
        return Answer(Fate.CLOSED, "folder")
    return Answer(Fate.SENT, "200")
