"""What tests counted, told at the end of every run: also of tests that passed, and of tests that other processes ran."""

import pytest
from django.db import connection

NAME = "figure"
_counted: list[str] = []


def figure(line: str) -> None:
    """Have a test say what it counted, from whichever function or thread it counts in."""
    _counted.append(line)


@pytest.fixture(autouse=True)
def _figures(record_property):
    """The properties of a report travel with it, from the process that ran the test to the one that tells."""
    _counted.clear()
    yield
    for line in _counted:
        record_property(NAME, line)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for each in terminalreporter.stats.values() for report in each]
    told = {
        (report.nodeid, line)
        for report in reports
        if getattr(report, "when", "")
        == "teardown"  # what was counted goes along with the last report of a test
        for name, line in report.user_properties
        if name == NAME
    }
    if told:
        terminalreporter.section(f"figures on {connection.vendor}")
    for nodeid, line in sorted(told):
        terminalreporter.line(f"{nodeid.partition('::')[0]}: {line}")
