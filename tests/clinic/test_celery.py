"""The bell: what beat rings, and how a worker holds what it was given."""

from clinic.celery import BEAT, app


def test_the_bell_rings_only_for_tasks_that_exist():
    app.loader.import_default_modules()
    assert sorted(task for task, _ in BEAT.values() if task not in app.tasks) == []


def test_the_bell_has_fixed_intervals_and_no_clock_times():
    schedules = [entry["schedule"] for entry in app.conf.beat_schedule.values()]
    assert [wrong for wrong in schedules if not isinstance(wrong, float) or not 1 <= wrong <= 300] == []


def test_a_bell_nobody_heard_is_thrown_away():
    entries = app.conf.beat_schedule.values()
    assert [entry["task"] for entry in entries if entry["options"]["expires"] != entry["schedule"]] == []


def test_each_line_of_the_table_is_a_sentence():
    assert [sentence for sentence in BEAT if len(sentence.split()) < 4] == []


def test_a_killed_worker_gives_its_task_back():
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.broker_transport_options["visibility_timeout"] <= 120


def test_nothing_but_plain_words_travels():
    assert app.conf.task_serializer == "json"
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_ignore_result
