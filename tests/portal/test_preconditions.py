"""A portal that would expose people does not start, and says why in one line."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.checks import Error
from pytest_django import Settings

from engagement.people.identity import sign_in_key
from engagement.people.models import User
from portal import preconditions
from portal.environment import ImproperlySet
from portal.models import Installation
from portal.preconditions import (
    DEMONSTRATION_ADDRESSES,
    check_broker_lines,
    check_database,
    check_database_line,
    check_keys_folder,
    check_settings,
)
from portal.servers.layout import Layout

SERVICE: dict[str, Any] = {
    "DEMO": False,
    "EMBEDDED_DATABASE": False,
    "ALLOWED_HOSTS": ["portal.example.gov"],
    "ORIGIN": "https://portal.example.gov",
    "SECRET_KEY": "x7#kf9s0Lm2pQ8vB4nT6zR1cY5hG3jD0wE9uA2iO",
    "MAIL_SERVER": urlsplit("smtp+tls://portal:secret@mail.example.gov:587?from=a@example.gov"),
}


@pytest.fixture
def service(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings under which a service may start."""
    monkeypatch.setenv("PORTAL_HOSTS", "portal.example.gov")
    for name, value in SERVICE.items():
        setattr(settings, name, value)
    return settings


def test_a_service_with_everything_given_may_start(service: Settings) -> None:
    check_settings()


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("DEBUG", True, "DEBUG"),
        ("ALLOWED_HOSTS", ["*"], "PORTAL_HOSTS: list each host name in full"),
        ("ALLOWED_HOSTS", [".example.gov"], "PORTAL_HOSTS: list each host name in full"),
        ("ORIGIN", "", "PORTAL_ORIGIN"),
        ("ORIGIN", "http://portal.example.gov", "PORTAL_ORIGIN: use https"),
        ("SECRET_KEY", "django-insecure-" + "a1b2c3d4" * 5, "PORTAL_SECRET_KEY"),
        ("SECRET_KEY", "a" * 50, "PORTAL_SECRET_KEY"),
        ("MAIL_SERVER", None, "EMAIL_URL"),
        ("MAIL_SERVER", urlsplit("smtp://mail.example.gov:587/?tls=True"), "EMAIL_URL: write smtp"),
        ("MAIL_SERVER", urlsplit("smtps://mail.example.gov"), "EMAIL_URL: add the sender"),
        ("TRUSTED_PROXIES", ["proxy.example.gov"], "PORTAL_TRUSTED_PROXIES: write addresses"),
    ],
)
def test_a_service_refuses(service: Settings, name: str, value: object, told: str) -> None:
    setattr(service, name, value)

    with pytest.raises(ImproperlySet, match=told) as refused:
        check_settings()

    assert "\n" not in str(refused.value)


