"""Holdings of personal data, declared per model and read in the order in which they are erased."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model

OnErasure = Literal["deleted", "cleared", "pseudonymised", "kept"]
# The floors of the house, top first; installed packages come after them and this floor last: nothing may still point
# at what goes.
FLOORS = ("cms", "portal", "network", "certification", "meetings", "courses", "media")
LAST_FLOOR = "people"


@dataclass(frozen=True)
class Personal:
    """A personal field.

    `export`: True for the stored value, False for none (a secret, or somebody else's), or a function of the row that
    gives something JSON can hold, for what is stored encrypted.
    """

    purpose: str
    retention: str
    on_erasure: OnErasure
    export: bool | Callable[[Any], object] = True


@dataclass(frozen=True, kw_only=True)
class Holding:
    """What a model holds about people. A model whose rows touch two people in different ways has two holdings.

    `person` is the lookup from a row to the user it is about; None where no such path may exist (coded answers).
    `fields` names the personal fields, `plain` all others; together they are every field of the model.
    `erase(user=…, now=…)` does the erasure. Without it rows go where every field says "deleted"; otherwise the
    "cleared" and "pseudonymised" fields are emptied (null, or the empty value of their kind) and the row stays.
    """

    model: str
    person: str | None
    fields: Mapping[str, Personal]
    plain: Collection[str] = ()
    erase: Callable[..., object] | None = None

    @property
    def app_label(self) -> str:
        return self.model.split(".")[0]

    def model_class(self) -> type[Model]:
        return apps.get_model(self.model)


@dataclass
class _Registry:
    holdings: list[Holding] = field(default_factory=list)
    impersonal: dict[str, str] = field(default_factory=dict)


_registry = _Registry()


def declare(*holdings: Holding) -> None:
    """Add holdings. Within an app they are erased in the order in which they are declared: children first."""
    for holding in holdings:
        if holding.model in _registry.impersonal:
            raise ImproperlyConfigured(f"{holding.model} was declared to hold nothing about people")
        if overlap := set(holding.fields) & set(holding.plain):
            raise ImproperlyConfigured(
                f"{holding.model}: {', '.join(sorted(overlap))} declared both personal and plain"
            )
        _registry.holdings.append(holding)


def declare_impersonal(*models: str, reason: str) -> None:
    """Say that models hold nothing about people, and why."""
    for model in models:
        if any(holding.model == model for holding in _registry.holdings):
            raise ImproperlyConfigured(f"{model} was declared to hold personal data")
        _registry.impersonal[model] = reason


def holdings() -> list[Holding]:
    """All holdings in the order of erasure: from the top floor down, installed packages, this floor."""

    def floor(holding: Holding) -> int:
        if holding.app_label == LAST_FLOOR:
            return len(FLOORS) + 1
        return FLOORS.index(holding.app_label) if holding.app_label in FLOORS else len(FLOORS)

    return sorted(_registry.holdings, key=floor)


def impersonal() -> dict[str, str]:
    """Model label to the reason why it holds nothing about people."""
    return dict(_registry.impersonal)
