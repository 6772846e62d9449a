"""By which way somebody wants to be reached, and what must be minded. Nothing is stored here."""

from typing import Any

import phonenumbers
from django import forms
from django.utils.translation import gettext_lazy as _

from concerns import words
from concerns.models.contact_wishes import Way
from concerns.ways import E_MAIL_ALONE, Offered
from concerns.wishes import Reach, Wishes
from engagement.people.addresses import EXTENSION

LETTER_LIMIT = 400
SAY_LIMIT = 200
NAME_LIMIT = 80
HOURS = ("morning", "afternoon", "evening")
WISHES = (*HOURS, "no_voice_mail", "not_at_night", "not_at_home", "ask_for", "may_say")

WAYS = {
    Way.EMAIL: (
        _("By e-mail"),
        _("A mail says that a message waits, with a link that works once."),
    ),
    Way.TEXT: (
        _("By text message"),
        _(
            "You get one text that asks whether you want them: answer YES. From then on a text "
            "tells you that a message waits, never between 9 at night and 8 in the morning. It "
            "does not say what about. Answer STOP and no more come. Carriers may charge for texts."
        ),
    ),
    Way.PHONE: (_("By phone call"), _("Staff call you, and try three times at most.")),
    Way.LETTER: (_("By letter"), _("The envelope does not say that it is from the police.")),
    Way.RELAY: (
        _("Through someone I trust"),
        _(
            "You give no name and no address at all. The police see only the organisation, which "
            "is told that an answer waits for the person with your code."
        ),
    ),
}


