"""A report comes into somebody's account, and leaves it again.

What staff see stays as it was sent: an anonymous report stays anonymous. What changes is that a
keyed hash ties the report to the account, so the page explains that before.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from concerns.actions.casework import locked, log
from concerns.actions.erasing import demand_no_hold, forget_ties, settle_level
from concerns.actions.intake import account_link
from concerns.models import Adoption, Concern, Reporter
from engagement.audit.actors import Actor
from engagement.keys.hashes import keyed_hashes
from engagement.keys.moments import floor_to_hour
from engagement.keys.purposes import Purpose


@transaction.atomic(durable=True)
def adopt(*, concern_id: int, account_user_id: int, by: Actor, now: datetime) -> None:
    """List the report under My reports of this account; twice is once.

    The caller has seen that the report was opened with its secret.
    """
    concern = locked(concern_id)
    if is_linked(concern, account_user_id):
        return
    Adoption.objects.create(
        agency_id=concern.agency_id,
        concern=concern,
        account_link=account_link(account_user_id, agency_id=concern.agency_id),
    )
    log("CONCERN_ADOPTED", concern, by=by, at=floor_to_hour(now))


@transaction.atomic(durable=True)
def let_go(*, concern_id: int, account_user_id: int, by: Actor, now: datetime) -> None:
    """Take the report out of this account; no row ties the two any more.

    Code and secret go on opening it, and an address left with it stays. Raises
    erasures.CannotRemember and OnHold, and changes nothing then.
    """
    concern = locked(concern_id)
    demand_no_hold(concern)
    links = _links(concern, account_user_id)
    adopted = list(Adoption.objects.filter(concern=concern, account_link__in=links))
    sent = list(Reporter.objects.filter(concern=concern, account_link__in=links))
    if forget_ties(concern, adopted=adopted, reporters=sent, now=now):
        settle_level(concern)
        log("CONCERN_LET_GO", concern, by=by, at=floor_to_hour(now))


def is_linked(concern: Concern, account_user_id: int) -> bool:
    """Whether My reports of this account lists the concern. One query."""
    links = _links(concern, account_user_id)
    adopted = Adoption.objects.filter(concern=OuterRef("pk"), account_link__in=links)
    listed = Q(reporter__account_link__in=links) | Exists(adopted)
    return Concern.objects.filter(listed, pk=concern.pk).exists()


def _links(concern: Concern, account_user_id: int) -> list[bytes]:
    return keyed_hashes(Purpose.FOLLOW, str(account_user_id), agency_id=concern.agency_id)
