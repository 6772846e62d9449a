"""What must hold before the portal answers anyone; each refusal is one line for the operator."""

from collections.abc import Callable
from ipaddress import ip_address, ip_network
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.core.checks import run_checks
from django.db import DatabaseError, connections
from redis.exceptions import RedisError

from engagement.people.identity import sign_in_key
from engagement.people.models import User
from portal.cache_traces import what_would_forget
from portal.database_logs import what_would_quiet
from portal.environment import ImproperlySet, text
from portal.models import Installation

DEMONSTRATION_ADDRESSES = tuple(
    f"{name}@demo.invalid"
    for name in (
        "resident",
        "officer",
        "officer-elsewhere",
        "supervisor",
        "organiser",
        "partner",
        "admin",
    )
)

ENCRYPTED = frozenset({"require", "verify-ca", "verify-full"})


class NotInOrder(ImproperlySet):
    """A check of the installation failed; the message is the sentence of that check."""

    def __init__(self, sentence: str) -> None:
        Exception.__init__(self, sentence)


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def bind_address() -> str:
    return text("PORTAL_BIND", "127.0.0.1")


def check_settings() -> None:
    """Refuse settings that would expose people; needs no database. Raises ImproperlySet."""
    for check in checks_of_settings():
        check()


def checks_of_settings() -> list[Callable[[], None]]:
    """Each asks one thing and raises ImproperlySet."""
    if settings.DEMO:
        return [check_cache, check_proxies, check_demonstration_settings]
    return [
        check_cache,
        check_proxies,
        check_debug,
        check_hosts,
        check_origin,
        check_key,
        check_keys_folder,
        check_service_mail,
        check_database_line,
        check_broker_lines,
    ]


def check_proxies() -> None:
    for proxy in settings.TRUSTED_PROXIES:
        try:
            ip_network(proxy, strict=False)
        except ValueError:
            raise ImproperlySet(
                "PORTAL_TRUSTED_PROXIES", "write addresses or networks: 10.0.0.5, 10.1.0.0/16"
            ) from None


def check_cache() -> None:
    """What the queue must keep, the cache must not; one server cannot do both."""
    if settings.EMBEDDED_BROKER:
        return
    if not text("CACHE_URL") or instance(text("CACHE_URL")) == instance(text("REDIS_URL")):
        raise ImproperlySet(
            "CACHE_URL", "with REDIS_URL, name a second instance that keeps nothing on disk."
        )


def instance(url: str) -> tuple[str, int]:
    """Host and port, or the path of a socket; databases inside one server share its disk."""
    parts = urlsplit(url)
    return (parts.hostname, parts.port or 6379) if parts.hostname else (parts.path, 0)


def check_demonstration_settings() -> None:
    """A demonstration stays on this machine."""
    if not settings.EMBEDDED_DATABASE:
        raise ImproperlySet(
            "PORTAL_DEMO", "a demonstration uses its own database; unset DATABASE_URL or this."
        )
    if not is_loopback(bind_address()):
        raise ImproperlySet("PORTAL_BIND", "a demonstration answers only on 127.0.0.1.")
    for host in settings.ALLOWED_HOSTS:
        if not is_loopback(host):
            raise ImproperlySet("PORTAL_HOSTS", "a demonstration answers only on 127.0.0.1.")


def check_debug() -> None:
    if settings.DEBUG:
        raise ImproperlySet("DEBUG", "never on where people report.")


def check_hosts() -> None:
    """A service names every host that it answers to."""
    if not text("PORTAL_HOSTS"):
        raise ImproperlySet("PORTAL_HOSTS", "list the host names: portal.example.gov")
    if any(host.startswith(("*", ".")) for host in settings.ALLOWED_HOSTS):
        raise ImproperlySet("PORTAL_HOSTS", "list each host name in full, without wildcards.")


def check_origin() -> None:
    if not settings.ORIGIN:
        raise ImproperlySet(
            "PORTAL_ORIGIN", "write where people find it: https://portal.example.gov"
        )
    origin = urlsplit(settings.ORIGIN)
    if origin.scheme != "https" and not is_loopback(origin.hostname or ""):
        raise ImproperlySet("PORTAL_ORIGIN", "use https; reports must not travel in the open.")


def check_key() -> None:
    if settings.SECRET_KEY.startswith("django-insecure") or len(set(settings.SECRET_KEY)) < 10:
        raise ImproperlySet("PORTAL_SECRET_KEY", "give at least 40 random characters.")


def check_keys_folder() -> None:
    """Keys beside the data would travel with every copy of the data."""
    keys, data = settings.PORTAL_KEYS, settings.SERVERS.data
    if keys == data or data in keys.parents or keys in data.parents:
        raise ImproperlySet(
            "PORTAL_KEYS", f"choose a folder outside {data}; keys must not travel with data."
        )


