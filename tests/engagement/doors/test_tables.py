"""A file in a form arrives on pages that ask for a table, its beginning only, and nowhere else."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch

from engagement.doors import tables
from engagement.doors.tables import table_of, takes_table


def takes(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def sent(content: bytes, *, name: str = "table", asks: bool = True) -> HttpRequest:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    file = SimpleUploadedFile("calls.csv", content)
    request = RequestFactory().post("/", {"words": "kept", name: file})
    request.resolver_match = ResolverMatch(takes_table(view) if asks else view, (), {})
    return request


def test_a_page_that_asks_gets_the_file_beside_the_words() -> None:
    request = sent(b"a,b\n1,2\n")
    table = table_of(request)
    assert table is not None
    assert (table.content, table.is_cut) == (b"a,b\n1,2\n", False)
    assert request.POST["words"] == "kept"


def test_a_page_that_does_not_ask_and_another_field_get_nothing() -> None:
    for request in (sent(b"a\n", asks=False), sent(b"a\n", name="other")):
        assert table_of(request) is None
        assert not request.FILES
        assert request.POST["words"] == "kept"


def test_of_a_long_file_whole_lines_from_its_beginning_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tables, "KEPT_BYTES", 10)
    table = table_of(sent(b"a,b\n1,2\n3,4\n5,6\n"))
    assert table is not None
    assert (table.content, table.is_cut) == (b"a,b\n1,2\n", True)


def test_a_body_beyond_all_measure_is_not_read_but_its_words_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tables, "BODY_BYTES", 100)
    request = sent(b"a,b\n" * 1000)
    assert request.POST["words"] == "kept"
    assert table_of(request) is None


def test_only_the_first_of_several_files_is_taken() -> None:
    files = [SimpleUploadedFile("a.csv", b"a\n"), SimpleUploadedFile("b.csv", b"b\n")]
    request = RequestFactory().post("/", {"table": files})
    request.resolver_match = ResolverMatch(takes_table(takes), (), {})
    table = table_of(request)
    assert table is not None
    assert table.content == b"a\n"
    assert len(request.FILES.getlist("table")) == 1
