"""Write down what there is to tell, in the transaction that publishes it."""

from datetime import datetime

from concerns.published.models import PublicConcern, PublicUpdate
from concerns.subscriptions.models import News, What
from engagement.keys.moments import floor_to_hour
from engagement.places.models import Agency


def tell(
    public: PublicConcern,
    what: What,
    *,
    agency: Agency,
    update: PublicUpdate | None = None,
    now: datetime,
) -> None:
    """Let followers hear of it at their pace; the kept moment is a full hour."""
    News.objects.create(
        agency=agency,
        public_concern=public,
        update=update,
        what=what,
        hour=floor_to_hour(now),
        on=agency.day_of(now),
    )
