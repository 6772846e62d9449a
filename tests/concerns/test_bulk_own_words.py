"""Many cases are ended with words written for this once: read first, and only in languages read."""

import pytest
from django.test import Client
from django.utils import timezone

from concerns.models import BulkRun, Concern, Reply, ReplyLanguage, ReplyTemplate
from concerns.models.languages import MadeBy
from engagement.people.models import User
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests import worlds
from tests.concerns.conftest import file_report, hire

pytestmark = pytest.mark.django_db
BULK = "/desk/concerns/bulk/"
OWN = " own"


@pytest.fixture
def desk(agency: Agency) -> Client:
    return worlds.signed_in(hire("Sergeant", Role.SUPERVISOR, agency))


def filed(agency: Agency, *languages: str) -> list[Concern]:
    now = timezone.now()
    return [
        file_report(agency, submission_key=f"{each}-{code}", language=code, now=now).concern
        for each, code in enumerate(languages)
    ]


def begun(desk: Client, concerns: list[Concern], verb: str = "close") -> str:
    ticked = [each.staff_reference for each in concerns]
    answer = desk.post(BULK, {"verb": verb, "scope": "ticked", "reference": ticked})
    return str(answer["Location"])


def chosen(desk: Client, step: str, **words: str) -> tuple[int, str]:
    answer = desk.post(f"{step}choose/", {"choice": OWN, "outcome": "fixed", **words})
    return answer.status_code, answer.content.decode()


def test_each_reporter_reads_the_words_written_in_their_language(
    agency: Agency, officer: User, desk: Client
) -> None:
    english, spanish = filed(agency, "en", "es")
    step = begun(desk, [english, spanish])
    written = {"words_en": "The lamp works: {reference}.", "words_es": "La lámpara funciona."}
    assert chosen(desk, step, **written)[0] == 302
    asked = desk.get(step).content.decode()
    assert "It will be done on 2 cases." in asked
    assert "1 reporter reads this (English)" in asked
    assert "1 reporter reads this (Spanish)" in asked
    assert f"The lamp works: {english.staff_reference}." in asked
    assert not Reply.objects.exists(), "nothing is sent before a yes"
    desk.post(f"{step}begin/")
    assert dict(Reply.objects.values_list("concern_id", "text")) == {
        english.pk: f"The lamp works: {english.staff_reference}.",
        spanish.pk: "La lámpara funciona.",
    }
    assert ReplyLanguage.objects.get().made_by == MadeBy.WRITER
    assert set(Concern.objects.values_list("state", "outcome")) == {("closed", "fixed")}
    assert not ReplyTemplate.objects.filter(text__contains="lamp works").exists()


def test_who_reads_another_language_is_never_written_to_in_english(
    agency: Agency, officer: User, desk: Client
) -> None:
    english, spanish, french = filed(agency, "en", "es", "fr")
    step = begun(desk, [english, spanish, french])
    chosen(desk, step, words_en="It is done.")
    asked = desk.get(step).content.decode()
    assert "It will be done on 1 case." in asked
    assert "You wrote nothing in its reporter" in asked
    desk.post(f"{step}begin/")
    assert [reply.concern_id for reply in Reply.objects.order_by("id")] == [english.pk]
    for left in (spanish, french):
        left.refresh_from_db()
        assert (left.state, left.version) == ("received", 1)


def test_words_of_ones_own_must_be_written_and_fill_in_what_is_known(
    agency: Agency, officer: User, desk: Client
) -> None:
    step = begun(desk, filed(agency, "en"))
    status, page = chosen(desk, step)
    assert status == 422
    assert "Write to the reporters, or choose a text." in page
    status, page = chosen(desk, step, words_en="Dear {name}")
    assert status == 422
    assert "Nothing can be filled in for {name}." in page
    assert not BulkRun.objects.get().is_chosen


def test_what_was_written_can_be_changed_and_a_kept_text_sends_none_of_it(
    agency: Agency, officer: User, desk: Client
) -> None:
    ReplyTemplate.objects.create(
        agency=agency, state="closed", language="en", name="Gone now", text="It is gone."
    )
    step = begun(desk, filed(agency, "en"))
    chosen(desk, step, words_en="First words.")
    assert "First words." in desk.get(f"{step}choose/").content.decode()
    other = {"choice": "Gone now", "outcome": "fixed", "words_en": "First words."}
    desk.post(f"{step}choose/", other)
    asked = desk.get(step).content.decode()
    assert "It is gone." in asked
    assert "First words." not in asked
    assert "words" not in BulkRun.objects.get().details
    desk.post(f"{step}begin/")
    assert Reply.objects.get().text == "It is gone."


def test_a_reply_with_a_text_takes_no_words_of_ones_own(
    agency: Agency, officer: User, desk: Client
) -> None:
    step = begun(desk, filed(agency, "en"), verb="reply")
    answer = desk.post(f"{step}choose/", {"choice": OWN, "words_en": "Hello"})
    assert answer.status_code == 422
