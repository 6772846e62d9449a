"""Reports of what somebody did: behavior asked for, one reminder, always private, both counted."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from concerns.looks import is_only_looks
from concerns.models import Answer, Category, Concern, GuidedDay, Question
from tests.concerns.town import LAT, Town, filled, key_of, make_town

LOOKS_ALONE = [
    "Black man in a hoodie",
    "A tall Hispanic male wearing a red jacket and a baseball-style cap",
    "two young guys with backpacks standing near my house",
    "Suspicious person, dark skin, about 20 years old, looks like he does not belong here",
    "There is a homeless man sitting on the corner, he looks scary",
    "white woman 5'10 thin, blonde hair, glasses",
    "Teenagers in hoodies walking in our neighborhood again",
    "someone in a mask",
    "I don't know him, never seen before, black, tattoos",
    "Mexican guys in a van",
    "Un hombre negro con capucha",
    "Dos jóvenes morenos con mochilas parados en la esquina",
    "mujer con hijab sentada en el parque",
    "Un señor sospechoso, alto, de piel oscura, con gorra roja",
    "Hay unos muchachos con tatuajes en la calle, no son del barrio",
    "persona extraña con mascara",
]
BEHAVIOR_TOLD = [
    "Black man in a hoodie tried the doors of three cars",
    "He looked into the windows of my neighbor's house with a flashlight",
    "A woman followed my daughter from the bus stop",
    "Two people climbed over the fence",
    "someone in a mask broke the lock",
    "He knocked and then ran",
    "A man is filming children at the playground",
    "They were pulling on door handles",
    "A guy hides packages under the porch",
    "Man with a red jacket threatened the mail carrier",
    "He rang the bell and asked when we are away",
    "Un hombre con capucha probó las puertas de los carros",
    "Siguió a mi hija desde la escuela",
    "Dos personas saltaron la cerca",
    "Una mujer tomaba fotos de las ventanas",
    "gritó y golpeó la puerta",
    "Selling drugs from a white car",
    "Loud noise behind the garage",
]


@pytest.mark.parametrize("words", LOOKS_ALONE)
def test_looks_alone_are_told_from_behavior(words: str) -> None:
    assert is_only_looks(words)


@pytest.mark.parametrize("words", BEHAVIOR_TOLD)
def test_behavior_is_never_doubted(words: str) -> None:
    assert not is_only_looks(words)


def test_words_without_any_description_need_no_reminder() -> None:
    for words in ("", "Please help", "Again here last night", "🙂", "It happened at the corner"):
        assert not is_only_looks(words)


def test_behavior_in_one_answer_is_enough() -> None:
    assert not is_only_looks("A tall man in a red jacket", "He tried the door")


@pytest.fixture
def town(db: None) -> Town:
    town = make_town()
    suspicious = Category.objects.create(
        agency=town.agency,
        code="suspicious",
        label={"en": "Suspicious behavior", "es": "Conducta sospechosa"},
        handler={"en": "District officer"},
        group="safety",
        mode="guided",
        visibility="never",
    )
    Question.objects.create(
        agency=town.agency,
        category=suspicious,
        code="behavior",
        kind="text",
        label={"en": "What did the person do?", "es": "¿Qué hizo la persona?"},
        is_required=True,
        reminds_of_looks=True,
    )
    return town


def sent(client: Client, town: Town, behavior: str, **changes: object) -> dict[str, str]:
    return filled(
        town,
        key=key_of(client, town),
        category="suspicious",
        text="A man near the school",
        asked="suspicious",
        **{"suspicious-behavior": behavior, **changes},
    )


def soup(content: bytes) -> BeautifulSoup:
    return BeautifulSoup(content, "html.parser")


def hidden(page: BeautifulSoup) -> dict[str, str]:
    return {
        str(field["name"]): str(field["value"])
        for field in page.select("main form input[type=hidden][name][value]")
    }


def test_a_report_without_behavior_is_asked_for_it(client: Client, town: Town) -> None:
    for url in ("/report/new/", "/report/done/"):
        page = soup(client.post(url, sent(client, town, "")).content)
        assert page.select("[data-errors] a[href='#id_suspicious-behavior']")
    assert not Concern.objects.exists()


def test_looks_alone_bring_one_reminder_and_then_the_report_can_be_sent(
    client: Client, town: Town
) -> None:
    typed = sent(client, town, "Black, in a hoodie")
    reminder = soup(client.post("/report/new/", typed).content)
    assert "Your words tell how somebody looks" in reminder.get_text()
    assert not Concern.objects.exists()
    check = soup(client.post("/report/new/", hidden(reminder)).content)
    assert "Check before sending" in check.h1.get_text()  # type: ignore[union-attr]
    client.post("/report/done/", hidden(check))
    assert Answer.objects.get(code="behavior").typed == "Black, in a hoodie"
    counted = GuidedDay.objects.get()
    assert (counted.reports, counted.reminders, counted.sent_anyway) == (1, 1, 1)


def test_going_back_from_the_reminder_keeps_everything_and_reminds_no_more(
    client: Client, town: Town
) -> None:
    typed = sent(client, town, "A tall man", when="At noon", how_often="once")
    reminder = soup(client.post("/report/new/", typed).content)
    form = soup(client.post("/report/new/", {**hidden(reminder), "change": "words"}).content)
    assert form.select_one("[data-report-form]")["data-open"] == "words"  # type: ignore[index]
    behavior = form.select_one("[name=suspicious-behavior]")
    assert behavior is not None
    assert behavior.get_text().strip() == "A tall man"
    assert form.select_one("[name=when]")["value"] == "At noon"  # type: ignore[index]
    assert form.select_one("[name=how_often] [selected]")["value"] == "once"  # type: ignore[index]
    again = client.post("/report/new/", {**typed, "reminded": "on"})
    assert "Check before sending" in again.content.decode()
    assert GuidedDay.objects.get().reminders == 1


def test_whoever_skips_the_check_is_reminded_too(client: Client, town: Town) -> None:
    page = client.post("/report/done/", sent(client, town, "A tall man"))
    assert "Your words tell how somebody looks" in page.content.decode()
    assert not Concern.objects.exists()


def test_behavior_is_counted_without_a_reminder_and_never_public(
    client: Client, town: Town
) -> None:
    typed = sent(client, town, "He tried the doors of three cars", lat=f"{LAT + 0.01:.6f}")
    text = soup(client.post("/report/new/", typed).content).get_text(" ")
    assert "It is never shown to the public" in text
    assert "who is permitted to read private reports" in text
    assert "The nearest point" not in text
    client.post("/report/done/", typed)
    counted = GuidedDay.objects.get()
    assert (counted.reports, counted.reminders, counted.sent_anyway) == (1, 0, 0)


@pytest.mark.privacy
def test_the_count_of_a_day_leads_to_no_concern(client: Client, town: Town) -> None:
    client.post("/report/done/", sent(client, town, "He tried the doors"))
    columns = {field.name for field in GuidedDay._meta.get_fields()}
    assert columns == {"id", "agency", "on", "reports", "reminders", "sent_anyway"}
    assert not [model for model in GuidedDay._meta.related_objects]
