"""The language switch remembers a choice and leads nowhere else."""

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_a_choice_is_kept_for_this_browser_session(client: Client) -> None:
    form = {"language": "es", "next": "/account/login/"}
    answer = client.post(reverse("set_language"), form)
    assert answer["Location"] == "/account/login/"
    assert answer.cookies["cg_language"]["max-age"] == ""
    page = client.get("/account/login/").content.decode()
    assert "Iniciar sesión" in page
    assert 'lang="es"' in page


@pytest.mark.parametrize("next_", ["https://evil.example/", "//evil.example/", "", "javascript:0"])
def test_it_leads_back_to_own_paths_only(client: Client, next_: str) -> None:
    answer = client.post(reverse("set_language"), {"language": "es", "next": next_})
    assert answer["Location"] == "/"


def test_an_unknown_language_and_a_mere_link_change_nothing(client: Client) -> None:
    assert not client.post(reverse("set_language"), {"language": "xx"}).cookies
    assert client.get(reverse("set_language"), {"language": "es"}).status_code == 405
