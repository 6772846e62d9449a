"""What `serve --prepare` does to a demonstration that came from elsewhere."""

from io import StringIO

import pytest
from pytest_django import Settings

from portal import preparation
from portal.management.commands import serve
from portal.models import Installation
from tests import worlds


@pytest.mark.django_db
def test_a_demonstration_from_a_backup_is_not_filled_again(monkeypatch: pytest.MonkeyPatch) -> None:
    filled: list[str] = []
    monkeypatch.setattr(preparation, "call_command", lambda name, **_: filled.append(name))
    monkeypatch.setattr(Installation.objects, "first", lambda: Installation(is_demonstration=True))
    preparation.seed_demonstration()
    assert filled == [preparation.SEED]

    worlds.agency()
    preparation.seed_demonstration()
    assert filled == [preparation.SEED]


def test_it_says_where_its_passwords_are_when_they_are_not_here(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.DEMO = True
    monkeypatch.setattr(serve, "answers", lambda *_: True)
    monkeypatch.setattr(serve, "demonstration_accounts", list)
    out = StringIO()

    assert serve.Command(stdout=out).greet()

    assert "keep their passwords; copy demo-accounts.json from where" in out.getvalue()