@pytest.fixture
def database_at(service: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Says where the database is and how it is reached."""

    def say(host: str, **options: str) -> None:
        found = {"HOST": host, "NAME": "portal", "OPTIONS": options}
        monkeypatch.setitem(service.DATABASES, "default", found)

    return say


@pytest.mark.parametrize("options", [{}, {"sslmode": "disable"}, {"sslmode": "prefer"}])
def test_reports_do_not_travel_to_the_database_in_the_open(
    database_at: Callable[..., None], options: dict[str, str]
) -> None:
    database_at("db.example.gov", **options)

    with pytest.raises(ImproperlySet, match=r"DATABASE_URL: add .sslmode=verify-full"):
        check_database_line()


@pytest.mark.parametrize("mode", ["require", "verify-ca", "verify-full"])
def test_an_encrypted_line_to_the_database_will_do(
    database_at: Callable[..., None], mode: str
) -> None:
    database_at("db.example.gov", sslmode=mode)

    check_database_line()


@pytest.mark.parametrize("host", ["", "/run/postgresql", "127.0.0.1", "localhost", "::1"])
def test_a_database_on_this_machine_needs_no_encryption(
    database_at: Callable[..., None], host: str
) -> None:
    database_at(host)

    check_database_line()


def test_a_network_of_our_own_must_be_named(
    database_at: Callable[..., None], service: Settings
) -> None:
    database_at("postgres")
    with pytest.raises(ImproperlySet, match="PORTAL_PLAIN_HOSTS"):
        check_database_line()

    service.PLAIN_HOSTS = ["postgres"]

    check_database_line()


@pytest.mark.parametrize("name", ["REDIS_URL", "CACHE_URL"])
def test_passwords_do_not_travel_to_the_brokers_in_the_open(
    name: str, service: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.EMBEDDED_BROKER = False
    monkeypatch.setenv("REDIS_URL", "rediss://queue.example.gov:6379/0")
    monkeypatch.setenv("CACHE_URL", "rediss://cache.example.gov:6379/0")
    check_broker_lines()
    monkeypatch.setenv(name, "redis://:hunter2@broker.example.gov:6379/0")

    with pytest.raises(ImproperlySet, match=f"{name}: write rediss://") as refused:
        check_broker_lines()

    assert "hunter2" not in str(refused.value)
    service.PLAIN_HOSTS = ["broker.example.gov"]
    check_broker_lines()


def test_keys_inside_the_data_are_refused(service: Settings, tmp_path: Path) -> None:
    service.SERVERS = Layout(var=tmp_path, keys=tmp_path / "keys")
    for place in (tmp_path / "data", tmp_path / "data" / "keys", tmp_path):
        service.PORTAL_KEYS = place
        with pytest.raises(ImproperlySet, match="PORTAL_KEYS: choose a folder outside"):
            check_keys_folder()

    service.PORTAL_KEYS = tmp_path / "keys"

    check_keys_folder()


def test_a_service_names_its_hosts(service: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORTAL_HOSTS")

    with pytest.raises(ImproperlySet, match="PORTAL_HOSTS"):
        check_settings()


def test_an_outside_queue_needs_a_cache_that_keeps_nothing(service: Settings) -> None:
    service.EMBEDDED_BROKER = False

    with pytest.raises(ImproperlySet, match="CACHE_URL"):
        check_settings()


@pytest.mark.parametrize(
    ("queue", "cache"),
    [
        ("rediss://:secret@broker.example.gov/0", "rediss://broker.example.gov:6379/1"),
        ("redis+socket://:secret@/run/redis.sock?virtual_host=0", "unix:///run/redis.sock?db=1"),
    ],
)
def test_another_database_of_the_queues_server_is_no_second_instance(
    queue: str, cache: str, service: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.EMBEDDED_BROKER = False
    monkeypatch.setenv("REDIS_URL", queue)
    monkeypatch.setenv("CACHE_URL", cache)

    with pytest.raises(ImproperlySet, match="CACHE_URL: with REDIS_URL, name a second instance"):
        check_settings()

    monkeypatch.setenv("CACHE_URL", "rediss://cache.example.gov/0")
    check_settings()


def test_a_demonstration_never_uses_an_outside_database(settings: Settings) -> None:
    settings.EMBEDDED_DATABASE = False

    with pytest.raises(ImproperlySet, match="PORTAL_DEMO"):
        check_settings()


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.0.2.1", "portal.example.gov"])
def test_a_demonstration_answers_only_on_this_machine(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_BIND", address)

    with pytest.raises(ImproperlySet, match="PORTAL_BIND"):
        check_settings()


def test_a_demonstration_answers_only_to_names_of_this_machine(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["portal.example.gov"]

    with pytest.raises(ImproperlySet, match="PORTAL_HOSTS"):
        check_settings()


@pytest.mark.django_db
def test_a_database_migrated_from_empty_for_a_demonstration_bears_the_mark() -> None:
    assert Installation.objects.get().is_demonstration

    check_database()


@pytest.mark.django_db
def test_a_demonstration_database_never_goes_into_service(service: Settings) -> None:
    with pytest.raises(ImproperlySet, match="is a demonstration and stays one"):
        check_database()


def test_the_mark_cannot_be_changed_even_by_the_owner(committed_database: str) -> None:
    with pytest.raises(Exception, match="never changes its kind"):
        Installation.objects.using("owner").update(is_demonstration=False)
    with pytest.raises(Exception, match="never changes its kind"):
        Installation.objects.using("owner").all().delete()

    assert Installation.objects.get().is_demonstration


@pytest.mark.django_db
def test_a_known_account_keeps_a_service_from_starting(
    service: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Installation.objects, "first", lambda: Installation(is_demonstration=False))
    check_database()
    User.objects.create_user(sign_in_key(DEMONSTRATION_ADDRESSES[0]), created_on=date(2026, 1, 5))

    with pytest.raises(ImproperlySet, match="is a demonstration and stays one"):
        check_database()


@pytest.mark.django_db
def test_an_unmarked_database_is_no_demonstration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Installation.objects, "first", lambda: None)

    with pytest.raises(ImproperlySet, match="this database is no demonstration"):
        check_database()


def test_a_service_that_lacks_its_keys_is_told_in_one_line(
    service: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preconditions, "run_checks", lambda: [Error("Keys are missing in /keys.")])
    monkeypatch.setattr(preconditions, "check_may_serve", lambda: 1 / 0)

    with pytest.raises(ImproperlySet) as refused:
        preconditions.check_service()

    assert str(refused.value) == "Keys are missing in /keys."
