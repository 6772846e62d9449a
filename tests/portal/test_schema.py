import pytest

from portal.schema import is_current, mark_current


def test_a_database_is_current_from_its_mark_until_the_code_changes(
    committed_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not is_current()

    mark_current()
    assert is_current()

    monkeypatch.setattr("portal.schema.schema_digest", lambda: "another")
    assert not is_current()
