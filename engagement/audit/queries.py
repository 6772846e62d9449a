from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engagement.audit.actors import Actor, ActorKind
from engagement.audit.models import Entry
from engagement.audit.payloads import PayloadValue
from engagement.audit.registry import known_events
from engagement.audit.subjects import Subject


@dataclass(frozen=True)
class HistoryLine:
    """One entry as staff read it; `payload` is None when there never was one or it is destroyed."""

    entry_id: int
    event: str
    sentence: str
    actor: Actor
    at: datetime
    payload: Mapping[str, PayloadValue] | None
    is_payload_destroyed: bool


def history_of(subject: Subject, *, agency_id: int | None, limit: int = 200) -> list[HistoryLine]:
    """The newest `limit` entries about `subject` in this agency, newest first. One query."""
    entries = (
        Entry.objects.filter(
            subject_type=subject.type, subject_reference=subject.reference, agency_id=agency_id
        )
        .select_related("payload")
        .order_by("-id")[:limit]
    )
    return [_line(entry) for entry in entries]


def _line(entry: Entry) -> HistoryLine:
    event = known_events().get(entry.event)
    payload = getattr(entry, "payload", None)
    return HistoryLine(
        entry_id=entry.pk,
        event=entry.event,
        sentence=str(event.sentence) if event else entry.event,
        actor=Actor(ActorKind(entry.actor_kind), entry.actor_user_id, entry.actor_name),
        at=entry.at,
        payload=payload.body if payload else None,
        is_payload_destroyed=entry.payload_digest is not None and payload is None,
    )
