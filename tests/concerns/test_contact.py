"""By which way a reporter is reached: asked in words, stored sealed, used as they wish."""

import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from concerns.actions.intake import CannotSubmit
from concerns.forms.contact import ContactForm
from concerns.models import CallTask, ContactWish, OfferedWays, Relay, Reporter
from concerns.models.contact_wishes import Way
from concerns.ways import Offered, offered_ways
from concerns.wishes import Reach, Wishes
from engagement.outbox.models import Consent, Message
from engagement.people.identity import find_contacts, store_contact, wishes_of
from engagement.people.models import Contact, ContactKind, User
from engagement.places.models import Agency
from tests.concerns.conftest import NOW, file_report
from tests.concerns.test_views_public_report import soup
from tests.concerns.town import Town, filled, key_of, make_town

pytestmark = pytest.mark.django_db

ALL = Offered(ways=tuple(Way))
ADDRESS = "Ana Lopez\nP.O. Box 12\nCedar, MO 65000"


class Asked(ContactForm):
    """The part of the report form that is asked of a confidential reporter."""

    def clean(self) -> dict[str, Any]:
        self.demand_way()
        return self.cleaned_data


def asked(offered: Offered = ALL, **typed: str) -> Asked:
    form = Asked(typed)
    form.offer(offered)
    form.is_valid()
    return form


def relay_of(agency: Agency, name: str = "Grace Church") -> Relay:
    contact = store_contact(
        agency_id=agency.pk, kind="email", value="office@grace.example", language="en", now=NOW
    )
    return Relay.objects.create(agency=agency, name=name, kind="church", contact=contact)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("(314) 555-0100", "+13145550100"),
        ("314.555.0100", "+13145550100"),
        ("1-314-555-0100", "+13145550100"),
        ("+44 20 7946 0018", "+442079460018"),
        ("314 555 0100 ext. 12", "+13145550100;ext=12"),
        ("\uff08314\uff09555\u22120100", "+13145550100"),
        ("٣١٤٥٥٥٠١٠٠", "+13145550100"),
    ],
)
def test_a_phone_number_is_understood_as_people_write_it(typed: str, stored: str) -> None:
    form = asked(way="phone", phone=typed)
    assert form.errors == {}
    assert form.reach.value == stored


@pytest.mark.parametrize("typed", ["", "555", "call me", "99999999999999999999", "🙂"])
def test_a_number_that_is_none_is_refused_in_words(typed: str) -> None:
    form = asked(way="phone", phone=typed)
    (words,) = form.errors["phone"]
    assert "number" in words


def test_a_text_cannot_reach_an_extension() -> None:
    assert "extension" in asked(way="text", phone="(314) 555-0100 x12").errors["phone"][0]


@pytest.mark.parametrize(
    ("way", "field"), [("email", "email"), ("letter", "letter"), ("relay", "relay")]
)
def test_the_chosen_way_says_what_it_lacks(way: str, field: str) -> None:
    assert list(asked(way=way).errors) == [field]


def test_only_the_chosen_way_is_read_and_the_rest_is_kept_on_the_page() -> None:
    form = asked(way="letter", letter=ADDRESS, email="no-mail", phone="12")
    assert form.errors == {}
    assert form.reach == Reach("letter", value=ADDRESS)
    assert form["email"].value() == "no-mail"


def test_a_way_that_is_not_offered_cannot_be_chosen() -> None:
    form = asked(Offered(ways=(Way.EMAIL,)), way="phone", phone="(314) 555-0100")
    assert list(form.errors) == ["way"]


def test_a_form_without_the_question_means_e_mail() -> None:
    assert asked(email="ana@example.org").reach == Reach("email", value="ana@example.org")


def test_what_is_offered_follows_the_agency_and_what_can_work(
    agency: Agency, settings: Settings
) -> None:
    settings.TEXT_URL, settings.TEXT_FOLDER = "", None
    assert offered_ways(agency).ways == (Way.EMAIL, Way.PHONE, Way.LETTER)
    settings.TEXT_URL, settings.TEXT_ANSWERS_KEY = "https://gateway.example/messages", ""
    relay = relay_of(agency)
    assert Way.TEXT not in offered_ways(agency).ways, "nobody could say yes to the first text"
    settings.TEXT_ANSWERS_KEY = "a key"
    assert offered_ways(agency).ways == tuple(Way)
    assert offered_ways(agency).relays == (relay,)
    own = OfferedWays.objects.create(
        agency=agency, by_text=False, by_phone=False, by_letter=False, by_relay=False
    )
    assert offered_ways(agency).ways == (Way.EMAIL,)
    OfferedWays.objects.filter(pk=own.pk).update(by_email=False)
    assert offered_ways(agency).ways == (Way.EMAIL,), "somebody must be able to be answered"


