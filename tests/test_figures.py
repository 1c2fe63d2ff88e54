"""What a test counted is read by who looks at the end of a run, also where other processes ran the test."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.db import connection

COUNTS = """
from tests.figures import figure

def test_it_fails():
    figure("2 of 3 delivered")
    assert False

def test_it_passes():
    figure("3 of 3 delivered")
"""


# Only what is looked at here: a site that is loaded twice says nothing more.
PLUGINS = ("xdist", "tests.figures")


def test_figures_stand_at_the_end_of_a_run_by_workers(tmp_path: Path):
    (tmp_path / "test_counts.py").write_text(COUNTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "1", *(f"-p{each}" for each in PLUGINS), tmp_path],
        cwd=tmp_path,
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PYTHONPATH": str(settings.BASE_DIR),
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    _before, _heading, told = ran.stdout.partition(f" figures on {connection.vendor} ")
    assert [line.partition(": ")[2] for line in told.splitlines() if line.startswith("test_counts.py: ")] == [
        "2 of 3 delivered",
        "3 of 3 delivered",
    ], ran.stdout
