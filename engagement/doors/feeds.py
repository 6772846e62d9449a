"""Feeds that say the day of things, never the second."""

from datetime import datetime

from django.utils.feedgenerator import Rss201rev2Feed


class FeedByDays(Rss201rev2Feed):
    """Without items the library would write this very second; ours says only the day, given as
    `today`."""

    def latest_post_date(self) -> datetime:
        dates = [item["pubdate"] for item in self.items]
        newest: datetime = max(dates) if dates else self.feed["today"]
        return newest
