"""Clockwork of concerns."""

from celery import shared_task
from django.utils import timezone

from concerns.actions import bulk, campaigns, filing_elsewhere, joining, paging, services
from concerns.actions.boundaries import follow_everywhere
from concerns.actions.escalating import escalate as escalate_now
from concerns.actions.handoff_sweeps import lapse_overdue, remind_of_due
from concerns.actions.learning import learn_all_words
from concerns.actions.photos import sweep as sweep_photo_files
from concerns.actions.rating import release
from concerns.actions.releasing import release_figures as release_figures_now
from concerns.actions.sweeps import (
    close_undisputed,
    forget_forms,
    forget_links,
    lapse_questions,
)
from concerns.actions.telling_filters import tell_everybody
from concerns.desk_counting import MOST_CHANGES, fold


@shared_task(name="concerns.lapse", acks_late=True, ignore_result=True)
def lapse(**_ignored: object) -> None:
    """Close what stayed resolved, go on where nobody answered, forget forms sent more than a day
    ago and links long ended, and count ratings where enough wait."""
    now = timezone.now()
    close_undisputed(now=now)
    remind_of_due(now=now)
    lapse_overdue(now=now)
    lapse_questions(now=now)
    forget_forms(now=now)
    forget_links(now=now)
    joining.forget_forms(now=now)
    joining.release_numbers(now=now)
    campaigns.write_down(now=now)
    release(now=now)
    bulk.forget_old(now=now)


@shared_task(name="concerns.sweep_photos", acks_late=True, ignore_result=True)
def sweep_photos(**_ignored: object) -> None:
    """Delete files of photos that no row names any more, or never did."""
    sweep_photo_files(now=timezone.now())


@shared_task(name="concerns.page_supervisors", acks_late=True, ignore_result=True)
def page_supervisors(**_ignored: object) -> None:
    """Page the next supervisor about what nobody has taken over."""
    paging.page_again(now=timezone.now())


@shared_task(name="concerns.forget_services", acks_late=True, ignore_result=True)
def forget_services(**_ignored: object) -> None:
    """Delete what is kept of absences that are over, and shifts of last month."""
    now = timezone.now()
    services.forget_absences(now=now)
    paging.forget_shifts(now=now)


@shared_task(name="concerns.escalate", acks_late=True, ignore_result=True)
def escalate(**_ignored: object) -> None:
    """Tell supervisors of what is late for long."""
    escalate_now(now=timezone.now())


@shared_task(name="concerns.follow_boundaries", acks_late=True, ignore_result=True)
def follow_boundaries(**_ignored: object) -> None:
    """Bring open concerns into the areas of a newly imported map."""
    follow_everywhere(now=timezone.now())


@shared_task(name="concerns.release_figures", acks_late=True, ignore_result=True)
def release_figures(**_ignored: object) -> None:
    """Publish how many reports of what is only counted came in the weeks that are over."""
    release_figures_now(now=timezone.now())


@shared_task(name="concerns.fold_counts", acks_late=True, ignore_result=True)
def fold_counts(**_ignored: object) -> None:
    """Add what changed in open work to the numbers of the desk."""
    while fold() == MOST_CHANGES:
        pass


@shared_task(name="concerns.work_bulk", acks_late=True, ignore_result=True)
def work_bulk(**_ignored: object) -> None:
    """Go on with steps on many concerns: their rows say what is left to do."""
    if bulk.work_everywhere(now=timezone.now()):
        bulk.ring_again()


@shared_task(name="concerns.learn_words", acks_late=True, ignore_result=True)
def learn_words(**_ignored: object) -> None:
    """Learn the words of new reports and notes, by which a mistyped search is put right."""
    learn_all_words()


@shared_task(name="concerns.tell_of_filters", acks_late=True, ignore_result=True)
def tell_of_filters(**_ignored: object) -> None:
    """Mail those who asked how many reports are new in a filter of theirs."""
    tell_everybody(now=timezone.now())


@shared_task(name="concerns.file_elsewhere", acks_late=True, ignore_result=True)
def file_elsewhere(**_ignored: object) -> None:
    """File what was handed on by Open311, and ask how it stands there."""
    filing_elsewhere.sweep(now=timezone.now())


@shared_task(name="concerns.learn_services", acks_late=True, ignore_result=True)
def learn_services(**_ignored: object) -> None:
    """Ask the Open311 servers of partners what can be filed there."""
    filing_elsewhere.learn_everywhere()
