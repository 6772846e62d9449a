"""What somebody needs in order to take part. It may tell of their health, so it is kept sealed."""

from engagement.people.identity import open_words, seal_words
from meetings.models import Rsvp

WHAT = "rsvp.needs"


def sealed_needs(rsvp: Rsvp, text: str) -> bytes:
    """What the row stores of the words, without saving. Control characters mean nothing in them."""
    plain = "".join(sign for sign in text if sign.isprintable() or sign == "\n").strip()
    return seal_words(plain, what=WHAT, agency_id=rsvp.agency_id, binding=rsvp.binding)


def needs_of(rsvp: Rsvp) -> str:
    """In plain, for one who may read it; the reading is on record. Raises CannotUnseal."""
    return open_words(rsvp.needs_sealed, what=WHAT, agency_id=rsvp.agency_id, binding=rsvp.binding)


def sealed_anew(rsvp: Rsvp) -> bytes:
    """The same words under the current key. Raises CannotUnseal."""
    return sealed_needs(rsvp, needs_of(rsvp))
