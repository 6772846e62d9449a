"""Which concerns: adjectives over the one table, rights included."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Greatest

from concerns import workflow
from concerns.desk_words import holds, holds_exactly, wide
from concerns.workflow import State
from engagement.keys.hashes import keyed_hashes
from engagement.keys.purposes import Purpose
from engagement.people.rights import Everywhere, agencies_with, areas_with
from engagement.places.models import Agency

if TYPE_CHECKING:
    from concerns.models import Concern  # noqa: F401

READ = "concern.read"
READ_PRIVATE = "concern.read_private"
IDENTITY = "identity.read"

# For so long the desk lists what new boundaries gave to another district.
CHANGE_SHOWN = timedelta(days=30)

# As the index of these says it.
CALLS_FOR_HELP = Q(state=State.RECEIVED, danger__gt="")

Person = AbstractBaseUser | AnonymousUser


@dataclass(frozen=True)
class Sight:
    """What somebody's rights let them read at this moment: all that `within` looks at, so that
    equal sights make equal questions. `reach` has the agencies where they read, each with the
    areas in which they read private ones too; None for everywhere."""

    user_id: int | None
    reach: tuple[tuple[int, frozenset[int] | None], ...]


def sight_of(user: Person) -> Sight:
    reach = []
    for agency_id in agencies_with(user, READ):
        areas = areas_with(user, READ_PRIVATE, agency_id)
        reach.append((agency_id, None if isinstance(areas, Everywhere) else areas))
    return Sight(user.pk, tuple(reach))


class ConcernQuerySet(models.QuerySet["Concern"]):
    def visible_to(self, user: Person) -> "ConcernQuerySet":
        """Those that this member of staff may read; nobody else reads any here.

        Ordinary categories are read by every officer of the agency, who cover for each
        other. A private one needs that it is theirs or their team's, or the right to read
        private ones in its area. Whoever may read private ones in the whole agency also reads those
        that lie outside every area.
        """
        return self.within(sight_of(user))

    def within(self, sight: Sight) -> "ConcernQuerySet":
        """As `visible_to`, for rights that were read before."""
        mine = Q(pk__in=[])
        for agency_id, areas in sight.reach:
            mine |= Q(agency_id=wide(agency_id)) & _readable_in(areas, sight.user_id)
        # Search words are as long as the report, and no page shows them.
        return self.filter(mine).defer("search", "note_words")

    def linked_to(self, user: Person) -> "ConcernQuerySet":
        """Those that this account sent while signed in, or put into it later. One query
        beforehand, of agencies.

        The link is made anew for each agency, so that agencies cannot join their reporters.
        """
        if user.pk is None:
            return self.none()
        agency_ids = Agency.objects.order_by("pk").values_list("pk", flat=True)
        links = [
            link
            for agency_id in agency_ids
            for link in keyed_hashes(Purpose.FOLLOW, str(user.pk), agency_id=agency_id)
        ]
        sent = self.model.objects.filter(reporter__account_link__in=links)
        adopted = self.model.objects.filter(adoptions__account_link__in=links)
        # One list of numbers from two indexes; an "or" of both would read every concern.
        listed = sent.order_by().values("pk").union(adopted.order_by().values("pk"))
        return self.filter(pk__in=listed).defer("search")

    def open(self) -> "ConcernQuerySet":
        return self.filter(state__in=sorted(workflow.OPEN_STATES))

    def calls_for_help(self) -> "ConcernQuerySet":
        """Those whose words call for help, until somebody accepts them; an index holds these."""
        return self.filter(CALLS_FOR_HELP)

    def calls_for_no_help(self) -> "ConcernQuerySet":
        return self.exclude(CALLS_FOR_HELP)

    def not_held(self) -> "ConcernQuerySet":
        """Without those that look like spam and that nobody has looked at yet."""
        suspicion: Any = self.model._meta.get_field("suspicion").related_model
        # By number alone, so that counting needs no more of a concern than its index holds.
        return self.exclude(pk__in=suspicion.objects.filter(is_held=True).values("concern_id"))

    def suspected(self) -> "ConcernQuerySet":
        """Those that look like spam and wait for somebody to look; some are held, some not."""
        return self.filter(state=State.RECEIVED, suspicion__finding="")

    def done(self) -> "ConcernQuerySet":
        return self.filter(state__in=sorted(workflow.DONE_STATES))

    def done_since(self, moment: Any) -> "ConcernQuerySet":
        """Resolved or closed at that moment, which may be an expression, or later, and not open
        again."""
        ended = Greatest("resolved_at", "closed_at")
        return self.done().alias(ended_at=ended).filter(ended_at__gte=moment)

    def unowned(self) -> "ConcernQuerySet":
        return self.filter(owner__isnull=True)

    def owned_by(self, user: Person) -> "ConcernQuerySet":
        return self.filter(owner_id=user.pk)

    def outside_every_area(self) -> "ConcernQuerySet":
        return self.filter(area__isnull=True)

    def overdue(self, today: date) -> "ConcernQuerySet":
        """Open, past a deadline, and waiting for nobody."""
        unanswered = Q(state=State.RECEIVED, acknowledge_by__lt=today)
        return self.open().exclude(state=State.WAITING).filter(unanswered | Q(resolve_by__lt=today))

    def changed_hands(self, today: date) -> "ConcernQuerySet":
        """Open, and laid into another responsible area by new boundaries in the last 30 days."""
        return self.open().filter(changed_hands_on__gte=today - CHANGE_SHOWN)

    def in_area(self, area_id: int) -> "ConcernQuerySet":
        """Those whose point lay in the area, whatever its layer."""
        return self.filter(areas__area_id=area_id)

    def matching(self, words: str) -> "ConcernQuerySet":
        """Those whose report, place, reference and notes together have all the words, in any of
        their forms in English or Spanish; "quoted" and -not work. No words, no rows."""
        condition = holds(words)
        return self.none() if condition is None else self.filter(condition)

    def with_the_word(self, word: str) -> "ConcernQuerySet":
        """Those in which somebody wrote just this word."""
        return self.filter(holds_exactly(word))

    def newest_first(self) -> "ConcernQuerySet":
        return self.order_by("-received_on", "-id")


def _readable_in(areas: frozenset[int] | None, user_id: int | None) -> Q:
    if areas is None:
        return Q()
    # What was given to their team was given to them.
    members = apps.get_model("concerns", "TeamMember").objects.filter(user=user_id)
    theirs = Q(owner_id=user_id) | Q(team_id__in=members.values("team_id"))
    readable = ~Q(category__visibility="never") | theirs
    return readable | Q(area_id__in=sorted(areas)) if areas else readable