@pytest.mark.parametrize(
    ("way", "kind", "value"),
    [
        ("email", ContactKind.EMAIL, "ana@example.org"),
        ("text", ContactKind.TEXT, "+13145550100"),
        ("phone", ContactKind.PHONE, "+13145550100"),
        ("letter", ContactKind.LETTER, ADDRESS),
    ],
)
def test_an_address_of_every_kind_is_sealed_and_found_by_its_own_hash(
    agency: Agency, officer: User, way: str, kind: str, value: str
) -> None:
    wishes = Wishes(no_voice_mail=True, ask_for="Rosa", may_say="about the library book")
    reach = Reach(way, value=value, hours=frozenset({"evening"}), wishes=wishes)
    concern = file_report(agency, level="confidential", wish=reach).concern
    contact = Reporter.objects.get(concern=concern).contact
    assert contact is not None
    assert contact.kind == kind
    assert Wishes.from_text(wishes_of(contact)) == wishes
    assert list(find_contacts(value, agency.pk, kind=kind)) == [contact]
    others = {ContactKind.EMAIL, ContactKind.TEXT, ContactKind.PHONE} - {kind}
    assert not any(find_contacts(value, agency.pk, kind=other).exists() for other in others)
    row = ContactWish.objects.get(concern=concern)
    assert (row.way, row.in_the_evening, row.in_the_morning) == (way, True, False)


def test_a_postal_address_is_found_however_it_is_broken_into_lines(agency: Agency) -> None:
    store_contact(agency_id=agency.pk, kind="letter", value=ADDRESS, language="en", now=NOW)
    typed = " ana lopez,\r\nP.O.  Box 12\ncedar, mo 65000 ".replace(",\r", "\r")
    assert find_contacts(typed, agency.pk, kind="letter").exists()


def test_choosing_texts_leaves_a_proof_of_consent(agency: Agency, officer: User) -> None:
    file_report(agency, level="confidential", wish=Reach("text", value="+13145550100"))
    proof = Consent.objects.get()
    assert (proof.is_given, proof.way, proof.wording) == (True, "form", "texts-2")
    message = Message.objects.get(contact=proof.contact)
    assert (message.kind, message.channel) == ("concerns.received", "text")


@pytest.mark.parametrize("way", ["phone", "letter"])
def test_who_is_reached_by_hand_gets_no_message_and_no_call_for_a_receipt(
    agency: Agency, officer: User, way: str
) -> None:
    file_report(agency, level="confidential", wish=Reach(way, value="+13145550100"))
    assert not Message.objects.filter(contact__kind=way).exists()
    assert not CallTask.objects.exists()


def test_an_anonymous_report_holds_no_way_whatever_was_typed(agency: Agency, officer: User) -> None:
    before = Contact.objects.count()
    file_report(agency, level="anonymous", wish=Reach("phone", value="+13145550100"))
    assert Contact.objects.count() == before
    assert not ContactWish.objects.exists()


def test_a_relay_of_another_agency_is_refused(agency: Agency, elsewhere: Agency) -> None:
    relay = relay_of(elsewhere)
    with pytest.raises(CannotSubmit):
        file_report(agency, level="confidential", wish=Reach("relay", relay_id=relay.pk))
    assert not ContactWish.objects.exists()


def test_an_address_goes_with_its_wishes(agency: Agency, officer: User) -> None:
    wish = Reach("phone", value="+13145550100", wishes=Wishes(ask_for="Rosa"))
    concern = file_report(agency, level="confidential", wish=wish).concern
    contact = Reporter.objects.get(concern=concern).contact
    assert contact is not None
    assert "Rosa" in json.loads(wishes_of(contact))["ask_for"]


@pytest.fixture
def town() -> Town:
    return make_town()


def carried(client: Client, typed: dict[str, str]) -> dict[str, str]:
    """The hidden fields of the check page."""
    page = soup(client.post("/report/new/", typed).content)
    return {
        str(field["name"]): str(field["value"])
        for field in page.select('main form input[type="hidden"]')
    }


def test_a_call_with_its_wishes_comes_through_the_check_page(client: Client, town: Town) -> None:
    typed = filled(
        town,
        key=key_of(client, town),
        level="confidential",
        way="phone",
        phone="573 555 0100",
        evening="on",
        no_voice_mail="on",
        ask_for="Rosa",
    )
    checked = client.post("/report/new/", typed)
    assert "By phone call, (573) 555-0100" in " ".join(soup(checked.content).get_text(" ").split())
    assert client.post("/report/done/", carried(client, typed)).status_code == 200
    contact = Reporter.objects.get().contact
    assert contact is not None
    assert find_contacts("+15735550100", town.agency.pk, kind="phone").get() == contact
    assert Wishes.from_text(wishes_of(contact)) == Wishes(no_voice_mail=True, ask_for="Rosa")
    assert ContactWish.objects.get().in_the_evening


def test_what_is_wrong_with_a_number_is_said_and_nothing_typed_is_lost(
    client: Client, town: Town
) -> None:
    typed = filled(
        town,
        key=key_of(client, town),
        level="confidential",
        way="text",
        phone="12",
        may_say="the library book",
        not_at_night="on",
    )
    page = soup(client.post("/report/new/", typed).content)
    assert "too short or too long" in page.get_text(" ")
    kept = {name: page.select_one(f'main [name="{name}"]') for name in ("phone", "may_say")}
    assert [str(field["value"]) for field in kept.values() if field] == ["12", "the library book"]
    ticked = page.select_one('main [name="not_at_night"]')
    assert ticked is not None
    assert ticked.has_attr("checked")
    chosen = page.select_one('main [name="way"][value="text"]')
    assert chosen is not None
    assert chosen.has_attr("checked")
