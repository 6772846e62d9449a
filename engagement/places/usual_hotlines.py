"""Numbers that answer everywhere in the United States, for an agency that begins.

Each was taken from what its operator publishes, named beside it. None is marked as checked: the
administrator calls each one once and enters the day. Whoever knows a nearer one (the state's own
line against child abuse, a local shelter) writes it over these. There is no nationwide number for
threats at schools or for tips about crimes, so none is given.
"""

from dataclasses import dataclass
from datetime import datetime

from engagement.audit.actors import Actor
from engagement.places.models import Agency, Hotline
from engagement.places.wording import Wording

DAY_AND_NIGHT = {"en": "Day and night", "es": "Día y noche"}
EMERGENCY = "emergency"
Words = dict[str, str]


@dataclass(frozen=True)
class Line:
    code: str
    number: str
    href: str
    label: Words
    when: Words
    hours: Words


LINES = (
    # The universal emergency number: 47 U.S.C. 251(e)(3).
    Line(
        EMERGENCY,
        "911",
        "tel:911",
        {"en": "Emergency", "es": "Emergencia"},
        {
            "en": "Danger now, an injury, a fire, a crime going on",
            "es": "Peligro ahora, una herida, un incendio, un delito en curso",
        },
        DAY_AND_NIGHT,
    ),
    # 988 Suicide and Crisis Lifeline: 47 U.S.C. 251(e)(4), 988lifeline.org.
    Line(
        "crisis",
        "988",
        "tel:988",
        {"en": "Crisis line", "es": "Línea de crisis"},
        {
            "en": "Thoughts of suicide, an overdose, a mental-health crisis: call or text",
            "es": "Pensamientos de suicidio, sobredosis, crisis de salud mental: llame o escriba",
        },
        DAY_AND_NIGHT,
    ),
    # Childhelp National Child Abuse Hotline, childhelphotline.org.
    Line(
        "child_abuse",
        "1-800-422-4453",
        "tel:+18004224453",
        {"en": "Child abuse hotline", "es": "Maltrato infantil"},
        {
            "en": "A child is hurt, neglected or in danger at home",
            "es": "Un niño sufre maltrato, abandono o peligro en casa",
        },
        DAY_AND_NIGHT,
    ),
    # Eldercare Locator of the Administration for Community Living, eldercare.acl.gov: leads to the
    # protective services of the place. Its hours change, so none are given.
    Line(
        "adult_abuse",
        "1-800-677-1116",
        "tel:+18006771116",
        {"en": "Help for older adults", "es": "Ayuda para adultos mayores"},
        {
            "en": "An older adult is hurt, neglected or robbed: they find who helps where you are",
            "es": "Un adulto mayor sufre maltrato, abandono o robo: buscan quién ayuda en su zona",
        },
        {},
    ),
    # National Domestic Violence Hotline: 42 U.S.C. 10413, thehotline.org.
    Line(
        "domestic_violence",
        "1-800-799-7233",
        "tel:+18007997233",
        {"en": "Domestic violence hotline", "es": "Línea contra la violencia doméstica"},
        {
            "en": "Someone at home or an ex hurts, threatens or controls you",
            "es": "Alguien de casa o una expareja le hace daño, amenaza o controla",
        },
        DAY_AND_NIGHT,
    ),
    # National Sexual Assault Hotline, rainn.org.
    Line(
        "sexual_violence",
        "1-800-656-4673",
        "tel:+18006564673",
        {"en": "Sexual assault hotline", "es": "Línea contra la agresión sexual"},
        {
            "en": "Rape or sexual abuse, now or long ago",
            "es": "Violación o abuso sexual, ahora o hace tiempo",
        },
        DAY_AND_NIGHT,
    ),
    # Assigned to community information and referral by the FCC in 2000 (FCC 00-256), 211.org.
    Line(
        "community_help",
        "211",
        "tel:211",
        {"en": "Help with food, housing and bills", "es": "Ayuda con comida, vivienda y facturas"},
        {
            "en": "You need food, a place to stay, or help to pay for heat or rent",
            "es": "Necesita comida, un lugar donde quedarse o ayuda para pagar luz o renta",
        },
        {},
    ),
)


def _own(agency: Agency) -> str:
    return agency.emergency_number or "911"


def give_hotlines(agency: Agency, by: Actor, now: datetime) -> None:
    """Give a new agency the lines of the whole country, each still to be checked; where a number
    of the same code is listed for everyone, that one stands."""
    known = set(Hotline.objects.filter(agency=None).values_list("code", flat=True))
    rows = [
        Hotline(
            agency=agency,
            code=line.code,
            number=_own(agency) if line.code == EMERGENCY else line.number,
            number_href=f"tel:{_own(agency)}" if line.code == EMERGENCY else line.href,
            label=Wording(line.label),
            when=Wording(line.when),
            hours=Wording(line.hours),
            sort=10 * place,
        )
        for place, line in enumerate(LINES, start=1)
        if line.code not in known
    ]
    Hotline.objects.bulk_create(rows, ignore_conflicts=True)
