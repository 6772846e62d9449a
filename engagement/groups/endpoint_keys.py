"""The key by which another server knows us: sealed for its organisation, opened to ask once."""

from engagement.groups.models import Organisation
from engagement.people.identity import open_words, seal_words

SEALED_AS = "organisation.key"


def key_of(organisation: Organisation) -> str:
    """The key in plain, "" when it has none. Raises CannotUnseal."""
    return open_words(
        organisation.endpoint_key,
        what=SEALED_AS,
        agency_id=organisation.agency_id,
        binding=organisation.binding,
    )


def seal_key(organisation: Organisation, key: str) -> None:
    """Put the key into the row, without saving; nobody reads it there. Raises KeyMissing."""
    organisation.endpoint_key = seal_words(
        key,
        what=SEALED_AS,
        agency_id=organisation.agency_id,
        binding=organisation.binding,
    )
