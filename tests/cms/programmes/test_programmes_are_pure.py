"""The package reads text: it can be used without Django, so that writers need no database."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
IMPORTED = """
import sys
import cms.programmes.check
print(sorted({name.partition(".")[0] for name in sys.modules} & {"django", "wagtail"}))
"""


def test_programmes_import_neither_django_nor_wagtail() -> None:
    result = subprocess.run(
        [sys.executable, "-c", IMPORTED], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert result.stdout == "[]\n"
