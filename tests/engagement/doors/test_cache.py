"""Without its cache the portal counts nothing and keeps working."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from redis.client import Redis

from engagement.audit.actors import Actor
from engagement.doors.cache import PatientCache
from engagement.people.actions import create_account
from tests.engagement.doors.conftest import NOW

EMAIL = "canary.bird@example.org"
PASSWORD = "seven green umbrellas"


@pytest.mark.django_db
@pytest.mark.usefixtures("no_cache_server")
def test_people_sign_in_while_the_cache_is_away(client: Client) -> None:
    create_account(email=EMAIL, password=PASSWORD, by=Actor.task("test"), now=NOW)
    client.post(reverse("account_login"), {"login": EMAIL, "password": PASSWORD})
    assert "_auth_user_id" in client.session


@pytest.mark.usefixtures("no_cache_server")
def test_a_cache_that_is_away_reads_as_empty() -> None:
    assert cache.add("name", 1)
    cache.set("name", 1)
    assert cache.get("name", "nothing") == "nothing"
    assert cache.get_many(["name"]) == {}
    assert cache.set_many({"name": 1}) == []
    assert not cache.has_key("name")
    assert not cache.touch("name")
    assert not cache.delete("name")
    assert cache.incr("name") == 1
    cache.delete_many(["name"])


@pytest.mark.usefixtures("no_cache_server")
def test_after_a_failure_the_server_is_left_alone_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cache.get("name")
    asked: list[str] = []
    monkeypatch.setattr(Redis, "get", lambda self, name: asked.append(name))
    cache.get("name")
    assert asked == []
    PatientCache.muted_until = 0.0
    cache.get("name")
    assert len(asked) == 1


def test_a_cache_that_is_there_counts() -> None:
    cache.set("name", 1)
    assert cache.incr("name") == 2
    assert cache.get("name") == 2
    with pytest.raises(ValueError, match="not found"):
        cache.incr("other")
