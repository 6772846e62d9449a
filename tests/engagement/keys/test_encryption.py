from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.keys import store
from engagement.keys.encryption import CannotUnseal, is_current, seal, unseal
from engagement.keys.purposes import Purpose


def sealed(text: str = "ana@example.org") -> bytes:
    return seal(text, purpose=Purpose.CONTACT, agency_id=1, bound_to="contact:17")


@given(text=st.text())
def test_what_was_sealed_comes_back(text: str) -> None:
    blob = sealed(text)
    opened = unseal(memoryview(blob), purpose=Purpose.CONTACT, agency_id=1, bound_to="contact:17")
    assert opened == text


@pytest.mark.parametrize(
    ("purpose", "agency_id", "bound_to"),
    [
        (Purpose.CONTACT, 2, "contact:17"),
        (Purpose.CONTACT, None, "contact:17"),
        (Purpose.CONTACT, 1, "contact:18"),
        (Purpose.CONTACT, 1, ""),
        (Purpose.LOOKUP, 1, "contact:17"),
    ],
)
def test_a_value_moved_to_another_row_agency_or_purpose_stays_shut(
    purpose: Purpose, agency_id: int | None, bound_to: str
) -> None:
    with pytest.raises(CannotUnseal):
        unseal(sealed(), purpose=purpose, agency_id=agency_id, bound_to=bound_to)


def test_every_changed_byte_is_noticed() -> None:
    blob = sealed()
    for place in range(len(blob)):
        changed = bytearray(blob)
        changed[place] ^= 1
        with pytest.raises(CannotUnseal):
            unseal(bytes(changed), purpose=Purpose.CONTACT, agency_id=1, bound_to="contact:17")


@pytest.mark.parametrize("blob", [b"", b"\x01", b"\x01" * 15, b"\x01\x00\x01" + b"x" * 30])
def test_what_was_never_sealed_is_refused(blob: bytes) -> None:
    store.ring(Purpose.CONTACT)
    with pytest.raises(CannotUnseal):
        unseal(blob, purpose=Purpose.CONTACT, agency_id=1, bound_to="contact:17")


def test_equal_texts_look_different_and_short_ones_equally_long() -> None:
    assert sealed("a@b.example") != sealed("a@b.example")
    assert len(sealed("a@b.example")) == len(sealed("somebody.with.a.long.name@example.org"))


def test_values_of_an_older_version_open_until_it_is_retired() -> None:
    blob = sealed()
    assert is_current(blob, purpose=Purpose.CONTACT)
    store.add_version(Purpose.CONTACT)
    assert not is_current(blob, purpose=Purpose.CONTACT)
    arguments = {"purpose": Purpose.CONTACT, "agency_id": 1, "bound_to": "contact:17"}
    assert unseal(blob, **arguments) == "ana@example.org"  # type: ignore[arg-type]
    store.retire_old_versions(Purpose.CONTACT)
    with pytest.raises(CannotUnseal):
        unseal(blob, **arguments)  # type: ignore[arg-type]


def test_without_the_key_files_nothing_opens(key_folder: Path) -> None:
    blob = sealed()
    (key_folder / "contact.key").unlink()
    with pytest.raises(CannotUnseal):
        unseal(blob, purpose=Purpose.CONTACT, agency_id=1, bound_to="contact:17")
