"""A reader of calendars that shares nothing with what writes them: what it knows is written here, after RFC 5545."""

from datetime import datetime
from zoneinfo import ZoneInfo

HOME = ZoneInfo("Europe/Amsterdam")


def content_lines(data: bytes) -> list[tuple[str, dict[str, str], str]]:
    """Unfolded lines as name, parameters and value. Fails for what a strict reader refuses."""
    assert data.endswith(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    physical = data.decode("utf-8").split("\r\n")[:-1]
    assert max(len(line.encode()) for line in physical) <= 75
    lines: list[str] = []
    for line in physical:
        if line.startswith((" ", "\t")):
            lines[-1] += line[1:]
        else:
            lines.append(line)
    read = []
    for line in lines:
        head, _colon, value = line.partition(":")
        name, *parameters = head.split(";")
        read.append((name, dict(each.split("=", 1) for each in parameters), value))
    return read


def components(data: bytes) -> dict[str, list[dict[str, tuple[dict, str]]]]:
    """The properties of each component, by its name. Begin and end match, and nothing stands outside."""
    found: dict[str, list] = {}
    stack: list[tuple[str, dict]] = []
    for name, parameters, value in content_lines(data):
        if name == "BEGIN":
            stack.append((value, {}))
        elif name == "END":
            kind, properties = stack.pop()
            assert kind == value
            found.setdefault(kind, []).append(properties)
        else:
            stack[-1][1][name] = (parameters, value)
    assert stack == []
    return found


def utc_offset_rules(data: bytes) -> dict[str, tuple[str, ...]]:
    """What the file itself says of summer and winter time: when it begins, for ever, and from what to what."""
    parts = components(data)
    names = ("DTSTART", "RRULE", "TZOFFSETFROM", "TZOFFSETTO")
    return {
        kind: tuple(parts[kind][0][name][1] for name in names)
        for kind in ("STANDARD", "DAYLIGHT")
        if len(parts[kind]) == 1
    }


def moment(parameters: dict[str, str], value: str) -> datetime:
    assert parameters["TZID"] == "Europe/Amsterdam"
    return datetime.strptime(value, "%Y%m%dT%H%M%S").replace(tzinfo=HOME)
