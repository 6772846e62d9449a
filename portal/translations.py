"""The catalogs of other languages, kept with Babel: no system gettext is needed.

    python -m portal.translations extract | update | fill FILE | compile | check

`update` adds what the code and templates say now and drops what they say no longer; `fill`
takes translations from a JSON object {"English": "Spanish"}; `check` exits 1 and lists every
text without a finished translation.
"""

import io
import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir, extract_javascript, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from portal.environment import ROOT
from portal.servers.locks import Lock

LOCALE = ROOT / "portal" / "locale"
LANGUAGES = ("es",)
PACKAGES = ("portal", "engagement", "concerns", "meetings")
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
Found = tuple[int, str | tuple[str, ...], list[str], str | None]


def extract_template(
    file: IO[bytes], keywords: Any, comment_tags: Any, options: Any
) -> Iterator[Found]:
    """Babel's extraction method for Django templates: Django turns each into calls of gettext."""
    calls = templatize(file.read().decode(), origin=getattr(file, "name", None))
    # Indentation means nothing in a template, but the reader of Python would stumble over it.
    flat = "\n".join(line.strip() for line in calls.split("\n"))
    yield from extract_python(io.BytesIO(flat.encode()), keywords, comment_tags, options)


def extract_code(
    file: IO[bytes], keywords: Any, comment_tags: Any, options: Any
) -> Iterator[Found]:
    yield from extract_python(file, keywords, comment_tags, options)


def extract_script(
    file: IO[bytes], keywords: Any, comment_tags: Any, options: Any
) -> Iterator[Found]:
    yield from extract_javascript(file, keywords, comment_tags, options)


METHODS: tuple[tuple[str, Any], ...] = (
    ("**.py", extract_code),
    ("**.html", extract_template),
    ("**.txt", extract_template),
    ("**.js", extract_script),
)


def new_catalog(language: str | None = None) -> Catalog:
    return Catalog(locale=language, project="Common Ground", charset="utf-8", fuzzy=False)


def extract() -> Catalog:
    """Every text marked for translation, with the files that hold it."""
    catalog = new_catalog()
    for folder in (*PACKAGES, "templates", "static"):
        if not (ROOT / folder).is_dir():
            continue
        found = extract_from_dir(
            str(ROOT / folder), list(METHODS), {}, KEYWORDS, comment_tags=("Translators:",)
        )
        for name, _line, message, comments, context in sorted(found, key=lambda item: item[:2]):
            place = [(f"{folder}/{name}", 0)]
            catalog.add(message, None, place, auto_comments=comments, context=context)
    return catalog


def po_path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    path = po_path(language)
    if not path.exists():
        return new_catalog(language)
    with open(path, "rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def write(catalog: Catalog, language: str) -> None:
    """In the order of the English texts and without dates, so that two edits seldom collide."""
    path = po_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalog.header_comment = f"# Common Ground in {Locale.parse(language).english_name}."
    draft = io.BytesIO()
    write_po(
        draft, catalog, sort_output=True, include_lineno=False, ignore_obsolete=True, width=100
    )
    lines = draft.getvalue().decode().splitlines(keepends=True)
    kept = [line for line in lines if not re.match(r'"(POT-Creation|PO-Revision)-Date:', line)]
    path.write_text("".join(kept))


def update(language: str) -> Catalog:
    """Bring the catalog up to the code; never guesses a translation from a similar text."""
    catalog = read(language)
    catalog.update(extract(), no_fuzzy_matching=True)
    write(catalog, language)
    return catalog


def fill(language: str, texts: dict[str, str | list[str]]) -> int:
    """Put translations in; returns how many English texts of `texts` the catalog knows.

    A text with a plural takes the list [one, many], under its singular. One with a context is
    named by both, with the character EOT between them as in a compiled catalog; by its text alone
    it is given only what it lacks, since the same English word may be another in its context.
    """
    catalog = update(language)
    count = 0
    for message in catalog:
        key = message.id[0] if isinstance(message.id, tuple | list) else message.id
        own = f"{message.context}\u0004{key}"
        if message.context and own in texts:
            key = own
        elif message.context and any(message.string or ""):
            continue
        if key and key in texts:
            given = texts[key]
            message.string = tuple(given) if isinstance(given, list) else given
            message.flags.discard("fuzzy")
            count += 1
    write(catalog, language)
    return count


def compile_catalogs() -> None:
    """Write the .mo files that Django reads, where the .po is newer."""
    for language in LANGUAGES:
        source, target = po_path(language), po_path(language).with_suffix(".mo")
        if not source.exists():
            continue
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        draft = target.with_suffix(".draft")
        with open(draft, "wb") as file:
            write_mo(file, read(language))
        draft.replace(target)


def fault_of(message: Message) -> str | None:
    """What is wrong with one translation, or None."""
    sources = message.id if isinstance(message.id, tuple | list) else (message.id,)
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    finished = [string for string in strings if string]
    if not finished or len(finished) < len(strings):
        return "is not translated"
    if message.fuzzy:
        return "is marked as unsure"
    wanted = {frozenset(PLACEHOLDER.findall(source)) for source in sources}
    for string in finished:
        if frozenset(PLACEHOLDER.findall(string)) not in wanted:
            return f"has other placeholders: {string!r}"
    return None


def faults(language: str) -> list[str]:
    """One line for each text of the code that has no finished translation."""
    known = read(language)
    found = []
    for message in extract():
        if not message.id:
            continue
        key = message.id[0] if isinstance(message.id, tuple | list) else message.id
        translated = known.get(key, context=message.context)
        fault = fault_of(translated) if translated else "is not in the catalog"
        if fault:
            places = ", ".join(sorted({name for name, _line in message.locations}))
            found.append(f"{language}: {key!r} {fault} ({places})")
    return found


def check() -> int:
    found = [fault for language in LANGUAGES for fault in faults(language)]
    for fault in found:
        print(fault)  # noqa: T201 this is a command
    return 1 if found else 0


def main(arguments: Sequence[str]) -> int:
    verb, rest = (arguments[0], arguments[1:]) if arguments else ("", ())
    settings.configure()
    if verb == "check":
        return check()
    if verb == "compile":
        compile_catalogs()
        return 0
    if verb == "extract":
        write_po(sys.stdout.buffer, extract(), sort_output=True, include_lineno=False)
        return 0
    if verb in {"update", "fill"}:
        # Several people may do this at once in one checkout.
        with Lock(ROOT / "var" / "translations.lock").exclusive():
            for language in LANGUAGES:
                if verb == "update":
                    update(language)
                else:
                    count = fill(language, json.loads(Path(rest[0]).read_text()))
                    print(f"{count} texts filled")  # noqa: T201 this is a command
        return 0
    print(__doc__, file=sys.stderr)  # noqa: T201 this is a command
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
