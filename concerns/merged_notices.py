"""What reporters hear of a case that their report was joined with: that something moved."""

from datetime import datetime

from concerns import notices
from concerns.families import joined_with
from concerns.models import Concern
from engagement.audit.together import Together


def pass_on(
    concern: Concern,
    *,
    event: str,
    now: datetime,
    is_worth_a_call: bool = False,
    notes: Together | None = None,
) -> None:
    """Tell everybody whose report follows this case, each about their own report.

    Nothing is said of the case itself: the mail says that news waits. By phone or letter only
    what `is_worth_a_call`. With `notes` the mails are gathered there.
    """
    for joined in joined_with(concern):
        notices.followed_news(
            joined, event=f"joined:{event}", now=now, is_worth_a_call=is_worth_a_call, notes=notes
        )
