"""The API is closed by default and speaks JSON alone."""

from io import StringIO

from django.conf import settings
from django.core.management import call_command
from rest_framework.settings import api_settings


def test_api_denies_unless_a_view_says_otherwise() -> None:
    assert [kind.__name__ for kind in api_settings.DEFAULT_PERMISSION_CLASSES] == [
        "ClosedByDefault"
    ]


def test_api_speaks_and_reads_json_only() -> None:
    names = [kind.__name__ for kind in api_settings.DEFAULT_RENDERER_CLASSES]
    assert names == ["JSONRenderer"]
    assert [kind.__name__ for kind in api_settings.DEFAULT_PARSER_CLASSES] == ["JSONParser"]


def test_staff_cannot_use_basic_or_token_sign_in() -> None:
    names = [kind.__name__ for kind in api_settings.DEFAULT_AUTHENTICATION_CLASSES]
    assert names == ["SessionAuthentication"]


def test_no_setting_weakens_the_doors() -> None:
    assert settings.DEBUG is False
    assert settings.DATABASES["default"].get("ATOMIC_REQUESTS", False) is False


def test_the_description_of_the_api_is_valid_and_names_each_operation_once() -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO())
