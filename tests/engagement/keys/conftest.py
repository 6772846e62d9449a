from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def key_folder(settings: Settings, tmp_path: Path) -> Path:
    """Keys of this test's own, made at first need."""
    settings.PORTAL_KEYS = tmp_path / "keys"
    settings.KEYS_MAY_BE_MADE = True
    return tmp_path / "keys"
