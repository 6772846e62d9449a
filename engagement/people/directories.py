"""Staff who sign in through their agency's directory, and what happens when they leave it."""

import logging
import uuid
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.keys.hashes import keyed_hash, keyed_hashes
from engagement.keys.purposes import Purpose
from engagement.outside.gateway import CannotReach
from engagement.people.directory_models import DirectoryConnection, DirectoryLink
from engagement.people.identity import open_words, seal_words
from engagement.people.models import Session, User
from engagement.people.openid import CannotTrust, Gone, Known, Party, ask_again
from engagement.people.queries import staff_holding
from engagement.people.roles import Role
from engagement.people.staffing_registry import StaffNotice, staff_notice
from engagement.people.visits import end_sessions

logger = logging.getLogger(__name__)
# Everybody is asked about at the same quarter hours: a moment of one's own would say when
# somebody signed in.
EVERY = timedelta(minutes=15)
BATCH = 50
BY = Actor.task("directory")


class CannotConnect(Exception):
    """The account or the directory's person is connected to another already."""


def party_of(connection: DirectoryConnection) -> Party:
    """The connection with its secret opened; for one exchange."""
    secret = open_words(
        connection.client_secret,
        what="directory.secret",
        agency_id=connection.agency_id,
        binding=connection.binding,
    )
    return Party(
        connection.issuer, connection.client_id, secret, tuple(connection.other_hosts or ())
    )


def seal_secret(connection: DirectoryConnection, secret: str) -> None:
    """Put the client secret into the row, without saving; nobody reads it there."""
    connection.client_secret = seal_words(
        secret,
        what="directory.secret",
        agency_id=connection.agency_id,
        binding=connection.binding,
    )


def digest_of(connection: DirectoryConnection, subject: str) -> bytes:
    """What is kept of who somebody is there, under the current key."""
    return keyed_hash(Purpose.LINK, _named(connection, subject), agency_id=connection.agency_id)


def link_of(connection: DirectoryConnection, subject: str) -> DirectoryLink | None:
    """The account that was connected to this person of the directory."""
    digests = keyed_hashes(
        Purpose.LINK, _named(connection, subject), agency_id=connection.agency_id
    )
    rows = DirectoryLink.objects.select_related("user", "connection")
    return rows.filter(connection=connection, subject_digest__in=digests).first()


@transaction.atomic
def connect(
    *, connection: DirectoryConnection, user: User, digest: bytes, now: datetime
) -> DirectoryLink:
    """Let the person behind `digest` sign in to this account. Raises CannotConnect.

    The caller has seen both: the account signed in, or its invitation, and the directory's word.
    """
    try:
        link, is_new = DirectoryLink.objects.get_or_create(
            connection=connection,
            subject_digest=digest,
            defaults={"agency_id": connection.agency_id, "user": user},
        )
    except IntegrityError:
        raise CannotConnect from None
    if link.user_id != user.pk:
        raise CannotConnect
    if is_new:
        _log("DIRECTORY_CONNECTED", link, by=Actor.staff(user.pk), now=now)
    return link


@transaction.atomic
def remember_sign_in(*, link: DirectoryLink, known: Known, now: datetime) -> None:
    """Keep what is needed to ask later whether the person may still sign in."""
    link.refresh_token = _sealed(link, known.refresh_token)
    link.ask_at = _next_quarter(now) if known.refresh_token else None
    link.refused_on = None
    link.save(update_fields=["refresh_token", "ask_at", "refused_on"])


def ask_about_everyone(*, now: datetime) -> int:
    """Ask the directories about whoever is signed in through them and due; returns how many lost
    their access. An answer that does not come is asked for again at the next quarter hour."""
    gone = 0
    silent: set[int] = set()
    for link in _claimed(now):
        if link.connection_id in silent:
            # Waiting for each of its people would keep the mails of everybody waiting too.
            continue
        if not Session.objects.filter(user_id=link.user_id, expire_date__gt=now).exists():
            _forget_token(link)
            continue
        try:
            gone += _ask_about(link, now)
        except CannotReach:
            silent.add(link.connection_id)
        except Exception:
            # One directory that answers nonsense must not keep those in who left another.
            logger.error(
                "a directory could not be asked",
                exc_info=True,
                extra={"event": "people.directory_fault"},
            )
    return gone


