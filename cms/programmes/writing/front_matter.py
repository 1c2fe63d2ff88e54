"""Fields as YAML, one a line, in the order given: the inverse of `cms.programmes.front_matter`."""

import json
from collections.abc import Iterable

from cms.programmes.front_matter import is_plain

Value = str | int | bool | list[tuple[str, str]] | None


def write_fields(fields: Iterable[tuple[str, Value]]) -> list[str]:
    """The lines of the fields; what is empty or None is left out. A list of pairs becomes `- Label: text` lines."""
    lines: list[str] = []
    for name, value in fields:
        if isinstance(value, list):
            pairs = [f"  - {_scalar(label)}: {_scalar(text)}" for label, text in value]
            lines += [f"{name}:", *pairs] if pairs else []
        elif isinstance(value, bool):
            lines.append(f"{name}: {'true' if value else 'false'}")
        elif value not in ("", None):
            lines.append(f"{name}: {_scalar(str(value))}")
    return lines


def write_front_matter(fields: Iterable[tuple[str, Value]]) -> list[str]:
    return ["---", *write_fields(fields), "---"]


def _scalar(text: str) -> str:
    """The text as it stands where YAML reads it so, else in double quotes."""
    return text if is_plain(text) else json.dumps(text, ensure_ascii=False)
