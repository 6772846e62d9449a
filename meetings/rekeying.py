"""Sealed needs and account links under a new key, batch by batch; each batch is a transaction."""

from engagement.keys.hashes import keyed_hash, keyed_hashes
from engagement.keys.purposes import Purpose
from engagement.keys.registry import Rekey, register_rekey
from engagement.people.models import User
from engagement.places.models import Agency
from meetings.models import Rsvp
from meetings.needs import sealed_anew


def register() -> None:
    """Called once, when the apps are ready."""
    register_rekey(Rekey("meetings.needs", reseal_needs, frozenset({Purpose.CONTACT})))
    register_rekey(Rekey("meetings.account_links", relink, frozenset({Purpose.FOLLOW})))


def reseal_needs(after_id: int, limit: int) -> int:
    """Seal the next answers' needs anew; returns the last id looked at."""
    rows = Rsvp.objects.select_for_update().filter(pk__gt=after_id).order_by("pk")[:limit]
    for rsvp in rows:
        if rsvp.has_needs:
            rsvp.needs_sealed = sealed_anew(rsvp)
            rsvp.save(update_fields=["needs_sealed"])
        after_id = rsvp.pk
    return after_id


def relink(after_id: int, limit: int) -> int:
    """Rewrite the links of the next accounts; a link names no account, so accounts are walked."""
    ids = list(
        User.objects.filter(pk__gt=after_id).order_by("pk").values_list("pk", flat=True)[:limit]
    )
    agencies = list(Agency.objects.order_by("pk").values_list("pk", flat=True))
    for user_id in ids:
        for agency_id in agencies:
            former = keyed_hashes(Purpose.FOLLOW, f"rsvp:{user_id}", agency_id=agency_id)[1:]
            current = keyed_hash(Purpose.FOLLOW, f"rsvp:{user_id}", agency_id=agency_id)
            linked = Rsvp.objects.filter(agency_id=agency_id, account_link__in=former)
            linked.update(account_link=current)
    return ids[-1] if ids else after_id
