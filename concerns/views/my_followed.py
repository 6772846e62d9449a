"""What a signed-in resident follows beside their own reports: concerns that they said "mine too"
of, and areas whose news they get."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from concerns.actions.joining import linked_to
from concerns.models import Joining, Merge
from concerns.published.models import PublicConcern
from concerns.published.rows import title_of
from concerns.subscriptions import links
from concerns.subscriptions.wishes import followed_by, where_of
from concerns.views.public_joined import pass_of
from concerns.workflow import STATE_LABELS, State
from engagement.doors.addresses import address
from engagement.doors.public_role import as_the_public
from engagement.doors.requests import PortalRequest
from engagement.keys.references import spaced
from engagement.places.models import Agency

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Nobody follows so many; a page is bounded all the same, and says so.
MOST = 50
UNLISTED: dict[str, Any] = {"joined": [], "areas": [], "is_cut": False, "joined_url": ""}


@dataclass(frozen=True)
class JoinedRow:
    """One concern that somebody joined; `title` is empty where it is not public any more."""

    code: str
    title: str
    state: str
    state_words: "StrOrPromise"
    on: date
    # Signed proof for its page, as the secret gives it.
    opens_with: str


@dataclass(frozen=True)
class FollowedRow:
    """One wish to hear of what is published somewhere."""

    url: str
    where: str
    pace: "StrOrPromise"
    agency: str


def followed(request: PortalRequest) -> dict[str, Any]:
    """Both lists, newest first, at every agency; four questions, and five where something was
    joined."""
    assert request.user.pk is not None
    agencies = {agency.pk: agency for agency in Agency.objects.order_by("pk")}
    joined, areas = _joined(request.user.pk, agencies), _areas(request, agencies)
    return {
        "joined": joined[:MOST],
        "areas": areas[:MOST],
        "is_cut": max(len(joined), len(areas)) > MOST,
        "joined_url": address(request, "joined"),
    }


def _joined(user_id: int, agencies: dict[int, Agency]) -> list[JoinedRow]:
    merged = Merge.objects.filter(concern=OuterRef("concern"), undone_at__isnull=True)
    # What it was joined with since has the page, as for whoever opens it by code and secret.
    page = Coalesce(
        Subquery(merged.values("survivor__public__reference")[:1]), "concern__public__reference"
    )
    mine = Joining.objects.filter(
        account_link__in=linked_to(user_id, agencies=list(agencies)), left_on__isnull=True
    )
    rows = list(mine.annotate(page=page).order_by("-pk")[: MOST + 1])
    shown = _published([row.page for row in rows if row.page])
    return [_row(row, shown.get(row.page)) for row in rows]


def _published(references: list[str]) -> dict[str, PublicConcern]:
    if not references:
        return {}
    with as_the_public():
        rows = PublicConcern.objects.filter(reference__in=references)
        found = rows.defer("search").order_by("pk")
        return {public.reference: public for public in found}


def _row(joining: Joining, public: PublicConcern | None) -> JoinedRow:
    return JoinedRow(
        code=spaced(joining.tracking_code),
        title=title_of(public) if public else "",
        state=public.state if public else "",
        state_words=STATE_LABELS[State(public.state)] if public else "",
        on=joining.joined_on,
        opens_with=pass_of(joining),
    )


def _areas(request: PortalRequest, agencies: dict[int, Agency]) -> list[FollowedRow]:
    return [
        FollowedRow(
            url=address(request, "follow_own", links.token_for(one)),
            where=where_of(one),
            pace=one.get_pace_display(),
            agency=agencies[one.agency_id].name if len(agencies) > 1 else "",
        )
        for one in followed_by(request.user.pk or 0, agency_ids=list(agencies))[: MOST + 1]
    ]
