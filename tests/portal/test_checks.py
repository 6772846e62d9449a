"""Servers of somebody else are asked whether they would keep what people write."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.checks import WARNING, run_checks
from django.db import connections
from pytest_django import Settings

from portal.checks import (
    backups_have_a_recipient,
    database_fits_its_settings,
    outside_servers_keep_nothing,
    settings_expose_nobody,
)
from portal.environment import ImproperlySet
from portal.preconditions import check_cache_server, check_database_log
from portal.servers.layout import Layout

pytestmark = pytest.mark.privacy


@pytest.fixture
def outside(settings: Settings, servers: Layout) -> Settings:
    """The servers of the tests, as if somebody else ran them."""
    settings.EMBEDDED_DATABASE = settings.EMBEDDED_BROKER = False
    return settings


@pytest.fixture
def session(committed_database: str) -> Iterator[None]:
    """Server settings that a test makes end with its session."""
    yield
    connections["owner"].close()


def say(name: str, value: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, false)", [name, value])


def on_disk(servers: Layout) -> dict[str, Any]:
    """The queue, which must write to disk, as the cache, which must not."""
    queue = servers.queue_url.partition("?")[0].replace("redis+socket", "unix")
    return {"default": {**settings.CACHES["default"], "LOCATION": queue}}


def test_the_embedded_servers_would_pass(outside: Settings, session: None) -> None:
    assert outside_servers_keep_nothing(None) == []


@pytest.mark.parametrize(
    ("name", "loud", "quiet"),
    [
        ("log_min_messages", "warning", "fatal"),
        ("log_min_error_statement", "error", "panic"),
        ("log_min_error_statement", "fatal", "panic"),
        ("log_error_verbosity", "default", "terse"),
        ("log_statement", "mod", "none"),
        ("log_duration", "on", "off"),
        ("log_min_duration_statement", "500", "-1"),
        ("log_min_duration_sample", "0", "-1"),
        ("log_transaction_sample_rate", "0.5", "0"),
        ("log_parameter_max_length_on_error", "-1", "0"),
    ],
)
def test_a_log_that_repeats_what_people_write_is_refused_with_the_sql_to_run(
    name: str, loud: str, quiet: str, outside: Settings, session: None
) -> None:
    say(name, loud)

    with pytest.raises(ImproperlySet) as refused:
        check_database_log()

    assert str(refused.value).endswith(f"run: ALTER ROLE portal SET {name} = '{quiet}';")
    assert "\n" not in str(refused.value)


def test_the_sql_of_the_refusal_is_sql(outside: Settings, session: None) -> None:
    say("log_min_error_statement", "error")
    say("log_statement", "all")
    with pytest.raises(ImproperlySet) as refused:
        check_database_log()
    owner = connections["owner"]

    with owner.cursor() as cursor:
        cursor.execute("BEGIN; " + str(refused.value).split("run: ")[1])
        cursor.execute("SELECT rolconfig FROM pg_roles WHERE rolname = current_user")
        kept = set(cursor.fetchone()[0])
        cursor.execute("ROLLBACK")

    assert {"log_min_error_statement=panic", "log_statement=none"} <= kept


def test_a_cache_that_writes_to_disk_is_refused(outside: Settings, servers: Layout) -> None:
    outside.CACHES = on_disk(servers)

    with pytest.raises(ImproperlySet, match="CACHE_URL: this server writes to disk") as refused:
        check_cache_server()

    assert str(refused.value).endswith('set in its configuration: appendonly "no"')


def test_a_cache_that_is_away_keeps_nobody_from_starting(outside: Settings) -> None:
    outside.CACHES = {"default": {"LOCATION": "redis://127.0.0.1:1/0"}}

    check_cache_server()


def test_a_deployment_is_checked_for_both(
    outside: Settings, session: None, servers: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside.CACHES = on_disk(servers)
    monkeypatch.setattr("portal.preconditions.what_would_quiet", lambda connection: "SET x;")
    wanted = {"portal.E001", "portal.E002"}

    assert wanted <= {found.id for found in run_checks(include_deployment_checks=True)}
    assert not wanted & {found.id for found in run_checks()}


def test_every_setting_with_which_the_portal_would_not_start_is_told_at_once(
    outside: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside.DEMO = False
    outside.ALLOWED_HOSTS = ["*"]
    outside.SECRET_KEY = "django-insecure"
    outside.ORIGIN = "http://portal.example.gov"
    monkeypatch.setenv("PORTAL_HOSTS", "*")
    monkeypatch.setenv("EMAIL_URL", "")

    told = {str(found.msg).partition(":")[0] for found in settings_expose_nobody(None)}

    assert {"PORTAL_HOSTS", "PORTAL_SECRET_KEY", "PORTAL_ORIGIN", "EMAIL_URL", "CACHE_URL"} <= told
    assert {found.id for found in settings_expose_nobody(None)} == {"portal.E003"}


def test_a_demonstration_on_an_outside_database_is_told(outside: Settings) -> None:
    told = [str(found.msg) for found in settings_expose_nobody(None)]

    assert any("a demonstration uses its own database" in line for line in told)


@pytest.mark.django_db
def test_a_demonstration_database_in_service_is_told(outside: Settings) -> None:
    outside.DEMO = False

    (found,) = database_fits_its_settings(None)

    assert found.id == "portal.E004"
    assert "is a demonstration and stays one" in str(found.msg)


def test_a_service_without_a_recipient_of_backups_is_warned(
    outside: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside.DEMO = False
    monkeypatch.delenv("PORTAL_BACKUP_RECIPIENT", raising=False)
    (found,) = backups_have_a_recipient(None)
    assert (found.id, found.level) == ("portal.W001", WARNING)

    monkeypatch.setenv("PORTAL_BACKUP_RECIPIENT", "age1example")

    assert backups_have_a_recipient(None) == []


def test_nothing_is_asked_of_the_embedded_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.preconditions.what_would_quiet", lambda connection: 1 / 0)
    monkeypatch.setattr("portal.preconditions.what_would_forget", lambda url: 1 / 0)

    assert outside_servers_keep_nothing(None) == []
