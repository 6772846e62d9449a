"""Numbers of other systems: what an administrator writes, and what fits it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerns.number_masks import BadMask, fits, masks_in, normalised_number


@pytest.mark.parametrize(
    ("mask", "number", "is_right"),
    [
        ("26-######", "26-012345", True),
        ("26-######", "26-12345", False),
        ("26-######", "X26-012345", False),
        ("@@####", "CN1234", True),
        ("@@####", "C11234", False),
        ("##-####(##)", "26-1234", True),
        ("##-####(##)", "26-123456", True),
        ("##-####(##)", "26-12345", False),
        ("#.#", "1x1", False),
    ],
)
def test_a_number_fits_its_mask(mask: str, number: str, is_right: bool) -> None:
    assert fits(normalised_number(number), masks_in(mask)) is is_right


def test_any_of_several_masks_will_do_and_capitals_do_not_matter() -> None:
    masks = masks_in("26-####\n cn###")
    assert fits(normalised_number(" cn123 "), masks)
    assert fits("26-0001", masks)
    assert not fits("27-0001", masks)


@pytest.mark.parametrize(
    ("mask", "reason"),
    [
        ("(##", "parentheses"),
        ("##)", "parentheses"),
        ("((#))", "parentheses"),
        ("(#)(#)(#)(#)", "parentheses"),
        ("#" * 41, "too_long"),
        ("CASE", "no_sign"),
        ("#\u00e9", "sign"),
        ("#\n" * 6, "too_many"),
    ],
)
def test_a_mask_that_cannot_be_read_is_refused(mask: str, reason: str) -> None:
    with pytest.raises(BadMask) as refusal:
        masks_in(mask)
    assert refusal.value.reason == reason


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_written_answers(mask: str, number: str) -> None:
    try:
        known = masks_in(mask)
    except BadMask:
        return
    assert fits(normalised_number(number), known) in (True, False)


def test_the_worst_mask_and_number_answer_at_once() -> None:
    known = masks_in("(************)(************)(*********)#")
    assert not fits("A" * 34, known)
    assert fits("A" * 33 + "1", known)
