"""Text that administrators write once per language, kept in one column."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

DEFAULT_LANGUAGE = "en"


def language_codes() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


class Wording:
    """The same text in several languages, by language code. Empty texts do not count."""

    __slots__ = ("_texts",)

    def __init__(self, texts: Mapping[str, str] | None = None) -> None:
        self._texts = {
            code: str(text).strip() for code, text in (texts or {}).items() if str(text).strip()
        }

    def text(self, language: str | None = None) -> str:
        """Give the text in a language (the active one when None), else in English, else in any."""
        wanted = (language or get_language() or DEFAULT_LANGUAGE).lower()
        for code in (wanted, wanted.split("-")[0], DEFAULT_LANGUAGE):
            if code in self._texts:
                return self._texts[code]
        return next(iter(self._texts.values()), "")

    def missing(self, language: str | None = None) -> bool:
        """Say whether there is text, but none in this language (else the active one)."""
        wanted = (language or get_language() or DEFAULT_LANGUAGE).lower()
        return bool(self._texts) and not {wanted, wanted.split("-")[0]} & self._texts.keys()

    def as_dict(self) -> dict[str, str]:
        return dict(self._texts)

    def __str__(self) -> str:
        return self.text()

    def __bool__(self) -> bool:
        return bool(self._texts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Wording) and self._texts == other._texts

    def __hash__(self) -> int:
        return hash(frozenset(self._texts.items()))

    def __repr__(self) -> str:
        return f"Wording({self._texts!r})"

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._texts.items())


def as_wording(value: Wording | Mapping[str, str] | str | None) -> Wording:
    """Read a Wording from a Wording, a mapping by language, plain English text or nothing.

    Raises TypeError for anything else.
    """
    if isinstance(value, Wording):
        return value
    if value is None:
        return Wording()
    if isinstance(value, str):
        return Wording({DEFAULT_LANGUAGE: value})
    if isinstance(value, Mapping):
        return Wording(value)
    raise TypeError(f"not a wording: {type(value).__name__}")


class WordingAttribute(DeferredAttribute):
    """Whatever is assigned to the attribute is read back as a Wording, before saving too."""

    def __set__(self, instance: models.Model, value: Any) -> None:
        is_expression = hasattr(value, "resolve_expression")
        instance.__dict__[self.field.attname] = value if is_expression else as_wording(value)


class TranslatedText(models.JSONField):
    """Model field: a Wording stored as {"en": ..., "es": ...}."""

    descriptor_class = WordingAttribute
    _pyi_private_set_type: Wording | Mapping[str, str] | str | None
    _pyi_private_get_type: Wording

    def __init__(self, *args: Any, multiline: bool = False, **kwargs: Any) -> None:
        self.multiline = multiline
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        if self.multiline:
            kwargs["multiline"] = True
        return name, path, args, kwargs

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        read = super().from_db_value(value, expression, connection)
        # A single language taken out by the database (label__en) stays what it is.
        return as_wording(read) if read is None or isinstance(read, dict) else read

    def to_python(self, value: Any) -> Wording:
        return as_wording(value)

    def get_prep_value(self, value: Any) -> Any:
        return value.as_dict() if isinstance(value, Wording) else super().get_prep_value(value)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        is_expression = hasattr(value, "resolve_expression")
        plain = value if is_expression else as_wording(value).as_dict()
        return super().get_db_prep_save(plain, connection)

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(as_wording(value).as_dict(), model_instance)

    def value_to_string(self, obj: models.Model) -> Any:
        return as_wording(self.value_from_object(obj)).as_dict()

    def formfield(self, **kwargs: Any) -> Any:
        # The administration proposes its own widget for JSON; ours has one input per language.
        kwargs.pop("widget", None)
        kwargs.pop("encoder", None)
        kwargs.pop("decoder", None)
        return WordingField(
            multiline=self.multiline,
            required=not self.blank,
            label=kwargs.get("label", capfirst(self.verbose_name)),
            help_text=kwargs.get("help_text", self.help_text),
            initial=kwargs.get("initial"),
        )


class WordingWidget(forms.MultiWidget):
    """One input per language, marked with it for screen readers and spell checkers."""

    def __init__(self, *, multiline: bool = False, attrs: dict[str, Any] | None = None) -> None:
        kind: type[forms.Widget] = forms.Textarea if multiline else forms.TextInput
        names = {code: str(name) for code, name in settings.LANGUAGES}
        size: dict[str, Any] = {"rows": 3} if multiline else {}
        widgets: dict[str, forms.Widget | type[forms.Widget]] = {
            code: kind(attrs={"lang": code, "aria-label": name, "placeholder": name, **size})
            for code, name in names.items()
        }
        super().__init__(widgets, attrs)

    def decompress(self, value: Any) -> list[str]:
        texts = as_wording(value).as_dict()
        return [texts.get(code, "") for code in language_codes()]


class WordingField(forms.MultiValueField):
    """Form field: where needed, English is needed; other languages may follow later."""

    default_error_messages = {"incomplete": _("Fill in the English text.")}

    def __init__(
        self,
        *,
        multiline: bool = False,
        required: bool = True,
        max_length: int = 2000,
        **kwargs: Any,
    ) -> None:
        fields = [
            forms.CharField(required=required and code == DEFAULT_LANGUAGE, max_length=max_length)
            for code in language_codes()
        ]
        super().__init__(
            fields,
            required=required,
            require_all_fields=False,
            widget=kwargs.pop("widget", None) or WordingWidget(multiline=multiline),
            **kwargs,
        )

    def compress(self, data_list: Sequence[str] | None) -> Wording:
        return Wording(dict(zip(language_codes(), data_list or [], strict=False)))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return as_wording(initial) != self.compress(data)
