"""Keep, share, use and forget filters of the queue."""

from django.db import transaction
from django.db.models import Max

from concerns.desk_search import Wanted
from concerns.models import Concern, FilterUse, QueueLook, SavedFilter, Team, TeamMember
from engagement.people.models import User
from engagement.places.models import Agency

MOST_FILTERS = 100


class CannotSave(Exception):
    """Somebody keeps a hundred filters already, or offers one to a team that is not theirs."""


@transaction.atomic(durable=True)
def save_filter(
    *, user: User, agency: Agency, name: str, wanted: Wanted, sort: str, team: Team | None
) -> SavedFilter:
    """Keep what is wanted under a name; a filter of theirs with that name is replaced.

    Raises CannotSave.
    """
    _may_share(user, team)
    # Two of their windows may save at once; one waits for the other here.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    mine = SavedFilter.objects.filter(agency=agency, made_by=user)
    saved = mine.filter(name__iexact=name).first()
    if saved is None:
        if mine.count() >= MOST_FILTERS:
            raise CannotSave
        saved = SavedFilter(agency=agency, made_by=user)
    saved.name, saved.wanted, saved.sort, saved.team = name, wanted.as_json(), sort, team
    saved.save()
    return saved


@transaction.atomic(durable=True)
def rename_filter(*, saved: SavedFilter, user: User, name: str, team: Team | None) -> None:
    """Give another name, or offer it to another team; only its maker may. Raises CannotSave."""
    _may_share(user, team)
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    mine = SavedFilter.objects.filter(agency_id=saved.agency_id, made_by=user)
    if not mine.filter(pk=saved.pk).exists():
        raise CannotSave
    if mine.filter(name__iexact=name).exclude(pk=saved.pk).exists():
        raise CannotSave
    mine.filter(pk=saved.pk).update(name=name, team=team)


@transaction.atomic(durable=True)
def delete_filter(*, saved: SavedFilter, user: User) -> None:
    """Forget a filter with everybody's use of it; only its maker may."""
    SavedFilter.objects.filter(pk=saved.pk, made_by=user).delete()


@transaction.atomic(durable=True)
def use_filter(*, saved: SavedFilter, user: User, is_pinned: bool, tell_at: int | None) -> None:
    """Keep it as a tab, or hear of new reports from now on; each person decides for themselves."""
    newest = Concern.objects.filter(agency_id=saved.agency_id).aggregate(newest=Max("id"))
    kept, is_new = FilterUse.objects.get_or_create(
        user=user, saved=saved, defaults={"agency_id": saved.agency_id}
    )
    if is_new or kept.tell_at is None:
        # What is there already is not news.
        kept.seen_id = newest["newest"] or 0
    kept.is_pinned, kept.tell_at = is_pinned, tell_at
    kept.save()


@transaction.atomic(durable=True)
def choose_look(*, user: User, agency: Agency, columns: list[str], has_map: bool) -> None:
    """Remember how the queue looks to this person."""
    QueueLook.objects.update_or_create(
        user=user, agency=agency, defaults={"columns": columns, "has_map": has_map}
    )


def _may_share(user: User, team: Team | None) -> None:
    if team is not None and not TeamMember.objects.filter(team=team, user=user).exists():
        raise CannotSave
