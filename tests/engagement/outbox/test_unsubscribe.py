import re
from datetime import datetime
from uuid import UUID

import pytest
from django.test import Client

from engagement.outbox.actions.delivery import sweep
from engagement.outbox.models import Consent, ConsentWay, Message, Suppression
from engagement.outbox.states import State
from engagement.outbox.tokens import token_for
from tests.engagement.outbox import kinds
from tests.engagement.outbox.conftest import meet_reader, queue_notice, state_of
from tests.engagement.outbox.sink import Sink

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail_client() -> Client:
    """A mail program: no cookies, no form token."""
    return Client(enforce_csrf_checks=True)


def path_in(sink: Sink) -> str:
    link = str(sink.received[-1].letter["List-Unsubscribe"]).strip(" <>")
    return link.removeprefix("https://portal.example.gov")


def test_one_click_in_the_mail_program_ends_the_kind_before_the_next_mail(
    sink: Sink, now: datetime, later: datetime, mail_client: Client
) -> None:
    contact = meet_reader()
    queue_notice(contact, "first", kind=kinds.NEWS)
    sweep(now=now)
    second = queue_notice(contact, "second", kind=kinds.NEWS)

    answer = mail_client.post(path_in(sink), {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert not answer.cookies
    assert sweep(now=later) == 0
    assert len(sink.received) == 1
    assert state_of(second) == State.SUPPRESSED
    assert Consent.objects.get().way == ConsentWay.ONE_CLICK


def test_a_scanner_that_follows_every_link_changes_nothing(
    sink: Sink, now: datetime, mail_client: Client
) -> None:
    queue_notice(meet_reader(), kind=kinds.NEWS)
    sweep(now=now)
    mail = sink.received[0]
    links = set(re.findall(r"https://portal\.example\.gov[^\s\"<>]*", mail.part("html")))
    links |= set(re.findall(r"https://portal\.example\.gov[^\s\"<>]*", mail.part("plain")))
    before = list(Message.objects.values_list())

    for link in links:
        path = link.removeprefix("https://portal.example.gov")
        assert mail_client.get(path).status_code in {200, 404}
        mail_client.head(path)

    assert any("/unsubscribe/" in link for link in links)
    assert not Suppression.objects.exists()
    assert not Consent.objects.exists()
    assert list(Message.objects.values_list()) == before


def test_a_person_ends_the_mails_on_the_page_and_takes_it_back(mail_client: Client) -> None:
    contact = meet_reader(language="es")
    path = f"/unsubscribe/{token_for(contact.binding, kinds.NEWS.name)}/"

    asked = mail_client.get(path)
    ended = mail_client.post(path, {"want": "none"})

    assert asked.status_code == ended.status_code == 200
    assert 'lang="es"' in asked.content.decode()
    assert "no-store" in ended["Cache-Control"]
    assert Suppression.objects.filter(contact=contact, kind=kinds.NEWS.name).exists()

    mail_client.post(path, {"want": "none"})
    mail_client.post(path, {"want": "again"})

    assert not Suppression.objects.exists()
    assert list(Consent.objects.order_by("pk").values_list("is_given", flat=True)) == [False, True]


def test_a_link_ends_its_own_kind_for_its_own_reader_only(
    now: datetime, mail_client: Client
) -> None:
    ana, ben = meet_reader("ana"), meet_reader("ben")
    mail_client.post(f"/unsubscribe/{token_for(ana.binding, kinds.NEWS.name)}/")

    assert queue_notice(ana, kind=kinds.NEWS) is None
    assert queue_notice(ana, kind=kinds.REMINDER) is not None
    assert queue_notice(ben, kind=kinds.NEWS) is not None


@pytest.mark.parametrize("fault", ["damaged", "foreign", "answer", "nobody"])
def test_a_link_that_is_not_ours_changes_nothing(mail_client: Client, fault: str) -> None:
    contact = meet_reader()
    good = token_for(contact.binding, kinds.NEWS.name)
    bad = {
        "damaged": good[:-1] + ("A" if good[-1] != "A" else "B"),
        "foreign": "WzEsIngiXQ:1xxxxx:abc",
        "answer": token_for(contact.binding, kinds.ANSWER.name),
        "nobody": token_for(meet_gone_reader(), kinds.NEWS.name),
    }[fault]

    assert mail_client.get(f"/unsubscribe/{bad}/").status_code == 404
    assert mail_client.post(f"/unsubscribe/{bad}/").status_code == 404

    assert not Suppression.objects.exists()
    assert not Consent.objects.exists()


def meet_gone_reader() -> UUID:
    contact = meet_reader("gone")
    binding = contact.binding
    contact.delete()
    return binding


def test_the_link_holds_no_row_number_and_no_address() -> None:
    contact = meet_reader()

    token = token_for(contact.binding, kinds.NEWS.name)

    assert token == token_for(contact.binding, kinds.NEWS.name)
    assert "ana" not in token
