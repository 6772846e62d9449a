"""The signed part of an unsubscribe link: one contact, one kind, nothing else. Pure."""

from uuid import UUID

from django.core import signing

SALT = "engagement.outbox.unsubscribe"


class BadToken(ValueError):
    """The link is damaged or not ours."""


def token_for(binding: UUID, kind: str) -> str:
    """`binding` is the contact's random mark. The token never expires: mails are read late."""
    return signing.dumps([binding.hex, kind], salt=SALT)


def named_by(token: str) -> tuple[UUID, str]:
    """The contact's mark and the kind's name. Raises BadToken."""
    try:
        binding, kind = signing.loads(token, salt=SALT)
        return UUID(binding), str(kind)
    except (signing.BadSignature, ValueError):
        raise BadToken from None
