import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.keys import hashes, store
from engagement.keys.purposes import Purpose
from engagement.keys.references import BadReference


def test_the_same_value_hashes_alike_only_within_one_purpose_and_agency() -> None:
    found = {
        hashes.keyed_hash(purpose, "ana@example.org", agency_id=agency)
        for purpose in (Purpose.LOOKUP, Purpose.ACCOUNT)
        for agency in (None, 1, 2)
    }
    assert len(found) == 6
    again = hashes.keyed_hash(Purpose.LOOKUP, b"ana@example.org", agency_id=1)
    assert again in found
    assert len(again) == 32


def test_a_lookup_still_finds_what_an_older_key_made() -> None:
    stored = hashes.keyed_hash(Purpose.LOOKUP, "x", agency_id=1)
    store.add_version(Purpose.LOOKUP)
    newer = hashes.keyed_hash(Purpose.LOOKUP, "x", agency_id=1)
    assert hashes.keyed_hashes(Purpose.LOOKUP, "x", agency_id=1) == [newer, stored]
    assert newer != stored


def test_a_form_sent_again_gives_the_same_secret() -> None:
    assert hashes.secret_from("form-1") == hashes.secret_from("form-1")
    assert hashes.secret_from("form-1") != hashes.secret_from("form-2")


def test_a_secret_is_twenty_symbols_in_five_groups() -> None:
    assert re.fullmatch(
        r"([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}", hashes.secret_from("x")
    )


@given(key=st.text(max_size=40))
def test_all_bits_of_a_secret_come_from_the_key(key: str) -> None:
    digest = hashes.keyed_hash(Purpose.SECRET, b"derive:" + key.encode(), agency_id=None)
    number = 0
    for symbol in hashes.secret_from(key).replace("-", ""):
        number = number * 32 + hashes.ALPHABET.index(symbol)
    assert number == int.from_bytes(digest) >> 156


def test_a_secret_is_recognised_as_a_person_types_it() -> None:
    secret = hashes.secret_from("form")
    typed = f" {secret.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')} "
    assert hashes.normalise_secret(typed) == secret
    assert hashes.secret_digest(typed, agency_id=3) == hashes.secret_digest(secret, agency_id=3)


def test_the_stored_digest_depends_on_the_agency_and_is_no_prefix_of_the_secret() -> None:
    secret = hashes.secret_from("form")
    first, second = (hashes.secret_digest(secret, agency_id=agency) for agency in (1, 2))
    assert first != second
    assert hashes.keyed_hash(Purpose.SECRET, secret, agency_id=1) != first


def test_after_a_key_change_the_old_receipt_and_digest_are_still_found() -> None:
    secret = hashes.secret_from("form")
    digest = hashes.secret_digest(secret, agency_id=1)
    store.add_version(Purpose.SECRET)
    assert hashes.secret_from("form") != secret
    assert secret in hashes.secrets_from("form")
    assert digest in hashes.secret_digests(secret, agency_id=1)


@pytest.mark.parametrize("text", ["", "7K3M", "U" * 20, "0" * 21, "0" * 19])
def test_what_is_no_secret_is_refused(text: str) -> None:
    with pytest.raises(BadReference):
        hashes.secret_digest(text, agency_id=1)
