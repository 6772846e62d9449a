from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, connections

from concerns.actions.intake import CannotSubmit, Receipt
from concerns.actions.sweeps import forget_forms
from concerns.models import Concern, ConcernArea, Reporter, StatusChange
from engagement.audit.models import Entry
from engagement.keys.hashes import secret_digest
from engagement.keys.moments import floor_to_hour
from engagement.outbox.models import Message
from engagement.people.models import Contact, Grant, User
from engagement.places.models import Agency, Holiday
from tests.concerns.conftest import (
    EAST_POINT,
    NOW,
    OUTSIDE,
    area_of,
    category_of,
    file_report,
    found_agency,
    meet_user,
)


def test_a_report_goes_to_the_lead_officer_of_its_district(
    agency: Agency, officer: User, colleague: User
) -> None:
    west = file_report(agency).concern
    east = file_report(agency, lon=EAST_POINT[0], lat=EAST_POINT[1], submission_key="key-2").concern
    assert (west.owner_id, east.owner_id) == (officer.pk, colleague.pk)
    assert west.area_id == area_of(agency, "district", "west").pk
    assert set(ConcernArea.objects.filter(concern=west).values_list("area__layer", flat=True)) == {
        "district",
        "neighborhood",
    }
    notices = Message.objects.order_by("due_at").values_list("kind", "contact_id")
    assert set(notices) == {
        ("concerns.new_for_owner", officer.contact_id),
        ("concerns.new_for_owner", colleague.contact_id),
    }


def test_outside_every_area_a_report_waits_for_a_person_to_route_it(
    agency: Agency, officer: User
) -> None:
    concern = file_report(agency, lon=OUTSIDE[0], lat=OUTSIDE[1]).concern
    assert (concern.owner_id, concern.area_id) == (None, None)
    assert not ConcernArea.objects.filter(concern=concern).exists()
    assert not Message.objects.exists()


def test_a_named_neighborhood_is_kept_without_a_point_and_finds_its_district(
    agency: Agency, officer: User
) -> None:
    concern = file_report(agency, lon=None, lat=None, area_code="east").concern
    stored = {link.area for link in ConcernArea.objects.filter(concern=concern).order_by("id")}
    district = area_of(agency, "district", "east")
    assert stored == {area_of(agency, "neighborhood", "east"), district}
    assert concern.area == district


def test_sending_the_form_again_shows_the_same_receipt(agency: Agency) -> None:
    first, second = file_report(agency), file_report(agency)
    assert not first.is_repeat
    assert second.is_repeat
    assert not second.differs
    assert (first.tracking_code, first.secret) == (second.tracking_code, second.secret)
    assert Concern.objects.count() == Reporter.objects.count() == StatusChange.objects.count() == 1


def test_the_same_form_with_other_words_keeps_the_first_and_says_so(agency: Agency) -> None:
    first = file_report(agency)
    again = file_report(agency, text="And the door too")
    assert again.differs
    assert again.concern.pk == first.concern.pk
    assert Concern.objects.get().text == first.concern.text


def test_the_secret_is_stored_nowhere_but_its_digest_fits(agency: Agency) -> None:
    receipt = file_report(agency)
    stored = Concern.objects.get()
    assert bytes(stored.secret_digest or b"") == secret_digest(receipt.secret, agency_id=agency.pk)
    plain = receipt.secret.replace("-", "")
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                f'SELECT count(*) FROM "{table}" AS t WHERE t::text LIKE %s', [f"%{plain}%"]
            )
            assert cursor.fetchone() == (0,)


def test_nothing_about_an_anonymous_report_holds_a_finer_time_than_the_hour(
    agency: Agency, officer: User
) -> None:
    file_report(agency)
    moments = [f":{NOW:%M:%S}", f"{NOW:%H:%M:}", f"{NOW:%f}"]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table == "django_migrations":
                continue
            cursor.execute(f'SELECT t::text FROM "{table}" AS t')
            for (row,) in cursor.fetchall():
                assert not [moment for moment in moments if moment in row], (table, row)
    concern = Concern.objects.get()
    assert concern.received_at == floor_to_hour(NOW)
    assert StatusChange.objects.get().at == floor_to_hour(NOW)
    # The mail itself has a date as well, so it leaves with the full hour.
    assert Message.objects.get().due_at == floor_to_hour(NOW) + timedelta(hours=1)


def test_an_anonymous_report_has_neither_address_nor_account(agency: Agency) -> None:
    concern = file_report(agency, email="ana@example.org").concern
    reporter = Reporter.objects.get(concern=concern)
    assert (reporter.contact_id, reporter.account_link) == (None, None)
    assert not Contact.objects.exists()


