"""Write down what there is to tell, in the transaction that publishes it."""

from datetime import datetime

from concerns.published.models import PublicConcern, PublicUpdate
from concerns.subscriptions.models import News, What
from engagement.audit.together import Together
from engagement.keys.moments import floor_to_hour
from engagement.places.models import Agency


def tell(
    public: PublicConcern,
    what: What,
    *,
    agency: Agency,
    update: PublicUpdate | None = None,
    now: datetime,
    writes: Together | None = None,
) -> None:
    """Let followers hear of it at their pace; the kept moment is a full hour. With `writes` it is
    gathered there."""
    news = News(
        agency=agency,
        public_concern=public,
        update=update,
        what=what,
        hour=floor_to_hour(now),
        on=agency.day_of(now),
    )
    if writes is None:
        news.save(force_insert=True)
    else:
        writes.insert(news)
