"""The clock rings only for tasks that exist, on queues that a worker hears."""

from inspect import Parameter, signature

from celery.schedules import schedule

from portal.celery import LONGEST_TASK, QUEUES, app


def test_every_scheduled_task_exists_and_is_heard() -> None:
    app.loader.import_default_modules()

    assert app.conf.task_default_queue in QUEUES
    for name, entry in app.conf.beat_schedule.items():
        assert entry["task"] in app.tasks, name
        assert isinstance(entry["schedule"], int | float | schedule), name


def test_every_task_is_handed_out_again_when_its_worker_dies() -> None:
    app.loader.import_default_modules()
    ours = [task for name, task in app.tasks.items() if not name.startswith("celery.")]

    assert ours
    for task in ours:
        assert task.acks_late
        assert task.ignore_result
        assert (task.time_limit or app.conf.task_time_limit) <= LONGEST_TASK


def test_a_worker_of_yesterday_hears_callers_of_today() -> None:
    """While a release rolls out, one knows arguments that the other does not."""
    app.loader.import_default_modules()
    ours = {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}

    for name, task in ours.items():
        if name.startswith("tests."):
            continue  # made by another test of this process
        kinds = {parameter.kind for parameter in signature(task.run).parameters.values()}
        assert Parameter.VAR_KEYWORD in kinds, f"{name} refuses arguments of a newer release"
