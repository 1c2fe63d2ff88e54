"""Statements as another system takes them: xAPI 1.0.3, with who, what and when as this server knows it."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from courses.models import Statement

REPORTED = "https://w3id.org/xapi/leerhuis/self-reported"
ATTEMPT = "https://w3id.org/xapi/leerhuis/attempt"
# Of what a package says of its object, only what describes the question.
DESCRIBING = (
    "name",
    "description",
    "type",
    "interactionType",
    "correctResponsesPattern",
    "choices",
    "scale",
    "source",
    "target",
    "steps",
)


def pseudonym(enrolment_id: object) -> str:
    """The same for one learner in one course, and nobody's name: nobody outside can tell who it is."""
    words = f"xapi:{enrolment_id}".encode()
    return hmac.new(settings.RECORD_KEY.encode(), words, hashlib.sha256).hexdigest()[:32]


def exported(statement: Statement) -> dict[str, Any]:
    """One statement. Of the original the verb's words, the question and the result; the rest is the server's."""
    sent = statement.content
    whole = f"{settings.SITE_URL}/xapi/{statement.activity.key}"
    extensions: dict[str, Any] = {REPORTED: True}
    if statement.attempt_id:
        extensions[ATTEMPT] = statement.attempt_id
    context: dict[str, Any] = {"extensions": extensions}
    if statement.part:
        parent = {"id": whole, "objectType": "Activity"}
        context["contextActivities"] = {"parent": [parent]}
    made = {
        "id": str(statement.uuid),
        "actor": {
            "objectType": "Agent",
            "account": {"homePage": settings.SITE_URL, "name": pseudonym(statement.enrolment_id)},
        },
        "verb": sent["verb"],
        "object": {
            "id": f"{whole}#{statement.part}" if statement.part else whole,
            "objectType": "Activity",
            "definition": _described(sent.get("object")),
        },
        "context": context,
        "timestamp": statement.received_at.isoformat(),
        "stored": statement.received_at.isoformat(),
        "version": "1.0.3",
    }
    if isinstance(sent.get("result"), Mapping):
        made["result"] = sent["result"]
    return made


def _described(sent: Any) -> dict[str, Any]:
    definition = sent.get("definition") if isinstance(sent, Mapping) else None
    if not isinstance(definition, Mapping):
        return {}
    return {name: definition[name] for name in DESCRIBING if name in definition}
