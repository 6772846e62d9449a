import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.places.names import joined, parts, plain, without_house_number


@pytest.mark.parametrize(
    ("name", "core", "direction", "kind"),
    [
        ("S Grand Blvd", "grand", "s", "blvd"),
        ("South Grand Boulevard", "grand", "s", "blvd"),
        ("Grand Blvd N", "grand", "n", "blvd"),
        ("gravois av.", "gravois", "", "ave"),
        ("St. Louis Ave", "saint louis", "", "ave"),
        ("Saint Louis", "saint louis", "", ""),
        ("W Park Ave", "park", "w", "ave"),
        ("West Ave", "west", "", "ave"),
        ("N St", "n", "", "st"),
        ("Park", "park", "", ""),
        ("39 St", "39th", "", "st"),
        ("Fourth Street", "4th", "", "st"),
        ("21st St", "21st", "", "st"),
        ("I-70", "interstate 70", "", ""),
        ("MLK Dr", "martin luther king", "", "dr"),
        ("Peña Pl", "pena", "", "pl"),
        ("O\u2019Fallon St", "ofallon", "", "st"),
        ("", "", "", ""),
    ],
)
def test_direction_and_type_come_off_a_name(
    name: str, core: str, direction: str, kind: str
) -> None:
    assert parts(name) == (core, direction, kind)


@pytest.mark.parametrize(
    "typed",
    [
        "Gravois & Grand",
        "gravois and grand",
        "Gravois/Grand",
        "gravois @ grand",
        "Gravois at Grand",
        "corner of Gravois and Grand",
        "Gravois y Grand",
        "esquina de Gravois con Grand",
    ],
)
def test_a_corner_is_read_however_it_is_joined(typed: str) -> None:
    assert joined(typed) == ["gravois", "grand"]


def test_letters_that_only_look_like_joints_join_nothing() -> None:
    assert joined("Andover Yale Atlantic") == ["andover yale atlantic"]


@pytest.mark.parametrize(
    ("typed", "number", "rest"),
    [
        ("3500 s grand", "3500", "s grand"),
        ("3500 block of utah st", "3500", "utah st"),
        ("3500-3510 utah", "3500", "utah"),
        ("cuadra 35", "", "cuadra 35"),
        ("4th st", "", "4th st"),
        ("39 st", "", "39 st"),
        ("1010", "", "1010"),
    ],
)
def test_a_house_number_is_told_from_a_street_number(typed: str, number: str, rest: str) -> None:
    assert without_house_number(typed) == (number, rest)


@given(st.text(max_size=60))
def test_any_text_can_be_taken_apart(text: str) -> None:
    name = parts(text)
    assert bool(name.core) == any(letter.isalnum() or letter == "_" for letter in plain(text))
    assert all(piece for piece in joined(text))
