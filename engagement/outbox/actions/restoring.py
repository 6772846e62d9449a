"""What a restore from a backup does to messages."""

from datetime import datetime

from engagement.keys.moments import floor_to_hour
from engagement.outbox.actions.claims import FREE
from engagement.outbox.models import Message
from engagement.outbox.states import OPEN, State

RESTORED = "restored"


def hold_what_may_have_left(*, now: datetime) -> int:
    """Leave every open message that was due by now for a person; returns how many.

    The backup does not know whether it left since. Mailing everybody twice, or reminding of what
    is over, is worse than a letter that somebody sends again by hand.
    """
    return Message.objects.filter(state__in=OPEN, due_at__lte=now).update(
        state=State.UNKNOWN,
        finished_at=floor_to_hour(now),
        try_at=None,
        last_code=RESTORED,
        **FREE,
    )