def check_service_mail() -> None:
    """Letters leave, and nobody on the way reads to whom."""
    mail = settings.MAIL_SERVER
    if not mail:
        raise ImproperlySet("EMAIL_URL", "write smtp+tls://user:password@host:587?from=a@b.gov")
    if mail.scheme == "smtp" and not is_loopback(mail.hostname or ""):
        raise ImproperlySet(
            "EMAIL_URL",
            "write smtp+tls:// or smtps://; addresses and passwords must not travel in the open.",
        )
    if "from" not in dict(parse_qsl(mail.query)):
        raise ImproperlySet("EMAIL_URL", "add the sender at the end: ?from=portal@example.gov")


def is_near(host: str) -> bool:
    """Whether nobody else can listen on the way: this machine, or a network named as our own."""
    return host.startswith("/") or is_loopback(host) or host in settings.PLAIN_HOSTS


def check_database_line() -> None:
    """Everything that people write travels to the database. Raises ImproperlySet."""
    if settings.EMBEDDED_DATABASE:
        return
    database = settings.DATABASES["default"]
    hosts = str(database.get("HOST") or "/").split(",")
    mode = database.get("OPTIONS", {}).get("sslmode", "prefer")
    if mode not in ENCRYPTED and not all(is_near(host) for host in hosts):
        raise ImproperlySet(
            "DATABASE_URL",
            "add ?sslmode=verify-full (at least require), or name the host in PORTAL_PLAIN_HOSTS "
            "when only this machine's containers can reach it.",
        )


def check_broker_lines() -> None:
    """Pseudonyms and passwords travel to the brokers. Raises ImproperlySet."""
    for name in () if settings.EMBEDDED_BROKER else ("REDIS_URL", "CACHE_URL"):
        line = urlsplit(text(name))
        if line.scheme == "redis" and not is_near(line.hostname or ""):
            raise ImproperlySet(
                name,
                "write rediss://, or name the host in PORTAL_PLAIN_HOSTS when only this "
                "machine's containers can reach it.",
            )


def check_database() -> None:
    """Refuse a database whose kind does not fit the settings. Raises ImproperlySet."""
    try:
        mark = Installation.objects.first()
        has_known_accounts = User.objects.filter(
            sign_in_key__in=[sign_in_key(address) for address in DEMONSTRATION_ADDRESSES]
        ).exists()
    except DatabaseError:
        raise ImproperlySet(
            "DATABASE_URL", "the database does not answer or is not migrated: manage.py migrate"
        ) from None
    if settings.DEMO and not (mark and mark.is_demonstration):
        raise ImproperlySet(
            "PORTAL_DEMO", "this database is no demonstration; set PORTAL_DEMO=0 to run it."
        )
    if not settings.DEMO and ((mark and mark.is_demonstration) or has_known_accounts):
        raise ImproperlySet(
            "PORTAL_DEMO",
            "this database is a demonstration and stays one; set DATABASE_URL or PORTAL_VAR "
            "to a new one to go live.",
        )


def check_database_log() -> None:
    """Refuse an outside server that would write reports into its log. Raises ImproperlySet."""
    if settings.EMBEDDED_DATABASE:
        return
    # As the owner: this question has an answer before the first migration too.
    if remedy := what_would_quiet(connections["owner"]):
        raise ImproperlySet(
            "DATABASE_URL",
            f"the server's log would repeat reports; let its administrator run: {remedy}",
        )


def check_cache_server() -> None:
    """Refuse an outside cache that writes to disk. Raises ImproperlySet.

    One that is away, or does not tell its settings, keeps nobody from starting.
    """
    if settings.EMBEDDED_BROKER:
        return
    try:
        missing = what_would_forget(str(settings.CACHES["default"]["LOCATION"]))
    except (RedisError, OSError):
        return
    if missing:
        raise ImproperlySet(
            "CACHE_URL",
            "this server writes to disk, where marks of visitors would stay; "
            f"set in its configuration: {missing}",
        )


def check_service() -> None:
    """What a process of a service asks before it begins: also what the apps ask, such as keys.

    Raises ImproperlySet, so that the refusal is one line of the log.
    """
    faults = [str(found.msg) for found in run_checks() if found.is_serious()]
    if faults:
        raise NotInOrder(" ".join(faults))
    check_may_serve()


def check_may_serve() -> None:
    """All of the above, leaving no connection behind. Raises ImproperlySet."""
    check_settings()
    try:
        check_database()
        check_database_log()
        check_cache_server()
    finally:
        connections.close_all()
