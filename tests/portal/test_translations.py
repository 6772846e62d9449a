"""Catalogs are extracted, checked and compiled without system gettext."""

import io
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from portal import translations


@pytest.fixture
def locale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of two files with no catalog yet."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "portal").mkdir()
    (tmp_path / "templates" / "page.html").write_text(
        '{% load i18n %}\n  <h1>{% translate "Report" %}</h1>\n'
        '    {% button _("Send report") %}\n'
        "{% blocktranslate count n=rows trimmed %}\n  {{ n }} row\n"
        "{% plural %}\n{{ n }} rows\n{% endblocktranslate %}"
    )
    (tmp_path / "portal" / "words.py").write_text(
        "from django.utils.translation import gettext_lazy as _\nWORD = _('Hello %(name)s')\n"
    )
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    monkeypatch.setattr(translations, "LOCALE", tmp_path / "locale")
    return tmp_path


def test_templates_and_code_are_both_read(locale: Path) -> None:
    found = {message.id for message in translations.extract() if message.id}

    assert found == {
        "Report",
        "Send report",
        ("%(n)s row", "%(n)s rows"),
        "Hello %(name)s",
    }


def test_a_text_without_translation_is_a_fault_until_it_is_filled(locale: Path) -> None:
    translations.update("es")
    assert len(translations.faults("es")) == 4

    count = translations.fill(
        "es",
        {
            "Report": "Informe",
            "Send report": "Enviar informe",
            "%(n)s row": ["%(n)s fila", "%(n)s filas"],
            "Hello %(name)s": "Hola %(name)s",
        },
    )

    assert count == 4
    assert translations.faults("es") == []


def test_the_same_word_in_another_context_keeps_its_own_translation(locale: Path) -> None:
    (locale / "portal" / "states.py").write_text(
        "from django.utils.translation import pgettext_lazy\n"
        "STATE = pgettext_lazy('state', 'Report')\n"
    )
    translations.fill("es", {"state\u0004Report": "Informada"})

    translations.fill("es", {"Report": "Informe"})

    known = translations.read("es")
    assert known.get("Report", context="state").string == "Informada"  # type: ignore[union-attr]
    assert known.get("Report").string == "Informe"  # type: ignore[union-attr]


def test_compiling_writes_what_django_reads(locale: Path) -> None:
    translations.fill("es", {"Report": "Informe"})

    translations.compile_catalogs()

    target = translations.po_path("es").with_suffix(".mo")
    assert b"Informe" in target.read_bytes()


def test_a_second_update_changes_no_byte(locale: Path) -> None:
    translations.fill("es", {"Report": "Informe"})
    before = translations.po_path("es").read_bytes()

    translations.update("es")

    assert translations.po_path("es").read_bytes() == before
    assert read_po(io.BytesIO(before), locale="es").get("Report").string == "Informe"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (Message("Hello", ""), "is not translated"),
        (Message("Hello", "Hola", flags=["fuzzy"]), "is marked as unsure"),
        (Message("Hello %(name)s", "Hola %(nombre)s"), "has other placeholders"),
        (Message(("one", "%(n)s many"), ("uno", "")), "is not translated"),
    ],
)
def test_what_is_wrong_with_a_translation_is_named(message: Message, told: str) -> None:
    assert told in str(translations.fault_of(message))
