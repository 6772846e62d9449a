"""A reporter erases who they are; what the page promises is what happens, after a restore too."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from pytest_django import Settings

from concerns.actions import adopting, erasing
from concerns.forms.follow import new_pass
from concerns.links import LIVES, new_token, token_digest
from concerns.models import AccessLink, Adoption, CallTask, Concern, ContactWish, Reporter
from concerns.models.contact_wishes import Way
from concerns.notices import RECEIVED
from concerns.wishes import Reach
from engagement.audit import erasures
from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.outbox.models import Message
from engagement.outbox.states import State
from engagement.people.models import Contact
from engagement.places.models import Agency
from tests.concerns.conftest import NOW, file_report, meet_user

pytestmark = pytest.mark.privacy

REPORTER = Actor.reporter()


@pytest.fixture(autouse=True)
def own_ledger(settings: Settings, tmp_path: Path) -> None:
    settings.AUDIT_HEADS = tmp_path / "audit"


def erase(concern: Concern) -> bool:
    return erasing.erase_reporter(concern_id=concern.pk, by=REPORTER, now=NOW)


def follow(concern: Concern, **typed: str) -> str:
    answer = Client().post("/track/", {"pass": new_pass(concern.tracking_code), **typed})
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text().split())


def mailed_link(concern: Concern) -> str:
    token = new_token()
    AccessLink.objects.create(
        agency=concern.agency,
        concern=concern,
        token_digest=token_digest(token),
        expires_at=NOW + LIVES,
    )
    return token


def test_erasing_destroys_address_links_and_ways_in_at_once(told: Concern) -> None:
    mailed_link(told)
    resident = meet_user("Bo")
    adopting.adopt(concern_id=told.pk, account_user_id=resident.pk, by=REPORTER, now=NOW)
    contact = Reporter.objects.get(concern=told).contact
    assert contact is not None
    assert erase(told)
    contact.refresh_from_db()
    assert (bytes(contact.ciphertext), bytes(contact.lookup)) == (b"", b"")
    assert not AccessLink.objects.exists()
    assert not Adoption.objects.exists()
    assert not Concern.objects.linked_to(resident).exists()
    assert Message.objects.get(kind=RECEIVED).state == State.SUPERSEDED
    assert Concern.objects.get().level == "anonymous"
    assert Concern.objects.get().text == told.text, "what was written stays"
    assert not erase(told), "nothing is left to erase"


def test_a_report_sent_from_an_account_is_tied_to_it_no_more(agency: Agency) -> None:
    ana = meet_user("Ana")
    sent = file_report(agency, level="signed_in", account_user_id=ana.pk).concern
    assert list(Concern.objects.linked_to(ana)) == [sent]
    adopting.let_go(concern_id=sent.pk, account_user_id=ana.pk, by=REPORTER, now=NOW)
    assert not Concern.objects.linked_to(ana).exists()
    assert Concern.objects.get().level == "confidential", "the address was left, and stays"
    erase(sent)
    assert Concern.objects.get().level == "anonymous"


def test_no_call_is_made_to_who_was_erased(agency: Agency) -> None:
    wish = Reach(way=Way.PHONE, value="(314) 555-0123")
    called = file_report(agency, level="confidential", wish=wish).concern
    CallTask.objects.create(
        agency=agency, concern=called, way="phone", why="reply", due_on=NOW.date()
    )
    erase(called)
    assert not CallTask.objects.open().exists()
    assert not ContactWish.objects.exists()


def restored(rows: list[object]) -> None:
    """What a backup from before brings back."""
    for row in rows:
        row.save(force_insert=not type(row).objects.filter(pk=row.pk).exists())  # type: ignore[attr-defined]


def test_a_restore_erases_again_what_was_erased_since_the_backup(agency: Agency) -> None:
    ana, bo = meet_user("Ana"), meet_user("Bo")
    sent = file_report(agency, level="signed_in", account_user_id=ana.pk).concern
    adopting.adopt(concern_id=sent.pk, account_user_id=bo.pk, by=REPORTER, now=NOW)
    mailed_link(sent)
    kept = [
        Contact.objects.get(pk=Reporter.objects.get().contact_id),
        Reporter.objects.get(),
        Adoption.objects.get(),
        AccessLink.objects.get(),
        Concern.objects.defer("search").get(),
    ]
    erase(sent)
    restored(kept[:4])
    Concern.objects.update(level="signed_in")
    assert Concern.objects.linked_to(ana).exists()
    assert Concern.objects.linked_to(bo).exists()
    assert erasures.replay(erasures.remembered(), now=NOW) > 0
    assert not Concern.objects.linked_to(ana).exists()
    assert not Concern.objects.linked_to(bo).exists()
    assert not AccessLink.objects.exists()
    assert bytes(Contact.objects.get(pk=kept[0].pk).ciphertext) == b""  # type: ignore[attr-defined]
    assert Concern.objects.get().level == "anonymous"


def test_the_ledger_names_nobody(told: Concern, tmp_path: Path) -> None:
    erase(told)
    text = (tmp_path / "audit" / erasures.LEDGER).read_text()
    for name in (told.tracking_code, told.staff_reference, "ana@example.org"):
        assert name not in text


def test_what_cannot_be_written_down_is_not_erased(told: Concern, tmp_path: Path) -> None:
    (tmp_path / "audit").write_text("a file where the folder should be")
    with pytest.raises(erasures.CannotRemember):
        erase(told)
    assert bytes(Reporter.objects.get().contact.ciphertext)  # type: ignore[union-attr]
    assert not Entry.objects.filter(event="CONCERN_REPORTER_ERASED").exists()
    assert "Nothing was erased" in follow(told, verb="erase")


def test_the_page_says_what_goes_what_stays_and_for_how_long(
    told: Concern, settings: Settings
) -> None:
    settings.BACKUP_DAYS = 21
    before = follow(told)
    assert "Erase who I am" in before
    after = follow(told, verb="erase")
    assert "Your contact and account link are erased." in after
    assert "No contact and no tie to an account are held with this report." in after
    for page in (before, after):
        assert "for up to 21 days" in page
        assert "What you wrote stays until its time of keeping is over" in page
        assert "A legal hold, such as a court case, can delay this." in page


def test_a_restore_leaves_an_address_where_only_the_account_was_let_go(agency: Agency) -> None:
    ana = meet_user("Ana")
    sent = file_report(agency, level="signed_in", account_user_id=ana.pk).concern
    mailed_link(sent)
    before = Reporter.objects.get()
    adopting.let_go(concern_id=sent.pk, account_user_id=ana.pk, by=REPORTER, now=NOW)
    restored([before])
    Concern.objects.update(level="signed_in")
    erasures.replay(erasures.remembered(), now=NOW)
    assert not Concern.objects.linked_to(ana).exists()
    assert AccessLink.objects.count() == 1
    assert Concern.objects.get().level == "confidential"
