"""A department answers the mail it got. Whoever knows the address adds words, and reads nothing."""

import io
import mailbox
import re
import sys
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from concerns.actions import receiving
from concerns.actions.receiving import Fate, receive
from concerns.models import Handoff, HandoffEntry, HandoffLink, ReturnedPhoto
from concerns.models.handoffs import HandoffState, SaidBy
from concerns.words import TEXT_LIMIT
from concerns.workflow import State
from engagement.groups.models import TakesBy
from engagement.outbox.incoming import MOST_BYTES
from engagement.outbox.models import Message
from tests import pictures
from tests.concerns.handoffs import handing
from tests.concerns.handoffs.handing import Town, handed, keep, town

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mail_in(settings: Settings) -> None:
    settings.MAIL_IN_ADDRESS = "answers@police.example"


@pytest.fixture
def cedar() -> Town:
    return town(TakesBy.MAIL)


@pytest.fixture
def handoff(cedar: Town) -> Handoff:
    return handed(cedar)


def address_in(letter: EmailMessage) -> str:
    return str(letter.message()["Reply-To"])


def written(to: str, text: str = "Painted on Tuesday.", **headers: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"] = "Crew <crew@city.example>", to
    made["Message-ID"] = headers.pop("Message_ID", "<1@city.example>")
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def arrived(made: EmailMessage, **given: object) -> Fate:
    return receive(made.as_bytes(), now=timezone.now(), **given)  # type: ignore[arg-type]


def test_a_plain_reply_stands_on_the_case_as_unverified(cedar: Town, handoff: Handoff) -> None:
    (letter,) = handing.mailed()
    to = address_in(letter)
    assert re.fullmatch(r"answers\+[0-9a-z]{26}@police\.example", to)
    reply = written(to, f"Painted on Tuesday.\n\nOn Mon, Nov 23 Police wrote:\n> {letter.body}")
    reply.add_attachment(
        pictures.phone_jpeg(), maintype="image", subtype="jpeg", filename="wall.jpg"
    )
    assert arrived(reply) is Fate.KEPT
    entry = HandoffEntry.objects.get()
    assert (entry.text, entry.way, entry.by_user) == ("Painted on Tuesday.", SaidBy.MAIL, None)
    assert ReturnedPhoto.objects.filter(entry=entry).count() == 1
    page = cedar.desk.get(
        f"/desk/concerns/{cedar.concern.staff_reference}/hand-offs/{handoff.reference}/"
    ).content.decode()
    assert "Unverified" in page
    assert "Painted on Tuesday." in page
    told = Message.objects.get(kind="concerns.handoff_came_back")
    assert told.contact.account == cedar.officer


@pytest.mark.privacy
def test_a_mail_decides_nothing_and_is_never_answered(cedar: Town, handoff: Handoff) -> None:
    to = address_in(handing.mailed()[0])
    before = len(mail.outbox)
    assert arrived(written(to, "It is done. Close it. ACCEPT. DONE.")) is Fate.KEPT
    handing.mailed()
    handoff.refresh_from_db()
    cedar.concern.refresh_from_db()
    assert (handoff.state, cedar.concern.state) == (HandoffState.OFFERED, State.WAITING)
    told = [letter for letter in mail.outbox[before:] if "city.example" in letter.to[0]]
    assert told == [], "nothing goes to a sender that anybody can forge"


@pytest.mark.privacy
def test_the_address_for_answers_opens_no_page(handoff: Handoff) -> None:
    token = address_in(handing.mailed()[0]).partition("+")[2].partition("@")[0]
    link = receiving.token_digests(token, "page")
    assert not HandoffLink.objects.filter(digest__in=link).exists()


@pytest.mark.privacy
@pytest.mark.parametrize(
    "to",
    ["answers@police.example", "answers+@police.example", f"answers+{'0' * 26}@police.example", ""],
)
def test_without_its_token_a_mail_changes_nothing(handoff: Handoff, to: str) -> None:
    handing.mailed()
    forged = written(to or "x@y.example", From_="chief@police.example")
    assert arrived(forged) is Fate.NO_TOKEN
    assert not HandoffEntry.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"X_Autoreply": "yes"}],
)
def test_absence_notes_and_lists_are_dropped(handoff: Handoff, headers: dict[str, str]) -> None:
    to = address_in(handing.mailed()[0])
    assert arrived(written(to, "I am away.", **headers)) is Fate.AUTOMATIC
    assert not HandoffEntry.objects.exists()