@transaction.atomic(durable=True)
def end_access(*, link: DirectoryLink, now: datetime) -> bool:
    """The directory took this person out: their sessions end, and a password does not help.

    The agency's administrators hear of it. Nothing happens, and False is returned, if they signed
    in anew while the directory was asked about an older token.
    """
    unchanged = DirectoryLink.objects.filter(pk=link.pk, refresh_token=bytes(link.refresh_token))
    if not unchanged.update(refresh_token=b"", ask_at=None, refused_on=now.date()):
        return False
    end_sessions(link.user)
    _log("DIRECTORY_REFUSED", link, by=BY, now=now)
    agency = link.connection.agency
    administrators = staff_holding(roles=[Role.AGENCY_ADMIN], agency=agency, now=now)
    contacts = administrators.exclude(pk=link.user_id).filter(contact__isnull=False)
    staff_notice(
        StaffNotice(
            kind="people.left_directory",
            subject=Subject("account", str(link.user_id)),
            agency_id=agency.pk,
            contact_ids=tuple(contacts.values_list("contact_id", flat=True)),
            event=f"gone:{uuid.uuid4().hex}",
            now=now,
        )
    )
    return True


@transaction.atomic(durable=True)
def log_out(*, link: DirectoryLink, now: datetime) -> None:
    """The directory ended this person's session there; all sessions here end with it."""
    DirectoryLink.objects.filter(pk=link.pk).update(refresh_token=b"", ask_at=None)
    end_sessions(link.user)
    _log("DIRECTORY_LOGGED_OUT", link, by=BY, now=now)


def rekey_connections(after_id: int, limit: int) -> int:
    rows = DirectoryConnection.objects.select_for_update().filter(pk__gt=after_id)
    for connection in rows.order_by("pk")[:limit]:
        after_id = connection.pk
        seal_secret(connection, party_of(connection).client_secret)
        connection.save(update_fields=["client_secret"])
    return after_id


def rekey_links(after_id: int, limit: int) -> int:
    rows = DirectoryLink.objects.select_for_update().filter(pk__gt=after_id)
    for link in rows.order_by("pk")[:limit]:
        after_id = link.pk
        link.refresh_token = _sealed(link, _opened(link))
        link.save(update_fields=["refresh_token"])
    return after_id


@transaction.atomic(durable=True)
def _claimed(now: datetime) -> list[DirectoryLink]:
    """Take the due ones and set their next time at once: a token may work only once, so no two
    workers may use it."""
    due = (
        DirectoryLink.objects.filter(ask_at__lte=now)
        .select_related("connection__agency", "user")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("ask_at", "pk")[:BATCH]
    )
    links = list(due)
    DirectoryLink.objects.filter(pk__in=[link.pk for link in links]).update(
        ask_at=_next_quarter(now)
    )
    return links


def _ask_about(link: DirectoryLink, now: datetime) -> bool:
    """Whether the person is gone. No transaction is open while the directory is asked.

    Raises CannotReach.
    """
    try:
        token = ask_again(
            party_of(link.connection),
            refresh_token=_opened(link),
            subject_was=lambda subject: _is_same(link, subject),
        )
    except Gone:
        return end_access(link=link, now=now)
    except CannotTrust:
        return False
    _keep_token(link, token)
    return False


@transaction.atomic(durable=True)
def _keep_token(link: DirectoryLink, token: str) -> None:
    """Only if nobody signed in anew in the meantime: then theirs is the newer one."""
    DirectoryLink.objects.filter(pk=link.pk, refresh_token=bytes(link.refresh_token)).update(
        refresh_token=_sealed(link, token)
    )


@transaction.atomic(durable=True)
def _forget_token(link: DirectoryLink) -> None:
    DirectoryLink.objects.filter(pk=link.pk).update(refresh_token=b"", ask_at=None)


def _is_same(link: DirectoryLink, subject: str) -> bool:
    found = link_of(link.connection, subject)
    return found is not None and found.pk == link.pk


def _named(connection: DirectoryConnection, subject: str) -> str:
    return f"directory:{connection.issuer}\0{subject}"


def _sealed(link: DirectoryLink, token: str) -> bytes:
    return seal_words(token, what="directory.token", agency_id=link.agency_id, binding=link.binding)


def _opened(link: DirectoryLink) -> str:
    return open_words(
        link.refresh_token,
        what="directory.token",
        agency_id=link.agency_id,
        binding=link.binding,
    )


def _next_quarter(now: datetime) -> datetime:
    start = now.replace(minute=0, second=0, microsecond=0)
    return start + EVERY * ((now - start) // EVERY + 1)


def _log(event: str, link: DirectoryLink, *, by: Actor, now: datetime) -> None:
    record(
        event,
        by=by,
        subject=Subject("account", str(link.user_id)),
        agency_id=link.agency_id,
        now=now,
        payload={"directory": link.connection_id},
    )
