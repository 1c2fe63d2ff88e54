"""Compiles one translation catalogue: `compile_catalogue.py PATH.po` writes `PATH.mo` beside it."""

import sys
from pathlib import Path

import polib

source = Path(sys.argv[1])
polib.pofile(str(source)).save_as_mofile(str(source.with_suffix(".mo")))
