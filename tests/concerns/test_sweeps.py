"""What the clock forgets."""

from datetime import timedelta

from concerns.actions.sweeps import forget_links
from concerns.links import new_token, token_digest
from concerns.models import AccessLink
from engagement.places.models import Agency
from tests.concerns.conftest import NOW, file_report


def test_links_go_a_week_after_they_end_but_the_last_of_each_report(agency: Agency) -> None:
    first, second = file_report(agency).concern, file_report(agency).concern
    for concern, days in ((first, 9), (first, 6), (first, 0), (second, 30)):
        AccessLink.objects.create(
            agency=agency,
            concern=concern,
            token_digest=token_digest(new_token()),
            expires_at=NOW - timedelta(days=days),
        )
    assert forget_links(now=NOW) == 1
    kept = AccessLink.objects.order_by("pk").values_list("concern_id", "expires_at")
    assert list(kept) == [
        (first.pk, NOW - timedelta(days=6)),
        (first.pk, NOW),
        (second.pk, NOW - timedelta(days=30)),
    ]
    assert forget_links(now=NOW) == 0
