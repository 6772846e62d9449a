"""Mails into a folder, for a demonstration without a mail server."""

import os
import uuid
from collections.abc import Sequence
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    """One .eml file a mail in EMAIL_FILE_PATH, for the owner alone.

    The name is random, and the file carries the time of the letter itself, which is a full hour
    for a notice about an anonymous report.
    """

    def __init__(self, fail_silently: bool = False, **_settings: Any) -> None:
        super().__init__(fail_silently=fail_silently)
        self.folder = Path(settings.EMAIL_FILE_PATH)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write each mail whole or not at all. Raises OSError, ValueError."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for letter in email_messages:
            self._write(letter)
        return len(email_messages)

    def _write(self, letter: EmailMessage) -> None:
        content = letter.message()
        moment = parsedate_to_datetime(str(content["Date"])).timestamp()
        draft = self.folder / f".{uuid.uuid4()}"
        opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(opened, "wb") as file:
                file.write(content.as_bytes())
            os.utime(draft, (moment, moment))
            draft.rename(self.folder / f"{uuid.uuid4()}.eml")
        finally:
            draft.unlink(missing_ok=True)
