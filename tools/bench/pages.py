"""Queries, processor time and weight of each page."""

import gc
import statistics
from collections.abc import Callable

from django.db import connection

from cms.models import CataloguePage, CoursePage
from courses.models import Lesson
from people.models import User

from . import asking
from .data import versions_of
from .figures import Figure, at_most, exactly, shown
from .meters import metered, spent

# Each round asks for every page in turn, so that what disturbs the machine disturbs all of them.
ROUNDS, BATCH = 7, 6
PLAIN = "plain view"
LESSON = "lesson"
LEAST_RATE, STRETCH_RATE = 0.35, 0.6  # of the plain view's
Ask = Callable[[], bytes]


def figures(keys: dict[str, str]) -> list[Figure]:
    asks = everything(keys)
    bodies = {name: [ask(), ask()][-1] for name, ask in asks.items()}
    queries = {name: count(ask) for name, ask in asks.items()}
    processor = processor_times(asks)
    return [
        *of_queries(queries, asks["catalogue"]),
        *(
            shown(f"{name}: processor", processor[name] * 1000, "ms", **split(asks[name], processor[name]))
            for name in asks
        ),
        *of_ratios(processor),
        *of_weights(bodies),
    ]


def everything(keys: dict[str, str]) -> dict[str, Ask]:
    """What is asked for, by name."""
    people = {person.alias: person for person in User.objects.all()}
    real, short, long = (f"/les/{keys[name]}/" for name in ("real", "short", "long"))
    course = CoursePage.objects.order_by("path").first().url
    return {
        PLAIN: asking.page("/bench/plain/", people["fresh"]),
        "home": asking.page("/"),
        "catalogue": asking.page(CataloguePage.objects.get().url),
        "course": asking.page(course),
        "course, signed in": asking.page(course, people["one"]),
        LESSON: asking.page(real, people["fresh"]),
        "lesson, answered": asking.page(real, people["busy"]),
        "lesson of 3 blocks": asking.page(short, people["fresh"]),
        "lesson of 3 blocks, answered": asking.page(short, people["busy"]),
        "lesson of 60 blocks": asking.page(long, people["fresh"]),
        "lesson of 60 blocks, answered": asking.page(long, people["busy"]),
        "answer": asking.answers(people["five"], versions_of(Lesson.objects.get(short_key=keys["long"]))),
        "leerplek, 1 course": asking.page("/leerplek/", people["one"]),
        "leerplek, 5 courses": asking.page("/leerplek/", people["five"]),
    }


def count(ask: Ask) -> int:
    """Statements of a page asked for again; BEGIN, COMMIT and SAVEPOINT left out."""
    ask()
    with metered() as meter:
        ask()
    return meter.queries


def processor_times(asks: dict[str, Ask]) -> dict[str, float]:
    """Seconds of processor per request, server of the database included: the median over the rounds."""
    times: dict[str, list[float]] = {name: [] for name in asks}
    gc.collect()
    gc.freeze()
    for _round in range(ROUNDS):
        for name, ask in asks.items():
            ask()  # takes the place over from another lesson
            started = spent()
            for _request in range(BATCH):
                ask()
            times[name].append((spent() - started) / BATCH)
    gc.unfreeze()
    return {name: statistics.median(taken) for name, taken in times.items()}


def split(ask: Ask, total: float) -> dict[str, float]:
    """Milliseconds in SQL, templates and the rest, in the proportions of a metered run."""
    ask()
    started = spent()
    with metered() as meter:
        for _request in range(2 * BATCH):
            ask()
    scale = total / (spent() - started) * 1000
    return {
        "sql": meter.sql * scale,
        "template": meter.template * scale,
        "rest": total * 1000 - (meter.sql + meter.template) * scale,
    }


def of_queries(queries: dict[str, int], catalogue: Ask) -> list[Figure]:
    found = []
    for name, number in queries.items():
        if name.startswith(LESSON):
            found.append(at_most(f"{name}: queries", number, "", 5, stretch=3))
        elif name == "answer":
            found.append(at_most(f"{name}: queries", number, "", 14))
        else:
            found.append(shown(f"{name}: queries", number))
    more_blocks = max(
        queries[f"lesson of 60 blocks{state}"] - queries[f"lesson of 3 blocks{state}"]
        for state in ("", ", answered")
    )
    more_courses = queries["leerplek, 5 courses"] - queries["leerplek, 1 course"]
    return [
        *found,
        exactly("lesson: queries more at 60 blocks than at 3", more_blocks, "", 0),
        exactly("leerplek: queries more at 5 courses than at 1", more_courses, "", 0),
        exactly(
            "catalogue: queries more at 5 courses than at 1",
            queries["catalogue"] - with_one_course(catalogue),
            "",
            0,
        ),
    ]


def with_one_course(catalogue: Ask) -> int:
    others = CoursePage.objects.exclude(pk=CoursePage.objects.order_by("path").first().pk)
    others.update(live=False)
    number = count(catalogue)
    others.update(live=True)
    return number


def of_ratios(processor: dict[str, float]) -> list[Figure]:
    """How often the plain view's time goes into each page."""
    found = []
    for name, time in processor.items():
        title, ratio = f"{name}: processor against the plain view", time / processor[PLAIN]
        if name.startswith(LESSON):
            found.append(
                at_most(title, ratio, "x", round(1 / LEAST_RATE, 2), stretch=round(1 / STRETCH_RATE, 2))
            )
        elif name != PLAIN:
            found.append(shown(title, ratio, "x"))
    return found


def of_weights(bodies: dict[str, bytes]) -> list[Figure]:
    """Kilobytes (of 1,000 bytes) on the wire, everything compressed. An answer is a part of a page: that part alone."""
    if connection.vendor != "sqlite":
        return []  # the same pages
    found = []
    for name, body in bodies.items():
        if name == PLAIN:
            continue
        if name == "answer":
            found.append(shown("answer: weight", len(body) / 1000, "KB"))
            continue
        page, fonts = asking.weight(body)
        title = f"{name}: weight without fonts"
        found.append(
            at_most(title, page / 1000, "KB", 100)
            if name.startswith(LESSON)
            else shown(title, page / 1000, "KB")
        )
    return [*found, at_most("fonts: weight", fonts / 1000, "KB", 90)]
