"""The component tags as a page writes them and as a reader, or a screen reader, meets them."""

from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django import forms
from django.forms import formset_factory
from django.http import HttpResponse
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import path

urlpatterns = [path("concerns/", lambda request: HttpResponse(), name="published_list")]


class HowToAnswer(forms.RadioSelect):
    option_hints = {"mail": "We write to the address that you give."}


class Report(forms.Form):
    kind = forms.ChoiceField(
        label="What is it about?",
        choices=[("Streets", [("light", "Street light")]), ("Noise", [("music", "Music")])],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label="What do you see", widget=forms.Textarea, max_length=2000, help_text="No names."
    )
    since = forms.CharField(label="Since when", required=False)
    answer = forms.ChoiceField(
        label="Answer", choices=[("mail", "By mail"), ("none", "Not at all")], widget=HowToAnswer
    )
    home = forms.BooleanField(label="I live here", required=False)
    lon = forms.FloatField(widget=forms.HiddenInput, required=False)


def page(source: str, **context: Any) -> BeautifulSoup:
    template = Template("{% load components crispy_forms_tags %}" + source)
    return BeautifulSoup(template.render(Context(context)), "html.parser")


def only(found: Tag | None) -> Tag:
    assert found is not None
    return found


def test_field_ties_hint_counter_and_mistake_to_its_input() -> None:
    shown = page("{% field form.words %}", form=Report({}))

    described = str(only(shown.textarea)["aria-describedby"]).split()
    assert described == ["id_words_helptext", "id_words_count", "id_words_error"]
    assert all(shown.find(id=name) for name in described)
    assert only(shown.textarea)["aria-invalid"] == "true"
    assert only(shown.label)["for"] == "id_words"


def test_field_without_hint_or_mistake_points_nowhere() -> None:
    shown = page("{% field form.since %}", form=Report())

    assert "aria-describedby" not in only(shown.input).attrs
    assert "(optional)" in only(shown.label).text


def test_own_hint_of_a_page_is_read_out_too() -> None:
    shown = page('{% field form.since hint="A day is enough." %}', form=Report())

    hint = only(shown.find(id=str(only(shown.input)["aria-describedby"])))
    assert hint.text == "A day is enough."


def test_choices_form_one_group_with_headings_and_hints() -> None:
    form = Report({"answer": "mail"})
    kinds = page("{% field form.kind %}", form=form)
    answers = page("{% field form.answer %}", form=form)

    assert only(only(kinds.fieldset).legend).text == "What is it about?"
    assert [heading.text for heading in kinds.select(".choice-group")] == ["Streets", "Noise"]
    assert "id_kind_error" in str(only(kinds.fieldset)["aria-describedby"])
    assert [option["value"] for option in answers.select("input[checked]")] == ["mail"]
    assert "We write to the address" in answers.text


def test_single_check_box_carries_its_own_label() -> None:
    shown = page("{% field form.home %}", form=Report())

    assert only(shown.label)["for"] == "id_home"
    assert only(shown.label).text.strip() == "I live here"


def test_hidden_field_shows_nothing_but_its_input() -> None:
    shown = page("{% field form.lon %}", form=Report())

    assert [tag.name for tag in shown.find_all(True)] == ["input"]


def test_error_summary_leads_to_each_wrong_answer() -> None:
    form = Report({"lon": "x"})
    shown = page("{% error_summary form %}{{ form|crispy }}", form=form)

    targets = [str(link["href"])[1:] for link in shown.select("[data-errors] a")]
    assert targets == ["id_kind_0_0", "id_words", "id_answer_0"]
    assert all(shown.find(id=target) for target in targets)
    assert only(shown.select_one("[data-errors] a")).text.startswith("What is it about? ")


def test_error_summary_is_silent_when_nothing_is_wrong() -> None:
    assert page("{% error_summary form %}", form=Report()).text.strip() == ""


