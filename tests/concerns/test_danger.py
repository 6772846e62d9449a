"""The phrase list: what it finds, what it misses, and where it raises a false alarm."""

import csv
from pathlib import Path

import pytest

from concerns.actions.danger import usual_phrases
from concerns.danger import Phrase, found, lines_of
from portal.environment import ROOT

SENTENCES = Path(__file__).with_name("danger_sentences.csv")
DOCUMENTATION = ROOT / "docs" / "operations" / "danger-phrases.md"
USUAL = [Phrase(line, text) for (line, _), texts in usual_phrases().items() for text in texts]


def says(text: str, *phrases: str) -> bool:
    return bool(found(text, [Phrase("danger", phrase) for phrase in phrases]))


@pytest.mark.parametrize(
    "text",
    [
        "He has a gun",
        "HE HAS A GUN!!!",
        "he  has\n a   gun",
        "hé hás à gun",
        "heee haaas a gunnnn",
        "he has a gun",
        "he has a \uff47\uff55\uff4e",
        "he has a g\u200bun",
        "so - he has a gun-like thing",
    ],
)
def test_capitals_accents_spaces_and_held_letters_make_no_difference(text: str) -> None:
    assert says(text, "has a gun")


@pytest.mark.parametrize(
    "text", ["can't breathe", "can\u2019t breathe", "cant breathe", "can\u00b4t breathe"]
)
def test_apostrophes_make_no_difference(text: str) -> None:
    assert says(text, "can't breathe")


@pytest.mark.parametrize(
    "text", ["he has a gunner", "begun", "he has. a gun", "he has, a gun", "he had a gun", ""]
)
def test_words_are_whole_and_phrases_stay_inside_a_clause(text: str) -> None:
    assert not says(text, "has a gun", "gun a")


def test_a_double_letter_is_another_word_than_a_single_one() -> None:
    assert not says("She rapped at the door", "raped")
    assert says("I was raaaaped", "raped")


@pytest.mark.parametrize(
    "text",
    [
        "Nobody is hurt",
        "no one is hurt",
        "thank God nobody has been hurt",
        "she isn't hurt",
        "nadie está hurt",
    ],
)
def test_what_is_plainly_denied_is_not_found(text: str) -> None:
    assert not says(text, "hurt", "is hurt", "been hurt")


@pytest.mark.parametrize(
    "text",
    [
        "I am not safe he is hurt",
        "Nobody came. She is hurt",
        "no, she is hurt",
        "not only is he hurt",
        "nobody helps and she is hurt",
    ],
)
def test_a_no_about_something_else_denies_nothing(text: str) -> None:
    assert says(text, "hurt")


def test_a_phrase_may_hold_its_own_no() -> None:
    assert says("he is not breathing", "not breathing")
    assert says("mi papá no respira", "no respira")


def test_choices_gaps_and_beginnings() -> None:
    assert says("she hit me", "he/she hit me")
    assert not says("they hit me", "he/she hit me")
    assert says("a threat to our old school", "threat * school")
    assert not says("a threat to all of our school", "threat * school")
    assert says("lo apuñalaron", "apunal*")
    assert not says("puñal", "apunal*")


@pytest.mark.parametrize("phrase", ["", "  ", "*", "* *", "/", "!?"])
def test_a_phrase_without_words_is_found_nowhere(phrase: str) -> None:
    assert not says("anything at all", phrase)


def test_the_most_pressing_line_stands_first_and_once() -> None:
    matches = found(
        "I know who did it, he has a gun, he has a gun and I want to die",
        [
            Phrase("crime_tip", "know who did it"),
            Phrase("crisis", "want to die"),
            Phrase("danger", "has a gun"),
            Phrase("danger", "a gun"),
        ],
    )
    assert lines_of(matches) == ["danger", "crisis", "crime_tip"]


def test_the_usual_phrases_are_written_so_that_they_can_be_found() -> None:
    """Each finds itself: its first choices, with gaps left out."""
    for phrase in USUAL:
        words = [part.split("/")[0].rstrip("*") for part in phrase.text.split()]
        assert found(" ".join(word for word in words if word), [phrase]), phrase.text


def sentences(group: str) -> list[dict[str, str]]:
    with SENTENCES.open(encoding="utf-8") as table:
        return [row for row in csv.DictReader(table) if row["set"] == group]


def test_a_long_report_costs_little() -> None:
    """The work grows with the words: a phrase starts only where its first word stands."""
    assert found("the gun is on the old wall " * 200, USUAL) == ()


@pytest.mark.parametrize("group", ["known", "fresh"])
def test_each_sentence_is_found_or_missed_as_the_table_says(group: str) -> None:
    """The table lists every known miss and every false alarm, so a better or worse list shows."""
    now = {row["text"]: " ".join(lines_of(found(row["text"], USUAL))) for row in sentences(group)}
    assert now == {row["text"]: row["found"] for row in sentences(group)}


@pytest.mark.parametrize("group", ["known", "fresh"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_rates_that_the_documentation_states_are_the_tables(group: str, language: str) -> None:
    rows = [row for row in sentences(group) if row["language"] == language]
    true = [row for row in rows if row["line"]]
    everyday = [row for row in rows if not row["line"]]
    missed = sum(not row["found"] for row in true)
    elsewhere = sum(bool(row["found"]) and row["line"] not in row["found"].split() for row in true)
    alarms = sum(bool(row["found"]) for row in everyday)
    stated = f"| {group} | {language} | {len(true)} | {missed} | {elsewhere} "
    stated += f"| {len(everyday)} | {alarms} |"
    print(f"\n{stated}")  # noqa: T201  the figures are what this test is for
    assert stated in DOCUMENTATION.read_text(encoding="utf-8")
