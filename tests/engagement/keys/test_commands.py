from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from engagement.keys import store
from engagement.keys.checks import keys_are_there
from engagement.keys.purposes import Purpose


@pytest.fixture
def _service(settings: Settings) -> None:
    """An installation that brings its own database makes no key by itself."""
    settings.KEYS_MAY_BE_MADE = False


@pytest.mark.usefixtures("_service")
def test_a_new_installation_starts_only_after_its_keys_are_made() -> None:
    assert [fault.id for fault in keys_are_there(None)] == ["keys.E001"]
    out = StringIO()
    call_command("make_keys", stdout=out)
    assert all(str(purpose) in out.getvalue() for purpose in Purpose)
    assert keys_are_there(None) == []


@pytest.mark.usefixtures("_service")
def test_a_lost_key_is_not_replaced_in_silence(key_folder: Path) -> None:
    call_command("make_keys", stdout=StringIO())
    (key_folder / "contact.key").unlink()
    with pytest.raises(CommandError, match="contact"):
        call_command("make_keys")
    assert store.missing() == [Purpose.CONTACT]
    assert "contact.key" in str(keys_are_there(None)[0].msg)


@pytest.mark.usefixtures("_service")
def test_a_key_that_a_new_release_needs_is_made_by_name(key_folder: Path) -> None:
    call_command("make_keys", stdout=StringIO())
    kept = (key_folder / "contact.key").read_bytes()
    (key_folder / "link.key").unlink()
    call_command("make_keys", "--purpose", "link", "--purpose", "contact", stdout=StringIO())
    assert store.missing() == []
    assert (key_folder / "contact.key").read_bytes() == kept


def test_a_laptop_needs_no_such_step() -> None:
    assert store.missing() == list(Purpose)
    assert keys_are_there(None) == []
