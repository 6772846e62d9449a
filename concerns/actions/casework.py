"""What every action on a concern shares: the lock, the moment, the move and its record."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from concerns import joiner_notices, merged_notices
from concerns.deadlines import after_waiting
from concerns.families import with_family
from concerns.models import ChangeReason, Concern, Handoff, StatusChange, Suspicion
from concerns.models.casework import Party
from concerns.models.handoffs import HandoffState
from concerns.models.suspicions import Finding
from concerns.subscriptions.models import What
from concerns.subscriptions.telling import tell
from concerns.words import TooLong, clean_words
from concerns.workflow import State, allows
from engagement.audit.actions import record
from engagement.audit.actors import Actor, ActorKind
from engagement.audit.subjects import Subject
from engagement.audit.together import Together
from engagement.places.business import business_days_between
from engagement.places.queries import holidays_of


class StaleEdit(Exception):
    """Someone changed the concern after this person opened it; `current` is how it is now."""

    def __init__(self, current: Concern, seen_version: int) -> None:
        super().__init__(current.staff_reference)
        self.current = current
        self.seen_version = seen_version


class CannotMove(Exception):
    """The workflow has no such move; each verb raises its own kind of this."""

    def __init__(self, concern: Concern) -> None:
        super().__init__(concern.staff_reference)
        self.concern = concern


class BadWords(ValueError):
    """Nothing was written, or more than fits; `limit` is None when it was nothing."""

    def __init__(self, limit: int | None = None) -> None:
        super().__init__(limit)
        self.limit = limit


def needed_words(text: str) -> str:
    """Return the text made safe to store. Raises BadWords when it is empty or too long."""
    try:
        words = clean_words(text)
    except TooLong as error:
        raise BadWords(error.limit) from None
    if not words:
        raise BadWords
    return words


def locked(concern_id: int) -> Concern:
    """Return the concern, locked until the transaction ends. Raises Concern.DoesNotExist."""
    found = locked_together([concern_id])
    if not found:
        raise Concern.DoesNotExist
    return found[concern_id]


def locked_together(concern_ids: Iterable[int]) -> dict[int, Concern]:
    """Return these concerns by id, locked in the order of their ids: everybody who needs several
    takes them in this order, so that nobody waits for somebody who waits for them."""
    wanted = sorted(set(concern_ids))
    found = list(_lockable().filter(pk__in=wanted).order_by("pk"))
    if len(found) < len(wanted) or any(row.version != row.version_before for row in found):
        # Whoever held a row changed it while this waited: the row is new then, and all that was
        # read beside it (page, category, who follows it) is from before, or the row is missing.
        found = list(_lockable().filter(pk__in=wanted).order_by("pk"))
    return {concern.pk: concern for concern in found}


def _lockable() -> QuerySet[Concern, Any]:
    rows = Concern.objects.select_related(
        "agency", "category", "public", "reporter", "wish", "suspicion"
    )
    before = Concern.objects.filter(pk=OuterRef("pk")).values("version")
    return (
        with_family(rows).annotate(version_before=Subquery(before)).select_for_update(of=("self",))
    )


def locked_as_seen(concern_id: int, seen_version: int) -> Concern:
    """Like `locked`; two officers may press at once, and the second must see the first's change.

    Raises StaleEdit.
    """
    concern = locked(concern_id)
    if concern.version != seen_version:
        raise StaleEdit(concern, seen_version)
    return concern


def party_of(by: Actor) -> Party:
    if by.is_reporter:
        return Party.REPORTER
    if by.kind is ActorKind.TOKEN:
        return Party.PARTNER
    return Party.STAFF if by.user_id is not None else Party.CLOCK


def move(
    concern: Concern,
    to: State,
    *,
    by: Actor,
    at: datetime,
    outcome: str = "",
    waiting_on: str = "",
    refusal: type[CannotMove] = CannotMove,
    writes: Together | None = None,
) -> StatusChange:
    """Move a locked concern and keep its clock and its public side true; the caller saves it.

    With `writes` all of it is gathered there, and the caller calls `tell_followers` once they are
    sent. Raises `refusal` when the workflow does not allow it.
    """
    if not allows(concern.state, to):
        raise refusal(concern)
    gathered = writes or Together()
    _leave(concern, at, gathered)
    concern.moved_from = concern.state
    concern.state, concern.outcome, concern.waiting_on = to, outcome, waiting_on
    concern.waiting_since = concern.agency.day_of(at) if to == State.WAITING else None
    _date_the_end(concern, at)
    move_public_side(concern, writes=gathered)
    if not concern.is_open:
        # Nobody outside goes on working at what is done; their page says so.
        under_way = Handoff.objects.filter(concern=concern).answerable()
        gathered.update(under_way, state=HandoffState.WITHDRAWN, ended_at=at)
    if to == State.RESOLVED and concern.public is not None:
        tell(concern.public, What.RESOLVED, agency=concern.agency, now=at, writes=gathered)
    change = record_status(concern, by=by, at=at, writes=gathered)
    if writes is None:
        gathered.send()
        tell_followers(concern, change, was_public=concern.public is not None, now=at)
    return change


def tell_followers(
    concern: Concern,
    change: StatusChange,
    *,
    was_public: bool,
    now: datetime,
    notes: Together | None = None,
) -> None:
    """Tell all who follow a concern that it has moved, but for its own reporter; with `notes`
    what can be gathered is gathered there."""
    event, is_news = f"status:{change.pk}", change.state in (State.RESOLVED, State.CLOSED)
    merged_notices.pass_on(concern, event=event, now=now, is_worth_a_call=is_news, notes=notes)
    if was_public:
        # What is not public any more moves unseen.
        joiner_notices.news(concern, event=event, now=now, notes=notes)


def _leave(concern: Concern, at: datetime, writes: Together) -> None:
    """What leaving its state means for a concern."""
    if concern.state == State.WAITING:
        _start_clock(concern, at)
    elif concern.state == State.RECEIVED and hasattr(concern, "suspicion"):
        # Whoever takes it up, or takes it back, has found that it is no spam.
        suspected = Suspicion.objects.filter(concern=concern, finding=Finding.OPEN)
        writes.update(suspected, finding=Finding.GENUINE, is_held=False)


def _date_the_end(concern: Concern, at: datetime) -> None:
    if concern.is_open:
        concern.resolved_at = concern.closed_at = None
        return
    concern.unanswered_since = None
    if concern.state == State.RESOLVED:
        concern.resolved_at = at
    else:
        concern.closed_at = at


def record_status(
    concern: Concern, *, by: Actor, at: datetime, writes: Together | None = None
) -> StatusChange:
    change = StatusChange(
        agency_id=concern.agency_id,
        concern=concern,
        state=concern.state,
        outcome=concern.outcome,
        at=at,
        by_party=party_of(by),
        by_user_id=by.user_id,
    )
    if writes is None:
        change.save(force_insert=True)
        return change
    return writes.insert(change)


def save(concern: Concern, *fields: str, writes: Together | None = None) -> None:
    """Write these fields and count the version up; the row is locked by `locked`.

    Since when the reporter waits for an answer is written with every change of the conversation.
    With `writes` it is gathered there.
    """
    concern.version += 1
    named = [*fields, "unanswered_since", "version"]
    if writes is None:
        concern.save(update_fields=named)
    else:
        writes.change(concern, *named)


STATE_FIELDS = (
    "state",
    "outcome",
    "waiting_on",
    "waiting_since",
    "waited_days",
    "resolve_by",
    "very_late_after",
    "acknowledge_by",
    "resolved_at",
    "closed_at",
)


def log(
    event: str,
    concern: Concern,
    *,
    by: Actor,
    at: datetime,
    payload: dict[str, str | int | bool | None] | None = None,
    why: str = "",
    writes: Together | None = None,
) -> None:
    """Write the audit entry of a change to this concern, with the states before and after where it
    moved; `why` is kept beside it, as history itself holds no free text. With `writes` it is
    gathered there, unless it has a reason, which needs the number of the entry."""
    moved: dict[str, str | int | bool | None] = {}
    if concern.moved_from:
        moved = {"was": str(concern.moved_from), "is": str(concern.state)}
        concern.moved_from = ""
    entry = record(
        event,
        by=by,
        subject=Subject("concern", concern.staff_reference),
        agency_id=concern.agency_id,
        now=at,
        payload={**moved, **(payload or {})},
        writes=None if why else writes,
    )
    if why:
        ChangeReason.objects.create(
            agency_id=concern.agency_id, concern=concern, entry_id=entry.pk, text=why
        )


def _start_clock(concern: Concern, at: datetime) -> None:
    since, today = concern.waiting_since, concern.agency.day_of(at)
    if since is None:
        return
    holidays = holidays_of(concern.agency, since=since)
    concern.waited_days += max(0, business_days_between(since, today, holidays))
    for clock in ("resolve_by", "very_late_after"):
        moved = after_waiting(getattr(concern, clock), since=since, today=today, holidays=holidays)
        setattr(concern, clock, moved)


def move_public_side(concern: Concern, *, writes: Together | None = None) -> None:
    """Let the public page, if there is one, say the state that a locked concern has now."""
    if concern.public is None:
        return
    resolved = concern.resolved_at or concern.closed_at
    public = concern.public
    public.state, public.outcome = concern.state, concern.outcome
    public.resolved_on = concern.agency.day_of(resolved) if resolved else None
    public.waits_for, public.waits_until = "", None
    shown = ["state", "outcome", "resolved_on", "waits_for", "waits_until"]
    if writes is None:
        public.save(update_fields=shown)
    else:
        writes.change(public, *shown)
