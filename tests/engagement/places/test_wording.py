import pytest
from django.core import serializers
from django.utils import translation

from engagement.places.models import Agency, Hotline
from engagement.places.wording import TranslatedText, Wording, WordingField

BOTH = Wording({"en": "Nights", "es": "Noches"})


def test_a_reader_gets_their_language_else_english() -> None:
    with translation.override("es"):
        assert str(BOTH) == "Noches"
        assert str(Wording({"en": "Nights"})) == "Nights"
    assert BOTH.text("es-mx") == "Noches"
    assert BOTH.text("fr") == "Nights"
    assert Wording({"es": "Noches"}).text("en") == "Noches"


def test_only_text_that_exists_elsewhere_counts_as_missing() -> None:
    assert Wording({"en": "Nights"}).missing("es")
    assert not BOTH.missing("es")
    assert not Wording().missing("es")


@pytest.mark.django_db
def test_wording_survives_the_database_in_every_language(agency: Agency) -> None:
    line = Hotline(agency=agency, code="988", number="988")
    line.label = {"en": "Crisis line", "es": "Línea de crisis"}
    line.when = "When someone may hurt themselves"
    assert line.label.text("es") == "Línea de crisis"
    line.save()
    again = Hotline.objects.get(pk=line.pk)
    assert again.label == Wording({"en": "Crisis line", "es": "Línea de crisis"})
    assert again.when.missing("es")
    assert not again.hours
    assert Hotline.objects.filter(label__en="Crisis line").values_list("label__es", flat=True)[
        0
    ] == ("Línea de crisis")


@pytest.mark.django_db
def test_wording_travels_through_fixtures(agency: Agency) -> None:
    Hotline.objects.create(code="988", number="988", label=BOTH.as_dict(), when="Always")
    dumped = serializers.serialize("json", Hotline.objects.order_by("id"))
    Hotline.objects.all().delete()
    for row in serializers.deserialize("json", dumped):
        row.save()
    assert Hotline.objects.get().label == BOTH


def test_the_form_asks_once_per_language_and_insists_on_english_alone() -> None:
    field = WordingField()
    assert field.clean(["Nights", ""]) == Wording({"en": "Nights"})
    html = field.widget.render("hours", BOTH)
    assert 'lang="es"' in html
    assert 'value="Noches"' in html
    with pytest.raises(Exception, match="English"):
        field.clean(["", "Noches"])


def test_an_unchanged_form_says_so() -> None:
    field = WordingField(required=False)
    assert not field.has_changed(BOTH, ["Nights", "Noches"])
    assert field.has_changed(BOTH, ["Nights", ""])


def test_the_field_rebuilds_itself_for_migrations() -> None:
    _name, path, _args, kwargs = TranslatedText(multiline=True).deconstruct()
    assert path == "engagement.places.wording.TranslatedText"
    assert kwargs["multiline"] is True
