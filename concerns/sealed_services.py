"""The sealed rows of services: when somebody is away, and what a survey found."""

import json
from collections.abc import Mapping

from concerns.models import EmptyHome, SecuritySurvey
from concerns.services import Away
from engagement.people.identity import open_words, seal_words

ABSENCE, SURVEY = "service.absence", "service.survey"
# By item: "ok", "improve" or "none", and a line.
Findings = dict[str, tuple[str, str]]


def seal_absence(row: EmptyHome, away: Away) -> None:
    """Put it into the row, without saving."""
    row.sealed = seal_words(
        away.as_text(), what=ABSENCE, agency_id=row.agency_id, binding=row.binding
    )


def away_of(row: EmptyHome) -> Away:
    """In plain, for staff who may work on the case. Raises CannotUnseal."""
    return Away.from_text(
        open_words(row.sealed, what=ABSENCE, agency_id=row.agency_id, binding=row.binding)
    )


def seal_survey(row: SecuritySurvey, findings: Mapping[str, tuple[str, str]]) -> None:
    """Put it into the row, without saving."""
    text = json.dumps({code: list(finding) for code, finding in findings.items()})
    row.sealed = seal_words(text, what=SURVEY, agency_id=row.agency_id, binding=row.binding)


def findings_of(row: SecuritySurvey) -> Findings:
    """In plain, for staff who may work on the case. Raises CannotUnseal."""
    text = open_words(row.sealed, what=SURVEY, agency_id=row.agency_id, binding=row.binding)
    return {code: (said, line) for code, (said, line) in json.loads(text or "{}").items()}


def absence_sealed_anew(row: EmptyHome) -> None:
    seal_absence(row, away_of(row))


def survey_sealed_anew(row: SecuritySurvey) -> None:
    seal_survey(row, findings_of(row))
