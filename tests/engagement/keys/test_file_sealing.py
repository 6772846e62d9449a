"""Files are sealed for one name and agency, and stay readable after their key changed."""

import pytest

from engagement.keys import store
from engagement.keys.file_sealing import CannotUnsealFile, seal_file, unseal_file
from engagement.keys.purposes import Purpose

NAME = "2026-11-23/0123456789abcdef0123456789abcdef"


def test_a_file_opens_under_its_own_name_and_agency_alone() -> None:
    sealed = seal_file(b"pixels", agency_id=1, name=NAME)
    assert b"pixels" not in sealed
    assert unseal_file(sealed, agency_id=1, name=NAME) == b"pixels"
    for agency_id, name in ((2, NAME), (1, NAME[:-1] + "0")):
        with pytest.raises(CannotUnsealFile):
            unseal_file(sealed, agency_id=agency_id, name=name)


@pytest.mark.parametrize("change", [lambda it: it[:-1], lambda it: b"x" + it[1:], lambda it: b""])
def test_a_changed_file_does_not_open(change: object) -> None:
    sealed = seal_file(b"pixels", agency_id=1, name=NAME)
    with pytest.raises(CannotUnsealFile):
        unseal_file(change(sealed), agency_id=1, name=NAME)  # type: ignore[operator]


def test_files_of_the_former_key_stay_readable() -> None:
    sealed = seal_file(b"pixels", agency_id=1, name=NAME)
    store.add_version(Purpose.PHOTO)
    assert unseal_file(sealed, agency_id=1, name=NAME) == b"pixels"
    assert not Purpose.PHOTO.can_be_rewritten
