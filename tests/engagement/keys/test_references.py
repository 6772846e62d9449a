import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engagement.keys.references import (
    ALPHABET,
    BadReference,
    check_symbol,
    mint,
    normalise,
    spaced,
)

bodies = st.text(alphabet=ALPHABET, min_size=1, max_size=30)
symbols = st.sampled_from(ALPHABET)


@given(body=bodies, data=st.data())
def test_one_wrong_symbol_is_always_noticed(body: str, data: st.DataObject) -> None:
    reference = body + check_symbol(body)
    place = data.draw(st.integers(0, len(reference) - 1))
    wrong = data.draw(symbols)
    assume(wrong != reference[place])
    with pytest.raises(BadReference):
        normalise(reference[:place] + wrong + reference[place + 1 :])


@given(body=bodies, data=st.data())
def test_two_swapped_symbols_are_always_noticed(body: str, data: st.DataObject) -> None:
    reference = body + check_symbol(body)
    first = data.draw(st.integers(0, len(reference) - 2))
    second = data.draw(st.integers(first + 1, len(reference) - 1))
    assume(reference[first] != reference[second])
    swapped = list(reference)
    swapped[first], swapped[second] = swapped[second], swapped[first]
    with pytest.raises(BadReference):
        normalise("".join(swapped))


def test_every_wrong_symbol_at_every_place_of_one_reference_is_noticed() -> None:
    reference = mint(length=9)
    for place, right in enumerate(reference):
        for wrong in ALPHABET.replace(right, ""):
            with pytest.raises(BadReference):
                normalise(reference[:place] + wrong + reference[place + 1 :])


@given(length=st.integers(1, 30))
def test_a_minted_reference_reads_back_however_it_is_written(length: int) -> None:
    reference = mint(length=length)
    assert len(reference) == length + 1
    assert normalise(reference) == reference
    assert normalise(f"  {spaced(reference).lower()}\n") == reference
    assert normalise(spaced(reference).replace("-", " \u2013 ")) == reference


def test_letters_that_look_like_digits_are_read_as_those() -> None:
    reference = "0110" + check_symbol("0110")
    assert normalise("oIl0" + reference[-1]) == reference


def test_a_reference_is_never_digits_alone() -> None:
    assert not any(mint(length=1).isdigit() for _ in range(300))


@pytest.mark.parametrize(
    "text", ["", " - ", "7", "UUUU", "7K3M9QXT2\u00df", "0" * 32, "0" * 10_000]
)
def test_what_is_no_reference_is_refused(text: str) -> None:
    with pytest.raises(BadReference):
        normalise(text)


def test_references_do_not_repeat() -> None:
    assert len({mint() for _ in range(5000)}) == 5000


@pytest.mark.parametrize("length", [0, 31])
def test_a_length_without_protection_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="length"):
        mint(length=length)
