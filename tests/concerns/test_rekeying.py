from pathlib import Path

import pytest
from pytest_django import Settings

from concerns.models import Concern, Reporter
from concerns.rekeying import relink_accounts
from engagement.keys import store
from engagement.keys.purposes import Purpose
from engagement.places.models import Agency
from tests.concerns.conftest import file_report, meet_user


@pytest.fixture
def own_keys(settings: Settings, tmp_path: Path) -> None:
    settings.PORTAL_KEYS = tmp_path


def test_a_new_key_keeps_reporters_with_their_reports(own_keys: None, agency: Agency) -> None:
    ana = meet_user("Ana")
    receipt = file_report(agency, level="signed_in", account_user_id=ana.pk)
    before = bytes(Reporter.objects.get().account_link or b"")
    store.add_version(Purpose.FOLLOW)
    assert list(Concern.objects.linked_to(ana)) == [receipt.concern], "while both keys live"
    assert relink_accounts(0, 100) == ana.pk
    assert relink_accounts(ana.pk, 100) == ana.pk
    store.retire_old_versions(Purpose.FOLLOW)
    assert bytes(Reporter.objects.get().account_link or b"") != before
    assert list(Concern.objects.linked_to(ana)) == [receipt.concern]
