from pathlib import Path

import pytest

from engagement.doors.pictures import decoding
from engagement.doors.pictures.checks import photos_can_be_decoded


def test_this_machine_decodes_photos_confined(in_service: None) -> None:
    assert photos_can_be_decoded(None) == []


def test_a_kernel_that_does_not_confine_is_told_before_service(
    in_service: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    unconfined = tmp_path / "child.py"
    unconfined.write_text("import os, sys; os._exit(13 if '--must-be-confined' in sys.argv else 0)")
    monkeypatch.setattr(decoding, "CHILD", str(unconfined))
    (told,) = photos_can_be_decoded(None)
    assert told.id == "pictures.E001"