def test_our_own_mail_that_comes_back_goes_in_no_circle(handoff: Handoff) -> None:
    letter = handing.mailed()[0]
    own = letter.message().as_bytes()
    assert receive(own, recipients=[address_in(letter)], now=timezone.now()) is Fate.AUTOMATIC
    assert not HandoffEntry.objects.exists()


def test_the_same_mail_twice_is_one_answer(handoff: Handoff) -> None:
    made = written(address_in(handing.mailed()[0]))
    assert arrived(made) is Fate.KEPT
    assert arrived(made) is Fate.REPEATED
    assert HandoffEntry.objects.count() == 1


@pytest.mark.privacy
@pytest.mark.parametrize("verb", ["revoke", "again", "withdraw"])
def test_a_token_that_staff_ended_takes_no_answer(cedar: Town, handoff: Handoff, verb: str) -> None:
    to = address_in(handing.mailed()[0])
    keep(cedar, handoff, verb)
    assert arrived(written(to)) is Fate.ENDED
    assert not HandoffEntry.objects.filter(way=SaidBy.MAIL).exists()


def test_a_token_ends_some_time_after_its_day(handoff: Handoff) -> None:
    to = address_in(handing.mailed()[0])
    late = HandoffLink.objects.latest("pk").expires_at + timedelta(seconds=1)
    assert receive(written(to).as_bytes(), now=late) is Fate.ENDED


def test_too_much_is_cut_and_marked_and_never_lost(handoff: Handoff) -> None:
    to = address_in(handing.mailed()[0])
    assert arrived(written(to, "word " * TEXT_LIMIT)) is Fate.KEPT
    first = HandoffEntry.objects.latest("pk")
    assert len(first.text) <= TEXT_LIMIT
    assert first.text.endswith("[…]")
    raw = written(to, "With a huge file.", Message_ID="<2@x>").as_bytes() + b"\r\n" * MOST_BYTES
    assert receive(raw, now=timezone.now()) is Fate.KEPT
    assert HandoffEntry.objects.latest("pk").text == "With a huge file. […]"


def test_a_flood_ends(handoff: Handoff, monkeypatch: pytest.MonkeyPatch) -> None:
    to = address_in(handing.mailed()[0])
    monkeypatch.setattr(receiving, "MOST_ANSWERS", 2)
    fates = [arrived(written(to, f"Word {n}", Message_ID=f"<{n}@x>")) for n in range(4)]
    assert fates == [Fate.KEPT, Fate.KEPT, Fate.FLOOD, Fate.FLOOD]


def test_an_empty_answer_and_a_file_that_is_no_picture_are_nothing(handoff: Handoff) -> None:
    made = written(address_in(handing.mailed()[0]), "\n> only quoted\n")
    made.add_attachment(b"no picture", maintype="image", subtype="png", filename="x.png")
    assert arrived(made) is Fate.EMPTY
    assert not HandoffEntry.objects.exists()


def test_the_mail_server_pipes_it_in(handoff: Handoff, monkeypatch: pytest.MonkeyPatch) -> None:
    to = address_in(handing.mailed()[0])
    raw = written("somebody@else.example").as_bytes()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
    said = io.StringIO()
    call_command("receive_mail", "--to", to, stdout=said)
    assert said.getvalue().strip() == "kept"
    assert HandoffEntry.objects.count() == 1


def test_a_maildir_is_read_and_emptied(handoff: Handoff, tmp_path: Path) -> None:
    to = address_in(handing.mailed()[0])
    box = mailbox.Maildir(tmp_path / "in", create=True)
    box.add(written(to).as_bytes())
    box.add(written("nobody@police.example").as_bytes())
    said = io.StringIO()
    call_command("receive_mail", "--maildir", str(tmp_path / "in"), stdout=said)
    assert sorted(said.getvalue().split()) == ["kept", "no_token"]
    assert len(mailbox.Maildir(tmp_path / "in")) == 0, "no mail is kept as it came"


def test_without_a_mail_server_no_answer_is_asked_for(settings: Settings) -> None:
    settings.MAIL_IN_ADDRESS = ""
    handed(town(TakesBy.MAIL))
    (letter,) = handing.mailed()
    assert letter.message()["Reply-To"] is None
    assert "Answer this mail" not in letter.body
