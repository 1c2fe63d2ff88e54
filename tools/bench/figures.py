"""Figures and their goals."""

from dataclasses import asdict, dataclass, field


@dataclass
class Figure:
    """One line: `name: value unit (goal …)`. `goal` is in words; `short` says that it is missed."""

    name: str
    value: float
    unit: str = ""
    goal: str = ""
    short: bool = False
    split: dict[str, float] = field(default_factory=dict)

    def __str__(self) -> str:
        line = f"{self.name}: {self.value:g} {self.unit}".rstrip()
        if self.split:
            line += " = " + " + ".join(f"{part} {value:g}" for part, value in self.split.items())
        if self.goal:
            line += f" (goal {self.goal})"
        return line + (" SHORT" if self.short else "")

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def shown(name: str, value: float, unit: str = "", **split: float) -> Figure:
    """A figure without a goal."""
    return Figure(name, round(value, 2), unit, split={part: round(share, 2) for part, share in split.items()})


def at_most(name: str, value: float, unit: str, goal: float, *, stretch: float | None = None) -> Figure:
    words = f"<= {goal:g}" + (f", stretch <= {stretch:g}" if stretch is not None else "")
    return Figure(name, round(value, 2), unit, words, short=value > goal)


def at_least(name: str, value: float, unit: str, goal: float, *, stretch: float | None = None) -> Figure:
    words = f">= {goal:g}" + (f", stretch >= {stretch:g}" if stretch is not None else "")
    return Figure(name, round(value, 2), unit, words, short=value < goal)


def exactly(name: str, value: float, unit: str, goal: float) -> Figure:
    return Figure(name, round(value, 2), unit, f"= {goal:g}", short=value != goal)
