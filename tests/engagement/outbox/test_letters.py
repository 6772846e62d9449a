from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from typing import Any

import pytest
from pytest_django import Settings

from engagement.outbox import registry
from engagement.outbox.actions.delivery import sweep
from engagement.outbox.models import Message
from engagement.outbox.registry import CalendarPart
from engagement.people.models import Contact
from tests.engagement.outbox import kinds
from tests.engagement.outbox.conftest import meet_agency, meet_reader, queue_notice
from tests.engagement.outbox.sink import Received, Sink

pytestmark = pytest.mark.django_db


def deliver(sink: Sink, contact: Contact, now: datetime, **more: object) -> Received:
    queue_notice(contact, **more)  # type: ignore[arg-type]
    sweep(now=now)
    return sink.received[-1]


def test_each_reader_is_written_to_in_their_own_language(sink: Sink, now: datetime) -> None:
    spanish = deliver(sink, meet_reader("ana", language="es"), now)
    english = deliver(sink, meet_reader("ben", language="en"), now)

    assert spanish.subject == "enero: first"
    assert "enero" in spanish.part("plain")
    assert "enero" in spanish.part("html")
    assert '<html lang="es">' in spanish.part("html")
    assert english.subject == "January: first"
    assert "January" in english.part("html")


def test_a_letter_has_text_and_html_and_the_text_shows_no_markup(sink: Sink, now: datetime) -> None:
    mail = deliver(sink, meet_reader(), now)

    assert mail.letter.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.letter.iter_parts()] == [
        "text/plain",
        "text/html",
    ]
    assert kinds.WORDS in mail.part("plain")
    assert "&#x27;" not in mail.part("plain")
    assert "<p>" not in mail.part("plain")
    assert "&lt;b&gt;Peña &amp; Söhne&#x27;s&lt;/b&gt;" in mail.part("html")


def test_no_title_can_add_a_header(sink: Sink, now: datetime) -> None:
    kinds.Facts.title = "Hi\r\nBcc: eve@example.org\r\n\r\nbody"

    mail = deliver(sink, meet_reader(), now)

    assert mail.subject == "January: Hi Bcc: eve@example.org body"
    assert mail.letter["Bcc"] is None
    assert sink.readers == ["ana@example.org"]


def test_any_bytes_travel_as_short_ascii_lines(sink: Sink, now: datetime) -> None:
    kinds.Facts.title = "ñ" * 3000 + "\n.\n..dots\n"

    mail = deliver(sink, meet_reader(), now)

    assert mail.content.isascii()
    assert max(len(line) for line in mail.content.split(b"\r\n")) <= 998
    assert b"\n" not in mail.content.replace(b"\r\n", b"")
    assert "ñ" * 3000 + "\n.\n..dots" in mail.part("plain").replace("\r\n", "\n")


def test_headers_say_who_writes_and_that_a_machine_does(sink: Sink, now: datetime) -> None:
    agency = meet_agency()
    agency.mail_sender_name = "Riverton\r\nBcc: eve@example.org"
    agency.save()

    letter: EmailMessage = deliver(sink, meet_reader(agency=agency), now).letter

    message = Message.objects.get()
    assert letter["Message-ID"] == f"<{message.id}@portal.example.gov>"
    assert letter["From"] == '"Riverton Bcc: eve@example.org" <portal@example.gov>'
    assert letter["To"] == "ana@example.org"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Content-Language"] == "en"
    assert letter["Bcc"] is None


def test_only_what_was_subscribed_to_can_be_ended_from_the_mail(sink: Sink, now: datetime) -> None:
    answer = deliver(sink, meet_reader("ana"), now)
    news = deliver(sink, meet_reader("ben"), now, kind=kinds.NEWS)

    assert answer.letter["List-Unsubscribe"] is None
    link = str(news.letter["List-Unsubscribe"]).strip(" <>")
    assert link.startswith("https://portal.example.gov/unsubscribe/")
    assert news.letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in news.part("plain")
    assert link in news.part("html")


def test_nothing_of_a_sent_mail_stays_in_the_database(sink: Sink, now: datetime) -> None:
    deliver(sink, meet_reader("ana"), now)

    kept = " ".join(str(value) for value in Message.objects.values_list().get())
    assert "ana@example.org" not in kept
    assert "It is so" not in kept


def test_a_demonstration_keeps_mails_as_private_files(
    settings: Settings, tmp_path_factory: pytest.TempPathFactory, now: datetime
) -> None:
    folder = tmp_path_factory.mktemp("demo") / "mail"
    settings.EMAIL_BACKEND = "engagement.outbox.channels.folder.EmailBackend"
    settings.EMAIL_FILE_PATH = folder
    queue_notice(meet_reader(), is_coarse=True)

    assert sweep(now=now) == 1

    [file] = folder.iterdir()
    assert file.suffix == ".eml"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.stat().st_mtime % 3600 == 0
    assert b"To: ana@example.org" in file.read_bytes()


def test_a_full_disk_keeps_the_demonstrations_mails_waiting(
    settings: Settings, tmp_path_factory: pytest.TempPathFactory, now: datetime
) -> None:
    blocked = tmp_path_factory.mktemp("demo") / "mail"
    blocked.write_text("a file where the folder should be")
    settings.EMAIL_BACKEND = "engagement.outbox.channels.folder.EmailBackend"
    settings.EMAIL_FILE_PATH = blocked
    queue_notice(meet_reader())

    assert sweep(now=now) == 0

    message = Message.objects.get()
    assert (message.state, message.last_code) == ("planned", "folder")


def test_a_calendar_part_names_its_method_in_its_type(sink: Sink, now: datetime) -> None:
    text = "BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nSUMMARY:Reunión\r\nEND:VCALENDAR\r\n"

    def part(context: Mapping[str, Any], address: str) -> CalendarPart:
        return CalendarPart("CANCEL", text.replace("Reunión", f"Reunión {address}"))

    registry._kinds[kinds.ANSWER.name] = replace(kinds.ANSWER, calendar=part)

    mail = deliver(sink, meet_reader(), now)

    found = list(mail.letter.iter_parts())
    assert [one.get_content_type() for one in found][-1] == "text/calendar"
    assert found[-1].get_param("method") == "CANCEL"
    assert found[-1].get_content_charset() == "utf-8"
    assert (
        found[-1].get_payload(decode=True)
        == text.replace("Reunión", "Reunión ana@example.org").encode()
    )
    assert mail.content.isascii()