def test_error_summary_names_mistakes_of_every_form_of_a_set() -> None:
    reports = formset_factory(Report, extra=0)
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2"}
    shown = page("{% error_summary forms %}", forms=reports(data))

    assert len(shown.select("[data-errors] a")) == 6


def test_crispy_filter_and_tag_show_the_same_questions() -> None:
    by_filter = page("{{ form|crispy }}", form=Report())
    by_tag = page("{% crispy form %}", form=Report())

    names = [field["name"] for field in by_filter.select("input, textarea")]
    assert names == [field["name"] for field in by_tag.select("input, textarea")]
    assert by_tag.form is not None
    assert by_filter.form is None


@pytest.mark.parametrize("code", ["received", "accepted", "working", "waiting", "closed"])
def test_status_is_a_word_and_not_only_a_colour(code: str) -> None:
    badge = only(page("{% status code %}", code=code).span)

    assert badge.text.strip()
    assert f"status--{code}" in badge["class"]


@pytest.mark.parametrize("audience", ["public", "partners", "reporter", "staff"])
def test_visibility_says_in_words_who_will_read(audience: str) -> None:
    shown = page("{% visibility audience long=True %}", audience=audience)

    assert only(shown.strong).text.strip()
    assert shown.svg is not None


def test_pagination_keeps_the_filters_of_the_page() -> None:
    request = RequestFactory().get("/concerns/", {"area": "d2", "cursor": "old"})
    shown = page("{% pagination None cursor %}", request=request, cursor="n&w")

    assert [link["href"] for link in shown.select("a")] == ["?area=d2&cursor=n%26w"]


def test_pagination_is_absent_on_a_single_page() -> None:
    assert page("{% pagination None '' %}").find(True) is None


@pytest.mark.urls(__name__)
def test_navigation_marks_the_page_and_its_section() -> None:
    source = '{% nav_link "published_list" "Concerns" %}'
    here = page(source, request=RequestFactory().get("/concerns/"))
    inside = page(source, request=RequestFactory().get("/concerns/7K2M/"))
    elsewhere = page(source, request=RequestFactory().get("/areas/"))

    assert only(here.a)["aria-current"] == "page"
    assert only(inside.a)["aria-current"] == "true"
    assert "aria-current" not in only(elsewhere.a).attrs


def test_number_can_be_tapped_as_it_is_dialled() -> None:
    shown = page('{% help_card title="Child abuse" phone="1-800-392-3738" sms="741 741" %}')

    assert [link["href"] for link in shown.select("a")] == ["tel:18003923738", "sms:741741"]


def test_number_with_letters_uses_its_digits() -> None:
    shown = page('{% help_card title="Tip" phone="866-371-TIPS" phone_href="8663718477" %}')

    assert only(shown.a)["href"] == "tel:8663718477"


def test_breadcrumb_ends_with_this_page_unlinked() -> None:
    shown = page('{% breadcrumb "Desk" "/desk/" "GR-7K2M" %}')

    assert [link.text for link in shown.select("a")] == ["Desk"]
    assert only(shown.select_one("[aria-current=page]")).text == "GR-7K2M"


def test_staff_search_is_posted_so_that_words_stay_out_of_addresses() -> None:
    shown = page('{% search_box label="Search" method="post" %}', csrf_token="token")

    assert only(shown.form)["method"] == "post"
    assert only(shown.select_one("[name=csrfmiddlewaretoken]"))["value"] == "token"


def test_map_without_script_says_where_else_the_place_can_be_given() -> None:
    shown = page('{% map_pick "cedar-bluff" layer="district" %}')

    assert only(shown.select_one("[data-map=pick]"))["data-agency"] == "cedar-bluff"
    assert only(shown.select_one(".no-js-only")).text.strip()


def test_receipt_shows_code_and_secret_once_each() -> None:
    shown = page('{% receipt code="7K2M" secret="93DET" url="https://a.invalid/track/" %}')

    assert shown.text.count("93DET") == 1
    assert "93DET" not in "".join(str(tag.attrs) for tag in shown.find_all(True))
