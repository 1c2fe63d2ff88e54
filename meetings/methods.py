"""The methods of intervision: phases with what happens in each, how long, and who has the word. In our own words.

Data, not rows: everybody works by the same ones, and a room under way has to find its phases where it left them.
A method that is in use keeps its key and the order of its phases.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Phase:
    """A step of a method. `who` says who speaks, in words; `task` what to do, in at most a few short sentences."""

    title: Any
    task: Any
    minutes: int
    who: Any


@dataclass(frozen=True)
class Method:
    key: str
    title: Any
    # When it fits, in one sentence.
    about: Any
    phases: tuple[Phase, ...]

    @property
    def minutes(self) -> int:
        return sum(phase.minutes for phase in self.phases)


OWNER = _("The one with the case")
OTHERS = _("The others")
EVERYBODY = _("Everybody")
OTHERS_ASK = _("The others ask, the one with the case answers")

INCIDENT = Method(
    key="incident",
    title=_("Incident method"),
    about=_("For one moment in which you had to act, and did not know how."),
    phases=(
        Phase(
            _("The moment"),
            _(
                "Tell what happened in a few sentences, until the moment on which you had to do something. "
                "Do not yet tell what you did."
            ),
            5,
            OWNER,
        ),
        Phase(
            _("Ask for facts"),
            _(
                "Ask short questions about what there was to see and to hear. No advice, no opinion, "
                "no “why did you not …”."
            ),
            15,
            OTHERS_ASK,
        ),
        Phase(
            _("What is it about?"),
            _(
                "Everybody says in one sentence what the question is. The one with the case says what fits best."
            ),
            10,
            EVERYBODY,
        ),
        Phase(
            _("What would you do?"),
            _(
                "First write down for yourself what you would do, and why. Then read it out, one after another, "
                "without discussing it."
            ),
            15,
            OTHERS,
        ),
        Phase(
            _("What happened then"),
            _("Tell what you did, how that went, and which idea touches you."),
            10,
            OWNER,
        ),
        Phase(
            _("Look back"),
            _("What do you take along, each for your own work? And how was it to do it this way?"),
            10,
            EVERYBODY,
        ),
    ),
)

GOSSIP = Method(
    key="gossip",
    title=_("Gossip method"),
    about=_("For a situation in which you are stuck, and want to hear how others look at it."),
    phases=(
        Phase(
            _("Tell the case"),
            _("Tell what is going on and what your question is. The others listen and do not interrupt."),
            10,
            OWNER,
        ),
        Phase(
            _("Ask for facts"),
            _("Ask only what you need to understand it. No advice yet."),
            10,
            OTHERS_ASK,
        ),
        Phase(
            _("Gossip"),
            _(
                "The one with the case turns their chair around and is silent. The others talk about it as if "
                "they were not there: kindly, and openly. What stands out? What may be behind it?"
            ),
            15,
            OTHERS,
        ),
        Phase(
            _("What touched you"),
            _(
                "Turn around again. Tell what touched you, what was right, and what was new. Nothing needs defending."
            ),
            10,
            OWNER,
        ),
        Phase(
            _("Talk it over"),
            _("Think together about what could be a next step. The one with the case chooses."),
            10,
            EVERYBODY,
        ),
        Phase(
            _("Look back"),
            _("How was it to be talked about, and to talk like this? What do you take along?"),
            5,
            EVERYBODY,
        ),
    ),
)

FIVE_QUESTIONS = Method(
    key="five",
    title=_("Five questions"),
    about=_("Short and calm. For a first time, or when several people bring something."),
    phases=(
        Phase(
            _("What happened?"),
            _("Tell it as a camera would have seen it. The others listen."),
            5,
            OWNER,
        ),
        Phase(
            _("What did it do to you?"),
            _(
                "What did you feel, and what did you think? The others ask on, calmly, without solving anything."
            ),
            8,
            OTHERS_ASK,
        ),
        Phase(
            _("What did you want?"),
            _("What mattered to you in that moment? And what do you think mattered to the other?"),
            8,
            OTHERS_ASK,
        ),
        Phase(
            _("What else is possible?"),
            _("Everybody names one thing that could be done. The one with the case only writes along."),
            10,
            OTHERS,
        ),
        Phase(
            _("What will you do?"),
            _("Choose one small step, and say when. The others say in one word what they wish you."),
            7,
            OWNER,
        ),
    ),
)

METHODS: Mapping[str, Method] = MappingProxyType(
    {method.key: method for method in (INCIDENT, GOSSIP, FIVE_QUESTIONS)}
)
