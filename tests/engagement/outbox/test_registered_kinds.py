import pytest
from django.template import Engine

from engagement.outbox.registry import Kind, Policy, known_kinds

NAMES = [kind.name for kind in known_kinds()]


def registered(name: str) -> Kind:
    return next(kind for kind in known_kinds() if kind.name == name)


@pytest.mark.parametrize("name", NAMES)
def test_each_kind_brings_a_subject_a_text_and_a_page(name: str) -> None:
    template = registered(name).template

    for ending in ("subject.txt", "txt", "html"):
        assert Engine.get_default().get_template(f"{template}.{ending}")


@pytest.mark.parametrize("name", NAMES)
def test_each_kind_says_why_the_reader_gets_it(name: str) -> None:
    assert str(registered(name).words).endswith((".", "!", "?"))


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("account.")])
def test_account_mails_cannot_be_ended(name: str) -> None:
    assert registered(name).policy is Policy.TRANSACTIONAL
