"""Reads settings from the environment; each fault is one sentence that says what to do."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent
QUEUE_SCHEMES = frozenset({"redis", "rediss", "redis+socket"})
CACHE_SCHEMES = frozenset({"redis", "rediss", "unix"})
TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off", ""})


class ImproperlySet(Exception):
    """A setting is missing or malformed; the message is one line for the operator."""

    def __init__(self, name: str, advice: str) -> None:
        super().__init__(f"{name}: {advice}")


def text(name: str, default: str = "") -> str:
    """The value of `name`, or what the file in `<name>_FILE` holds, as secrets are handed over."""
    return os.environ.get(name, "").strip() or _from_file(f"{name}_FILE") or default


def _from_file(name: str) -> str:
    path = os.environ.get(name, "").strip()
    if not path:
        return ""
    try:
        return Path(path).read_text().strip()
    except (OSError, UnicodeDecodeError):
        raise ImproperlySet(
            name, f"cannot read {path}; name a file that this user may read."
        ) from None


def flag(name: str, *, default: bool) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in TRUE:
        return True
    if value.strip().lower() in FALSE:
        return False
    raise ImproperlySet(name, "say 1 or 0.")


def words(name: str) -> list[str]:
    """A comma-separated list, without empty members."""
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


def port(name: str, default: int) -> int:
    value = text(name, str(default))
    if not value.isdigit() or not 1 <= int(value) <= 65535:
        raise ImproperlySet(name, "give a port number from 1 to 65535, for example PORT=8000.")
    return int(value)


def days(name: str, default: int) -> int:
    """A whole number of days, 1 to 3650."""
    value = text(name, str(default))
    if not value.isdigit() or not 1 <= int(value) <= 3650:
        raise ImproperlySet(name, f"give a number of days, for example {name}={default}.")
    return int(value)


def folder(name: str, default: Path) -> Path:
    """An absolute path; relative ones count from the project's folder."""
    return (ROOT / Path(text(name, str(default))).expanduser()).resolve()


def keys_folder(var: Path) -> Path:
    """Where keys lie: beside the data, never inside it, so that a copy of the data holds no key."""
    keys = folder("PORTAL_KEYS", var / "keys")
    data = var / "data"
    if keys == data or data in keys.parents:
        raise ImproperlySet(
            "PORTAL_KEYS",
            f"choose a folder outside {data}; keys must not travel with data.",
        )
    return keys


def url(name: str, schemes: Mapping[str, str]) -> SplitResult | None:
    """The address in `name`, or None; `schemes` maps each allowed scheme to an example."""
    value = text(name)
    if not value:
        return None
    examples = " or ".join(sorted(set(schemes.values())))
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise ImproperlySet(name, f"this is no address; write {examples}.") from None
    if parts.scheme not in schemes:
        raise ImproperlySet(name, f"write {examples}.")
    return parts


def broker(name: str, schemes: frozenset[str]) -> str:
    """The address of a Redis-compatible server in `name`, or nothing."""
    example = "rediss://:password@host:6379/0"
    return urlunsplit(found) if (found := url(name, dict.fromkeys(schemes, example))) else ""


def origin(default: str) -> str:
    """Scheme and host that links in mails and pages use, without a slash at the end."""
    value = text("PORTAL_ORIGIN", default).rstrip("/")
    parts = urlsplit(value)
    if value and (
        parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query
    ):
        raise ImproperlySet(
            "PORTAL_ORIGIN", "write scheme and host only: https://portal.example.gov"
        )
    return value


def secret(name: str, path: Path) -> str:
    """The secret in `name`, else the one in `path`, which is made (mode 0600) when missing."""
    given = text(name)
    if given:
        if len(given) < 40:
            raise ImproperlySet(name, "give at least 40 random characters.")
        return given
    return stored_secret(path)


def stored_secret(path: Path) -> str:
    """64 hexadecimal characters kept in `path`; two processes that start at once agree on one."""
    try:
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_hex(32))
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(draft, path)
            except FileExistsError:
                pass  # the other process was first; its secret counts
            finally:
                draft.unlink(missing_ok=True)
        found = path.read_text().strip()
    except OSError as error:
        raise ImproperlySet(
            "PORTAL_KEYS",
            f"cannot use {path} ({error.strerror}); make that folder yours.",
        ) from None
    if len(found) < 40:
        raise ImproperlySet("PORTAL_KEYS", f"{path} is damaged; restore it from your copy.")
    return found


def mail(parts: SplitResult) -> dict[str, object]:
    """Django's EMAIL_* settings from smtp://, smtps:// (TLS at once) or smtp+tls:// (STARTTLS)."""
    known = dict(parse_qsl(parts.query))
    secure = parts.scheme == "smtps"
    if not parts.hostname:
        raise ImproperlySet("EMAIL_URL", "the host is missing: smtp+tls://user:password@host:587")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if secure else 587 if "tls" in parts.scheme else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": secure,
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "DEFAULT_FROM_EMAIL": known.get("from", "portal@localhost"),
    }