class ContactForm(forms.Form):
    """Base of the forms that somebody leaves an address on; only the chosen way is read."""

    way = forms.ChoiceField(
        label=_("How may we reach you?"),
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": _("Choose one of the listed ways.")},
    )
    email = forms.EmailField(
        label=_("Your e-mail"),
        required=False,
        max_length=words.EMAIL_LIMIT,
        error_messages={"invalid": _("Write the e-mail like name@example.org.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Your phone number"),
        help_text=_("With the area code, for example (314) 555-0100."),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    letter = forms.CharField(
        label=_("Name and postal address for the letter"),
        help_text=_(
            "As it should stand on the envelope, one line under the other. A post office box or a "
            "Safe at Home address is as good as any."
        ),
        required=False,
        max_length=LETTER_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )
    relay = forms.ChoiceField(
        label=_("Through whom?"),
        required=False,
        error_messages={"invalid_choice": _("Choose one of the listed organisations.")},
    )
    morning = forms.BooleanField(label=_("In the morning"), required=False)
    afternoon = forms.BooleanField(label=_("In the afternoon"), required=False)
    evening = forms.BooleanField(label=_("In the evening"), required=False)
    no_voice_mail = forms.BooleanField(label=_("Do not leave a voice mail"), required=False)
    not_at_night = forms.BooleanField(label=_("Nothing at night"), required=False)
    not_at_home = forms.BooleanField(label=_("Do not come to my home"), required=False)
    ask_for = forms.CharField(
        label=_("A name or word to ask for"),
        help_text=_("Then you know that it is us. It need not be your name."),
        required=False,
        max_length=NAME_LIMIT,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    may_say = forms.CharField(
        label=_("What may the caller say to somebody else who answers?"),
        help_text=_("For example: it is about the library book."),
        required=False,
        max_length=SAY_LIMIT,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    offered: Offered = E_MAIL_ALONE

    def offer(self, offered: Offered) -> None:
        """Let these ways be chosen; called once, before the form is read."""
        self.offered = offered
        way, relay = self.fields["way"], self.fields["relay"]
        assert isinstance(way, forms.ChoiceField)
        assert isinstance(relay, forms.ChoiceField)
        way.choices = [(each, WAYS[each][0]) for each in offered.ways]
        way.initial = offered.ways[0]
        way.widget.option_hints = {str(each): WAYS[each][1] for each in offered.ways}
        relay.choices = [
            ("", _("Choose from the list")),
            *((str(each.pk), each.name) for each in offered.relays),
        ]

    @property
    def offers(self) -> dict[str, bool]:
        """Which ways are offered, by name; for the template."""
        return {way.value: way in self.offered.ways for way in Way}

    def demand_way(self) -> None:
        """Read the chosen way and say what it lacks; the others are not looked at."""
        way = self.chosen_way
        for field in set(ADDRESS_OF.values()) - {ADDRESS_OF[way]}:
            self.errors.pop(field, None)
        if "way" in self.errors or ADDRESS_OF[way] in self.errors:
            return
        if refusal := DEMANDS[way](self):
            self.add_error(ADDRESS_OF[way], refusal)

    def forget_way(self) -> None:
        """Look at no address at all: an anonymous reporter has none."""
        for name in ContactForm.base_fields:
            self.errors.pop(name, None)

    @property
    def chosen_way(self) -> Way:
        """The way as posted; a form without the question means e-mail."""
        posted = self.cleaned_data.get("way") or self.offered.ways[0]
        return Way(posted)

    @property
    def way_words(self) -> Any:
        """Name of the chosen way; for a valid form."""
        return WAYS[self.chosen_way][0]

    @property
    def reach(self) -> Reach:
        """The way with its address and its wishes; for a valid form."""
        data, way = self.cleaned_data, self.chosen_way
        return Reach(
            way=way.value,
            value="" if way == Way.RELAY else data[ADDRESS_OF[way]],
            relay_id=int(data["relay"]) if way == Way.RELAY else None,
            hours=frozenset(name for name in HOURS if data.get(name)),
            wishes=Wishes(
                no_voice_mail=data["no_voice_mail"],
                not_at_night=data["not_at_night"],
                not_at_home=data["not_at_home"],
                ask_for=words.clean_line(data["ask_for"], limit=NAME_LIMIT),
                may_say=words.clean_line(data["may_say"], limit=SAY_LIMIT),
            ),
        )

    @property
    def relay_name(self) -> str:
        """Name of the organisation that was chosen; for a valid form."""
        chosen = {str(each.pk): each.name for each in self.offered.relays}
        return chosen.get(self.cleaned_data["relay"], "")

    @property
    def shown_number(self) -> str:
        """The phone number as people read it; for a valid form."""
        number = phonenumbers.parse(self.cleaned_data["phone"], self.offered.region)
        home = phonenumbers.country_code_for_region(self.offered.region)
        form = phonenumbers.PhoneNumberFormat
        is_home = number.country_code == home
        return phonenumbers.format_number(number, form.NATIONAL if is_home else form.INTERNATIONAL)

    @property
    def has_wishes(self) -> bool:
        """Whether one of the wishes is filled in; then they are shown open."""
        return any(self[name].value() for name in WISHES)

    def read_number(self, *, is_text: bool) -> Any:
        """Bring the number into E.164; what is wrong with it, or nothing."""
        typed = self.cleaned_data.get("phone", "")
        if not typed:
            return _("Write your phone number, or choose another way.")
        try:
            number = phonenumbers.parse(typed, self.offered.region)
        except phonenumbers.NumberParseException:
            return _("Write the number with its area code, for example (314) 555-0100.")
        if not phonenumbers.is_possible_number(number):
            return _("This number is too short or too long. Write it with its area code.")
        if is_text and number.extension:
            return _("A text cannot reach an extension. Write a mobile number, or choose a call.")
        plain = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        behind = f"{EXTENSION}{number.extension}" if number.extension else ""
        self.cleaned_data["phone"] = plain + behind
        return None


def _demand_email(form: ContactForm) -> Any:
    missing = _("Write your e-mail, or choose another way to be known.")
    return None if form.cleaned_data.get("email") else missing


def _demand_text(form: ContactForm) -> Any:
    return form.read_number(is_text=True)


def _demand_phone(form: ContactForm) -> Any:
    return form.read_number(is_text=False)


def _demand_letter(form: ContactForm) -> Any:
    lines = words.clean_words(form.cleaned_data.get("letter", ""))
    form.cleaned_data["letter"] = lines
    if len(lines.splitlines()) < 2:
        return _("Write the name and the address on lines of their own.")
    return None


def _demand_relay(form: ContactForm) -> Any:
    missing = _("Choose who shall tell you, or another way.")
    return None if form.cleaned_data.get("relay") else missing


DEMANDS = {
    Way.EMAIL: _demand_email,
    Way.TEXT: _demand_text,
    Way.PHONE: _demand_phone,
    Way.LETTER: _demand_letter,
    Way.RELAY: _demand_relay,
}
# The field that holds the address of each way; a text and a call share the number.
ADDRESS_OF = {
    Way.EMAIL: "email",
    Way.TEXT: "phone",
    Way.PHONE: "phone",
    Way.LETTER: "letter",
    Way.RELAY: "relay",
}
