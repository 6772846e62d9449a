import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pytest_django import Settings

from engagement.keys import store
from engagement.keys.purposes import Purpose


def test_a_missing_key_is_told_in_one_line_where_none_may_be_made(
    settings: Settings, key_folder: Path
) -> None:
    settings.KEYS_MAY_BE_MADE = False
    with pytest.raises(store.KeyMissing, match=r"contact\.key: this key is missing") as fault:
        store.ring(Purpose.CONTACT)
    assert "\n" not in str(fault.value)
    assert not key_folder.exists()


def test_a_key_is_made_once_however_many_ask_at_the_same_time() -> None:
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(lambda _: store.ring(Purpose.CONTACT), range(32)))
    assert all(ring == rings[0] for ring in rings)


def test_key_files_are_for_their_owner_alone(key_folder: Path) -> None:
    store.ring(Purpose.CONTACT)
    modes = {path.name: path.stat().st_mode & 0o777 for path in key_folder.iterdir()}
    assert modes == {"contact.key": 0o600, ".contact.key.lock": 0o600}
    assert key_folder.stat().st_mode & 0o777 == 0o700


def test_a_key_that_others_can_read_is_refused(key_folder: Path) -> None:
    store.ring(Purpose.CONTACT)
    (key_folder / "contact.key").chmod(0o640)
    with pytest.raises(store.KeyMissing, match="chmod 600"):
        store.ring(Purpose.CONTACT)


def test_drafts_that_a_crash_left_are_gone_with_the_next_change(key_folder: Path) -> None:
    store.ring(Purpose.CONTACT)
    (key_folder / ".contact.key.4711.abcd1234").write_text("{}")
    (key_folder / ".lookup.key.4711.abcd1234").write_text("{}")
    store.add_version(Purpose.CONTACT)
    names = {path.name for path in key_folder.iterdir()}
    assert names == {"contact.key", ".contact.key.lock", ".lookup.key.4711.abcd1234"}


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"current": 1, "versions": {}}', '{"current": 1, "versions": {"1": "00"}}'],
)
def test_a_damaged_key_is_told_and_never_replaced(key_folder: Path, content: str) -> None:
    store.ring(Purpose.CONTACT)
    path = key_folder / "contact.key"
    path.write_text(content)
    with pytest.raises(store.KeyMissing, match="damaged"):
        store.ring(Purpose.CONTACT)
    assert path.read_text() == content


def test_purposes_agencies_and_versions_never_share_a_key() -> None:
    store.add_version(Purpose.CONTACT)
    keys = [
        store.derived(purpose, agency_id=agency, version=version)
        for purpose in Purpose
        for agency in (None, 1, 2, 12)
        for version in store.ring(purpose).versions
    ]
    assert len(set(keys)) == len(keys)
    assert {len(key) for key in keys} == {32}


def test_a_version_that_another_process_made_is_used_at_once(
    settings: Settings, key_folder: Path
) -> None:
    before = store.derived(Purpose.CONTACT, agency_id=1)
    code = (
        "from django.conf import settings;"
        f"settings.configure(PORTAL_KEYS={str(key_folder)!r}, KEYS_MAY_BE_MADE=True);"
        "from engagement.keys import store; store.add_version('contact')"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=os.getcwd())
    assert store.ring(Purpose.CONTACT).current == 2
    assert store.derived(Purpose.CONTACT, agency_id=1) != before
    assert store.derived(Purpose.CONTACT, agency_id=1, version=1) == before


def test_no_version_is_lost_when_many_are_added_at_once() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: store.add_version(Purpose.SECRET), range(16)))
    assert sorted(made) == list(range(2, 18))
    assert sorted(store.ring(Purpose.SECRET).versions) == list(range(1, 18))


def test_a_retired_version_is_gone_for_good() -> None:
    store.add_version(Purpose.CONTACT)
    assert store.retire_old_versions(Purpose.CONTACT) == [1]
    assert store.ring(Purpose.CONTACT).newest_first == [2]
    with pytest.raises(store.KeyMissing, match="version 1"):
        store.derived(Purpose.CONTACT, agency_id=None, version=1)
