"""One database's part, in a process of its own: `python -m bench prepare KEYS` and `python -m bench measure KEYS OUT`."""

import json
import sys
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection


def prepare(keys: Path) -> None:
    """Migrate and fill an empty database; write down which lessons to ask for."""
    call_command("migrate", verbosity=0)
    from bench import data

    keys.write_text(json.dumps(data.prepare()))


def measure(keys: Path, out: Path) -> None:
    """Write the figures down as JSON."""
    from bench import documents, packages, pages, workers, writing

    short_keys = json.loads(keys.read_text())
    figures = [*pages.figures(short_keys), *writing.completion()]
    if connection.vendor == "sqlite":
        figures += [*writing.writers(), *documents.figures(), *packages.figures()]
    else:
        figures += workers.figures(short_keys)
    out.write_text(json.dumps([figure.as_dict() for figure in figures]))


if __name__ == "__main__":
    django.setup()
    {"prepare": prepare, "measure": measure}[sys.argv[1]](*map(Path, sys.argv[2:]))
