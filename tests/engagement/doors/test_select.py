"""Our own template of a list of choices says what Django's says."""

from django import forms
from django.forms.renderers import DjangoTemplates, get_default_renderer

CHOICES = [
    ("", "Any kind"),
    ("Street", [("graffiti", "Graffiti & paint"), (7, "Seven")]),
    (None, "Nothing"),
]


class Choosing(forms.Form):
    kind = forms.ChoiceField(
        choices=CHOICES, required=False, widget=forms.Select(attrs={"class": 'a"b', "hidden": True})
    )
    many = forms.MultipleChoiceField(choices=CHOICES[1][1])


def squeezed(html: str) -> str:
    return "".join(line.strip() for line in html.splitlines())


def test_a_list_of_choices_is_written_as_django_writes_it() -> None:
    sent = {"kind": "7", "many": ["graffiti", "7"]}
    ours = Choosing(sent, renderer=get_default_renderer())
    theirs = Choosing(sent, renderer=DjangoTemplates())
    for name in ("kind", "many"):
        assert squeezed(str(ours[name])) == squeezed(str(theirs[name]))
    assert 'value="7" selected' in str(ours["kind"])
