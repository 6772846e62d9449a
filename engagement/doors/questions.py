"""What a form's questions look like from outside: their ties, choices and mistakes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm, BaseFormSet, CheckboxInput
from django.forms.boundfield import BoundField


@dataclass(frozen=True)
class Mistake:
    """One line of the error summary; `target` is the id of the input to go to, or empty."""

    target: str
    label: str
    message: str


def described_by(field: BoundField, *, has_hint: bool, has_limit: bool) -> str:
    """The ids, separated by spaces, of all that is said about the question beside its label."""
    own = field.field.widget.attrs.get("aria-describedby", "")
    parts = [
        own,
        f"{field.auto_id}_helptext" if has_hint else "",
        f"{field.auto_id}_count" if has_limit else "",
        f"{field.auto_id}_error" if field.errors else "",
    ]
    return " ".join(part for part in parts if part)


def choice_groups(field: BoundField) -> list[dict[str, Any]]:
    """Radio buttons and check boxes as [{"name", "options"}]; empty for every other widget."""
    widget = field.field.widget
    if getattr(widget, "input_type", "") not in ("radio", "checkbox") or isinstance(
        widget, CheckboxInput
    ):
        return []
    shown = widget.get_context(
        field.html_name, field.value(), field.build_widget_attrs({"id": field.auto_id}, widget)
    )
    hints = getattr(widget, "option_hints", {})
    groups: list[dict[str, Any]] = []
    for name, options, _index in shown["widget"]["optgroups"]:
        for option in options:
            option["hint"] = hints.get(str(option["value"]), "")
        if groups and not name and not groups[-1]["name"]:
            # Django makes a group of each choice that has none.
            groups[-1]["options"].extend(options)
        else:
            groups.append({"name": name or "", "options": options})
    return groups


def mistakes_of(form: BaseForm | BaseFormSet[Any]) -> Iterable[Mistake]:
    """Everything to put right, in the order of the questions; nothing for an unsent form."""
    if isinstance(form, BaseFormSet):
        yield from (Mistake("", "", str(error)) for error in form.non_form_errors())
        for one in form.forms:
            yield from mistakes_of(one)
        return
    if not form.is_bound:
        return
    yield from (Mistake("", "", str(error)) for error in form.non_field_errors())
    for bound in form:
        for error in bound.errors:
            yield Mistake(_input_id(bound), _lead(bound), str(error))


def _lead(field: BoundField) -> str:
    """What the mistake is about, ending in a punctuation mark of its own."""
    label = "" if field.is_hidden else str(field.label)
    return label if not label or label[-1] in "?!.:" else f"{label}:"


def _input_id(field: BoundField) -> str:
    if field.is_hidden:
        return ""
    for group in choice_groups(field):
        return str(group["options"][0]["attrs"]["id"])
    return str(field.id_for_label)
