"""What tests, surveys and assignments share: how many of them are done."""

from collections.abc import Sequence

from certification.requirements.contract import Outcome, Part


def outcome_of(parts: Sequence[Part], *, sentence: str, nothing: str) -> Outcome:
    """Met where all are done. `nothing` is said where the course has none: then nobody can meet it.

    `sentence` may say `%(done)s` and `%(asked)s`.
    """
    done = sum(part.done for part in parts)
    found = {"done": done, "asked": len(parts)}
    if not parts:
        return Outcome(met=False, checked=False, sentence=nothing, found=found)
    checked = any(part.checked for part in parts if part.done)
    return Outcome(
        met=done == len(parts),
        checked=checked,
        sentence=sentence % found,
        found=found,
        activities=tuple(part.activity_id for part in parts if not part.done),
    )