def test_a_confidential_reporter_is_told_that_it_arrived(agency: Agency, officer: User) -> None:
    concern = file_report(agency, level="confidential", email="ana@example.org").concern
    reporter = Reporter.objects.get(concern=concern)
    assert reporter.contact is not None
    assert reporter.account_link is None
    assert Message.objects.filter(
        kind="concerns.received", contact=reporter.contact, is_coarse=False
    ).exists()


def test_no_key_leads_from_a_signed_in_reporter_to_the_report(agency: Agency) -> None:
    ana = meet_user("Ana")
    concern = file_report(agency, level="signed_in", account_user_id=ana.pk).concern
    reporter = Reporter.objects.get(concern=concern)
    assert reporter.contact is not None
    assert ana.contact is not None
    assert reporter.contact_id != ana.contact_id
    assert bytes(reporter.contact.lookup) != bytes(ana.contact.lookup)
    assert bytes(reporter.account_link or b"") != str(ana.pk).encode()
    assert list(Concern.objects.linked_to(ana)) == [concern]
    assert not Concern.objects.linked_to(meet_user("Ben")).exists()
    assert not Entry.objects.filter(actor_user_id=ana.pk).exists()


@pytest.mark.parametrize("code", ["emergency", "domestic_violence", "past_crime"])
def test_what_belongs_elsewhere_is_never_stored(agency: Agency, code: str) -> None:
    entries = Entry.objects.count()
    with pytest.raises(CannotSubmit, match="not_taken_here"):
        file_report(agency, code=code)
    assert not Concern.objects.exists()
    assert Entry.objects.count() == entries
    assert not Message.objects.exists()


def test_a_category_of_another_agency_is_refused(agency: Agency, elsewhere: Agency) -> None:
    with pytest.raises(CannotSubmit, match="not_this_agency"):
        file_report(agency, category=category_of(elsewhere, "graffiti"))
    assert not Concern.objects.exists()


def test_odd_characters_are_dropped_and_too_long_a_text_is_refused(agency: Agency) -> None:
    concern = file_report(agency, text="one\x00two\r\nthree\ud800").concern
    assert concern.text == "onetwo\nthree"
    with pytest.raises(CannotSubmit, match="too_long"):
        file_report(agency, text="x" * 5001, submission_key="key-2")
    with pytest.raises(CannotSubmit, match="no_words"):
        file_report(agency, text=" \x00 ", submission_key="key-3")
    assert Concern.objects.count() == 1


def test_an_officer_whose_role_has_ended_is_given_no_more_concerns(
    agency: Agency, officer: User
) -> None:
    Grant.objects.filter(user=officer).update(until_on=NOW.date() - timedelta(days=1))
    assert file_report(agency).concern.owner_id is None
    assert not Message.objects.exists()


def test_deadlines_count_business_days_and_leave_out_holidays(agency: Agency) -> None:
    Holiday.objects.create(agency=agency, on=date(2026, 11, 11), name="Veterans Day")
    concern = file_report(agency).concern
    assert concern.received_on == date(2026, 11, 3)
    assert concern.acknowledge_by == date(2026, 11, 5)
    # Twenty business days from Tuesday 3 November, one of them a holiday.
    assert concern.resolve_by == date(2026, 12, 2)


def test_after_a_day_a_form_is_forgotten_and_sending_it_makes_a_new_report(
    agency: Agency,
) -> None:
    file_report(agency)
    # The form may have been opened just before it was sent, and is good for 24 hours.
    assert forget_forms(now=NOW + timedelta(hours=24)) == 0
    assert file_report(agency, now=NOW + timedelta(hours=24)).is_repeat
    assert forget_forms(now=NOW + timedelta(hours=25)) == 1
    assert not file_report(agency, now=NOW + timedelta(hours=25)).is_repeat
    assert Concern.objects.count() == 2


def test_a_double_tap_from_two_connections_makes_one_report(committed_database: str) -> None:
    agency = found_agency("riverton")
    start, receipts = Barrier(2), list[Receipt]()

    def tap() -> None:
        try:
            start.wait()
            receipts.append(file_report(agency))
        finally:
            connections.close_all()

    taps = [Thread(target=tap) for _ in range(2)]
    for thread in taps:
        thread.start()
    for thread in taps:
        thread.join()
    first, second = receipts
    assert (first.tracking_code, first.secret) == (second.tracking_code, second.secret)
    assert sorted((first.is_repeat, second.is_repeat)) == [False, True]
    assert Concern.objects.count() == Reporter.objects.count() == 1
