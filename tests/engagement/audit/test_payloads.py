import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.audit.payloads import (
    CannotRecord,
    refuse_private,
    refuse_private_subject,
)
from engagement.audit.subjects import Subject
from engagement.keys.references import mint, spaced


@pytest.mark.parametrize(
    "value",
    [
        "ana@example.org",
        "write to ana@example",
        "314-555-0142",
        "(314) 555 0142",
        "+13145550142",
        "3145550142",
        "555-0142",
        "call 555.0142 now",
        "38.62700",
        "38.627,-90.199",
        "-90.1994 38.6270",
        "10.0.12.7",
        "x" * 81,
        "two\nlines",
        10**9,
        -(10**9),
        1.5,
        ["a"],
        {"a": 1},
        b"x",
    ],
)
def test_contact_place_and_prose_are_refused(value: object) -> None:
    with pytest.raises(CannotRecord) as fault:
        refuse_private({"detail": value})  # type: ignore[dict-item]
    assert not isinstance(value, str) or value not in str(fault.value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "no_action",
        "received",
        "2026-03-01",
        "2026-03-01T14:00:00+00:00",
        "9 to 5",
        "12.5",
        "1234567",
        "550e8400-e29b-41d4-a716-446655440000",
        ",".join(f"some_field_{number}" for number in range(40)),
        0,
        999_999_999,
        True,
        None,
    ],
)
def test_codes_days_ids_and_names_of_fields_are_taken(value: str | int | bool | None) -> None:
    refuse_private({"detail": value})


@pytest.mark.parametrize("key", ["", "Ana", "ana@example.org", "a b", "x" * 41, 7])
def test_a_key_cannot_smuggle_text(key: object) -> None:
    with pytest.raises(CannotRecord):
        refuse_private({key: 1})  # type: ignore[dict-item]


@given(length=st.integers(4, 12))
def test_references_are_never_taken_for_telephone_numbers(length: int) -> None:
    reference = mint(length=length)
    refuse_private({"reference": reference})
    refuse_private_subject(Subject("concern", reference))


def test_a_spaced_reference_is_taken_too() -> None:
    for _ in range(2000):
        refuse_private({"reference": spaced(mint())})


@pytest.mark.parametrize(
    ("kind", "reference"),
    [("concern", "ana@example.org"), ("concern", ""), ("A concern", "X1"), ("concern", "x" * 81)],
)
def test_a_subject_holds_no_contact(kind: str, reference: str) -> None:
    with pytest.raises(CannotRecord):
        refuse_private_subject(Subject(kind, reference))
