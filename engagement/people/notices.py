"""Mails about an account, as rows of the outbox in the transaction of what they tell."""

import uuid
from datetime import datetime

from engagement.people.models import User
from engagement.people.registry import AccountMail, account_mail


def tell_account(user: User, kind: str, now: datetime) -> None:
    """Queue one mail of `kind` to the account's own address; nothing for one without address."""
    if user.contact_id is not None:
        event = f"{kind}:{uuid.uuid4().hex}"
        account_mail(AccountMail(kind, user.pk, user.contact_id, event, now))
