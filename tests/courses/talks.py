"""Conversations for tests: one as an author writes it, and long ones."""

from typing import Any

KEMAL: dict[str, Any] = {
    "question": "Kemal komt voor het eerst.",
    "client": "Kemal",
    "trust": 3,
    "shame": 6,
    "change": 2,
    "figures": True,
    "scenes": [],
}


def sentence(text: str, to: str, *codes: str, **more: Any) -> dict[str, Any]:
    return {
        "id": text,
        "text": text,
        "to": to,
        "codes": list(codes) or ["question"],
        "trust": 0,
        "shame": 0,
        "change": 0,
        "feedback": f"Over: {text}",
        **more,
    }


def scene(name: str, *choices: dict[str, Any], says: str = "", end: str = "", **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "name": name,
        "says": says or f"Kemal bij {name}.",
        "variants": [],
        "choices": list(choices),
        "end": end,
        **more,
    }


def variant(text: str, *when: tuple[str, str, int]) -> dict[str, Any]:
    conditions = [{"measure": measure, "comparison": how, "number": number} for measure, how, number in when]
    return {"when": conditions, "text": text}


def talk(*scenes: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**KEMAL, "scenes": list(scenes), **more}


def kemal() -> dict[str, Any]:
    """Four scenes, two of them ends; from the second there is a way back."""
    return talk(
        scene(
            "binnenkomst",
            sentence("U koos hier niet voor.", "thuis", "complex_reflection", trust=2),
            sentence("Wat gebeurde er?", "die-avond", "question", trust=-1, shame=2),
        ),
        scene(
            "thuis",
            sentence("U mist haar.", "afscheid", "simple_reflection", change=3),
            sentence("Dat moet u niet meer doen.", "stil", "persuade", "confront", shame=3),
            variants=[variant("‘Oké. Jij wel.’", ("trust", ">=", 5))],
            says="‘Zeg het maar.’",
        ),
        scene(
            "die-avond",
            sentence("U wilt er niet over praten.", "binnenkomst", "complex_reflection", trust=1),
            sentence("Wat helpt u nu?", "thuis", "question"),
        ),
        scene("afscheid", end="Kemal staat op en geeft een hand."),
        scene("stil", end="Kemal zwijgt. Wat hem dwarszit, is nog open."),
    )


def long_talk(scenes: int) -> dict[str, Any]:
    """So many scenes in a row, each with a way on and a way back, with an end at the last."""
    names = [f"s{number}" for number in range(scenes)]
    return talk(
        *[
            scene(
                name,
                sentence(f"verder-{number}", names[number + 1], "question", trust=1),
                sentence(f"terug-{number}", names[max(number - 1, 0)], "simple_reflection", shame=-1),
            )
            for number, name in enumerate(names[:-1])
        ],
        scene(names[-1], end="Klaar."),
    )
