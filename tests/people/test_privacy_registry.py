"""Nothing about people is kept without a purpose, a term, an export and an erasure."""

from pathlib import Path
from typing import get_args

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from people import privacy
from people.models import User
from people.privacy import Holding, Personal
from people.privacy.registry import OnErasure


def is_ours(model):
    path = Path(model._meta.app_config.path)
    return path.parent == settings.BASE_DIR


OURS = [model for model in apps.get_models() if is_ours(model)]
INSTALLED = [model for model in apps.get_models() if not is_ours(model)]
DECLARED = {}
for holding in privacy.holdings():
    DECLARED.setdefault(holding.model, set()).update(holding.fields, holding.plain)


def own_fields(model):
    """The fields in the model's own table, but for the pointer to its parent's."""
    fields = [*model._meta.local_fields, *model._meta.local_many_to_many]
    return {field.name for field in fields if not getattr(field.remote_field, "parent_link", False)}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_field_of_ours_is_declared(model):
    label = model._meta.label
    if label not in privacy.impersonal():
        assert own_fields(model) - DECLARED.get(label, set()) == set()


@pytest.mark.parametrize("model", INSTALLED, ids=lambda model: model._meta.label)
def test_every_installed_model_is_declared(model):
    label = model._meta.label
    assert (label in DECLARED, label in privacy.impersonal()) in {(True, False), (False, True)}


@pytest.mark.parametrize("model", [*OURS, *INSTALLED], ids=lambda model: model._meta.label)
def test_every_path_to_a_person_is_a_personal_field(model):
    fields = [*model._meta.local_fields, *model._meta.local_many_to_many]
    paths = {field.name for field in fields if field.related_model is User}
    personal = {
        name
        for holding in privacy.holdings()
        if holding.model == model._meta.label
        for name in holding.fields
    }
    assert paths - personal == set()


@pytest.mark.parametrize(
    "holding", privacy.holdings(), ids=lambda holding: f"{holding.model} by {holding.person}"
)
def test_what_is_declared_exists_and_says_why_how_long_and_what_then(holding):
    model = holding.model_class()
    names = {field.name for field in [*model._meta.concrete_fields, *model._meta.many_to_many]}
    assert {*holding.fields, *holding.plain} - names == set()
    for personal in holding.fields.values():
        assert personal.purpose
        assert personal.retention
        assert personal.on_erasure in get_args(OnErasure)
    if holding.person is not None:
        model._base_manager.filter(**{holding.person: None})  # the path leads somewhere
    else:
        # Nothing leads from the person to the row: only a function can find it, unless nothing may.
        endings = {personal.on_erasure for personal in holding.fields.values()}
        assert holding.erase is not None or endings == {"kept"}


def test_the_account_goes_last_and_the_upper_floors_first():
    labels = [holding.app_label for holding in privacy.holdings()]
    floors = [label for label in dict.fromkeys(labels) if label in {"certification", "courses", "people"}]
    assert floors == sorted(floors, key=["certification", "courses", "people"].index)
    assert privacy.holdings()[-1].model == "people.User"


def test_contradictions_are_refused():
    field = Personal("a purpose", "a term", "deleted")
    with pytest.raises(ImproperlyConfigured, match="both personal and plain"):
        privacy.declare(Holding(model="people.User", person="pk", fields={"alias": field}, plain={"alias"}))
    with pytest.raises(ImproperlyConfigured, match="nothing about people"):
        privacy.declare(Holding(model="people.Lease", person=None, fields={"holder": field}))
    with pytest.raises(ImproperlyConfigured, match="personal data"):
        privacy.declare_impersonal("people.User", reason="nobody")
