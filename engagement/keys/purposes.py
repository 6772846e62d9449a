"""What a key is for. Each purpose has its own key file; no two uses share a key."""

from enum import StrEnum


class Purpose(StrEnum):
    """One key file each; the value is the file's name and part of every derived key."""

    CONTACT = "contact"
    """Encrypts addresses of residents."""
    LOOKUP = "lookup"
    """Finds a contact by its address."""
    ACCOUNT = "account"
    """Turns a sign-in address into the account's pseudonym."""
    FOLLOW = "follow"
    """Ties an account to what it reported or follows, without a foreign key."""
    SUBMISSION = "submission"
    """Recognises a form that is sent twice."""
    SECRET = "secret"  # noqa: S105 a file name
    """Derives the reporter's secret and the digest that is stored of it."""
    LINK = "link"
    """Digests of single-use links and unsubscribe tokens."""
    FACTOR = "factor"
    """Encrypts the secrets of authenticator apps."""
    PHOTO = "photo"
    """Encrypts the files of pictures."""
    ANCHOR = "anchor"
    """Signs the heads of the audit chain."""

    @property
    def can_be_rewritten(self) -> bool:
        """Whether stored values can be made anew under a new version.

        A digest of something that only its owner knows (a secret, a link) cannot: its old
        version must stay readable for as long as such digests exist.
        """
        return self in REWRITABLE


REWRITABLE = frozenset(
    {Purpose.CONTACT, Purpose.LOOKUP, Purpose.ACCOUNT, Purpose.FOLLOW, Purpose.FACTOR}
)
