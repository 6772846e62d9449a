"""Of a mail that came in, only what somebody newly wrote and the pictures are left."""

import contextlib
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.outbox.incoming import CannotRead, cut_quotes, read_mail, without_tags


def mail(text: str = "Painted on Tuesday.", **headers: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"] = "crew@city.example", "answers+abc@police.example"
    made["Message-ID"] = "<1@city.example>"
    for name, value in headers.items():
        del made[name.replace("_", "-")]
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


@pytest.mark.parametrize(
    "below",
    [
        "> We ask you\n> to paint",
        "On Mon, Nov 23, 2026 at 9:00 AM Cedar Police <a@b.example> wrote:\n> old",
        "On Mon, Nov 23, 2026 at 9:00 AM Cedar Police\n<a@b.example> wrote:\nold words",
        "El lun, 23 nov 2026 a las 9:00, Cedar Police (<a@b.example>) escribió:\nold",
        "-----Original Message-----\nFrom: Cedar\nold",
        "________________________________\nFrom: Cedar Police\nold",
        "From: Cedar Police <a@b.example>\nSent: Monday\nTo: Crew\nold",
        "De: Cedar Police\nEnviado: lunes\nPara: Crew\nold",
        "-- \nJoe Crew\n555-0100",
        "Sent from my phone",
    ],
)
def test_quoted_history_and_signatures_are_cut(below: str) -> None:
    assert cut_quotes(f"Painted on Tuesday.\n\n{below}\n") == "Painted on Tuesday."


def test_what_was_written_stays_whole() -> None:
    text = "On Tuesday we wrote a plan:\n- paint\n- wait\n\nFrom: here to the corner."
    assert cut_quotes(text) == text


def test_an_answer_between_quoted_lines_is_kept() -> None:
    assert cut_quotes("> Can you?\nYes.\n> When?\nTuesday.") == "Yes.\nTuesday."


def test_html_loses_its_tags_scripts_and_quotations() -> None:
    html = (
        "<html><head><style>p{}</style></head><body><p>Painted &amp; dry.</p>"
        "<script>steal()</script><div>Bye</div><blockquote>old words</blockquote></body></html>"
    )
    assert cut_quotes(without_tags(html)) == "Painted & dry.\nBye"


def test_plain_text_goes_before_html() -> None:
    made = mail("Plain words.")
    made.add_alternative("<p>Html words.</p>", subtype="html")
    assert read_mail(made.as_bytes()).text == "Plain words."


def test_pictures_are_found_and_other_files_are_not() -> None:
    made = mail()
    made.add_attachment(b"\xff\xd8picture", maintype="image", subtype="jpeg", filename="a.jpg")
    made.add_attachment(b"MZ", maintype="application", subtype="exe", filename="a.exe")
    made.add_attachment(b"heic", maintype="application", subtype="octet-stream", filename="b.HEIC")
    assert read_mail(made.as_bytes()).pictures == (b"\xff\xd8picture", b"heic")


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated"},
        {"Precedence": "bulk"},
        {"Precedence": "auto_reply"},
        {"X_Autoreply": "yes"},
        {"X_Auto_Response_Suppress": "All"},
        {"List_Id": "<all.city.example>"},
        {"From": "MAILER-DAEMON@city.example"},
        {"Return_Path": "<>"},
    ],
)
def test_what_no_person_wrote_is_known(headers: dict[str, str]) -> None:
    assert read_mail(mail(**headers).as_bytes()).is_automatic
    assert not read_mail(mail(Auto_Submitted="no").as_bytes()).is_automatic


def test_a_bounce_is_known() -> None:
    made = mail()
    made.make_mixed()
    made.replace_header("Content-Type", 'multipart/report; boundary="x"')
    assert read_mail(made.as_bytes()).is_automatic


def test_unknown_letters_and_broken_encodings_do_not_stop_it() -> None:
    raw = (
        b"From: a@b.example\r\nTo: x+y@z.example\r\nContent-Type: text/plain; charset=klingon\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n!!!!not base64\r\n"
    )
    assert isinstance(read_mail(raw).text, str)


def test_deep_nesting_is_refused_or_read_but_never_hangs() -> None:
    deep = b"From: a@b.example\r\n"
    for level in range(2_000):
        deep += b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level)
    with contextlib.suppress(CannotRead):
        read_mail(deep + b"\r\nhello")


@given(st.binary(max_size=2_000))
def test_no_bytes_make_it_fail_otherwise(raw: bytes) -> None:
    with contextlib.suppress(CannotRead):
        read_mail(raw)


@given(st.text(max_size=500))
def test_cutting_never_adds_words(text: str) -> None:
    kept = cut_quotes(text)
    lines = {line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")}
    assert {line for line in kept.split("\n") if line} <= {line.strip() for line in lines} | lines
