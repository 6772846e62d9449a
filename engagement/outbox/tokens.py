"""The signed part of an unsubscribe link: one contact, one kind, nothing else. Pure."""

from django.core import signing

SALT = "engagement.outbox.unsubscribe"


class BadToken(ValueError):
    """The link is damaged or not ours."""


def token_for(contact_id: int, kind: str) -> str:
    """It never expires, as mails are read late."""
    return signing.dumps([contact_id, kind], salt=SALT)


def named_by(token: str) -> tuple[int, str]:
    """The contact's id and the kind's name. Raises BadToken."""
    try:
        contact_id, kind = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        raise BadToken from None
    return int(contact_id), str(kind)
