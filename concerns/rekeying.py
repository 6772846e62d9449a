"""Account links and waiting ratings under a new key.

Links hold no account, so the accounts are walked instead.
"""

from concerns.actions.rating import sealed_anew
from concerns.models import Adoption, EmptyHome, Joining, Reporter, SecuritySurvey, WaitingRating
from concerns.sealed_services import absence_sealed_anew, survey_sealed_anew
from engagement.keys.hashes import keyed_hash, keyed_hashes
from engagement.keys.purposes import Purpose
from engagement.keys.registry import Rekey, register_rekey
from engagement.people.models import User
from engagement.places.models import Agency


def register() -> None:
    """Called once, when the apps are ready."""
    register_rekey(Rekey("concerns.account_links", relink_accounts, frozenset({Purpose.FOLLOW})))
    register_rekey(Rekey("concerns.ratings", reseal_ratings, frozenset({Purpose.CONTACT})))
    register_rekey(Rekey("concerns.absences", reseal_absences, frozenset({Purpose.CONTACT})))
    register_rekey(Rekey("concerns.surveys", reseal_surveys, frozenset({Purpose.CONTACT})))


def relink_accounts(after_id: int, limit: int) -> int:
    """Rewrite the links of up to `limit` accounts with id > after_id; return the last id seen."""
    ids = list(
        User.objects.filter(pk__gt=after_id).order_by("pk").values_list("pk", flat=True)[:limit]
    )
    agencies = list(Agency.objects.order_by("pk").values_list("pk", flat=True))
    for user_id in ids:
        for agency_id in agencies:
            _relink(user_id, agency_id)
    return ids[-1] if ids else after_id


def _relink(user_id: int, agency_id: int) -> None:
    current = keyed_hash(Purpose.FOLLOW, str(user_id), agency_id=agency_id)
    former = keyed_hashes(Purpose.FOLLOW, str(user_id), agency_id=agency_id)
    outdated = [link for link in former if link != current]
    for linked in (Reporter, Adoption, Joining):
        linked.objects.filter(agency_id=agency_id, account_link__in=outdated).update(
            account_link=current
        )


def reseal_ratings(after_id: int, limit: int) -> int:
    """Seal the next waiting ratings anew; return the last id seen."""
    rows = WaitingRating.objects.select_for_update().filter(pk__gt=after_id).order_by("pk")
    for waiting in rows[:limit]:
        waiting.sealed = sealed_anew(waiting)
        waiting.save(update_fields=["sealed"])
        after_id = waiting.pk
    return after_id


def reseal_absences(after_id: int, limit: int) -> int:
    """Seal the next absences anew; return the last id seen."""
    rows = EmptyHome.objects.select_for_update().filter(pk__gt=after_id).order_by("pk")
    for absence in rows[:limit]:
        absence_sealed_anew(absence)
        absence.save(update_fields=["sealed"])
        after_id = absence.pk
    return after_id


def reseal_surveys(after_id: int, limit: int) -> int:
    """Seal the next surveys anew; return the last id seen."""
    rows = SecuritySurvey.objects.select_for_update().filter(pk__gt=after_id).order_by("pk")
    for survey in rows[:limit]:
        survey_sealed_anew(survey)
        survey.save(update_fields=["sealed"])
        after_id = survey.pk
    return after_id
