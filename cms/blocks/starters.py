"""The blocks that a new lesson begins with, and which of their sentences wait for a trainer's own words.

In `starters.yaml` a pencil stands before each such sentence. Nobody sees the pencil: it is taken off when the file is read.
"""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.html import strip_tags

from .words import texts_in

STARTERS = Path(__file__).parent.with_name("starters.yaml")
PENCIL = "✎ "


@lru_cache(maxsize=1)
def starters() -> dict[str, Any]:
    """What each part of a session begins with: `{minutes, body}` by the part."""
    return yaml.safe_load(_text().replace(PENCIL, ""))


@lru_cache(maxsize=1)
def _to_replace() -> frozenset[str]:
    return frozenset(
        strip_tags(rest).strip() for line in _text().splitlines() for rest in line.split(PENCIL)[1:]
    )


def still_to_write(block: Any, value: Any) -> Iterator[str]:
    """The starters' sentences that stand in a block as they were."""
    for text in texts_in(block, value):
        yield from (line.strip() for line in text.splitlines() if line.strip() in _to_replace())


def _text() -> str:
    return STARTERS.read_text(encoding="utf-8")
