"""Every template compiles, obeys the strict content policy and speaks through translation."""

import re
from pathlib import Path

import pytest
from django.template import engines

from tests.guards.source import ROOT

TEMPLATES = sorted(
    path
    for folder in [ROOT / "templates", *ROOT.glob("*/templates"), *ROOT.glob("*/*/templates")]
    for path in folder.rglob("*")
    if path.is_file()
)
PAGES = [path for path in TEMPLATES if path.suffix == ".html"]
INLINE = re.compile(
    r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE
)
OUTSIDE = re.compile(r"""(?:src|href|action)=["']?(?:https?:)?//""", re.IGNORECASE)
SPOKEN = re.compile(
    r"{%\s*block \w+_class\s*%}.*?{%\s*endblock\s*%}"  # names of CSS classes, not words
    r"|{%\s*(?:blocktranslate|comment)\b.*?{%\s*end(?:blocktranslate|comment)\s*%}|{[{%#].*?[}%#]}|<[^>]*>|&\w+;|&#\d+;",
    re.DOTALL,
)
SCRIPTS = re.compile(r"<(script|style|svg)\b.*?</\1>", re.DOTALL)


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_template_compiles(path: Path) -> None:
    assert engines["django"].from_string(path.read_text())


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_template_holds_no_inline_code_and_calls_nobody_else(path: Path) -> None:
    text = path.read_text()
    if "/mail/" in str(path):  # mail readers drop style sheets; mails may carry their own
        text = re.sub(r"<style.*?</style>|\sstyle=\"[^\"]*\"", "", text, flags=re.DOTALL)
    assert INLINE.findall(text) == []
    assert OUTSIDE.findall(text) == []


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_template_has_no_words_outside_translation(path: Path) -> None:
    spoken = SPOKEN.sub(" ", SCRIPTS.sub(" ", path.read_text()))
    words = [
        word for word in re.findall(r"[A-Za-z]{2,}", spoken) if word not in {"DOCTYPE", "html"}
    ]
    assert words == []
