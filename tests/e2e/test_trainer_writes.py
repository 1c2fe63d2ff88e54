"""A trainer makes a lesson alone, finding everything by its Dutch name; a trainee does it."""

import contextlib
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from cms.models import LessonPage, SessionPage
from courses.models import Activity, ActivityState, Attempt, Lesson
from courses.services.progress import rebuild_progress
from tests.e2e.steps import PASSWORD, a_trainer, address, answer, rights_of, sign_in, talk
from tests.recordings import CAPTIONS, FILES, TRANSCRIPT

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
TITLE = "Kijken en oefenen"


@pytest.fixture
def trainer(site, now):
    return a_trainer(now=now)


def box(within: Page | Locator, name: str) -> Locator:
    return within.get_by_role("textbox", name=re.compile(f"^{re.escape(name)}"))


def press(within: Page | Locator, name: str, place: int = 0) -> None:
    within.get_by_role("button", name=name, exact=True).nth(place).click()


def press_for(block: Locator, button: str, shown: Locator, place: int = 0) -> Locator:
    """What a button brings. A press while the editor saves by itself may be lost: people press again, too."""
    for _press in range(3):
        press(block, button, place)
        with contextlib.suppress(AssertionError):
            expect(shown).to_be_visible(timeout=5000)
            break
    return shown


def add(page: Page, name: str) -> Locator:
    """A block at the end of the lesson, chosen from the list that opens."""
    lesson = page.get_by_role("region", name="Les", exact=True)
    press_for(lesson, "Blok invoegen", page.get_by_role("option", name=name, exact=True), place=-1).click()
    block = lesson.get_by_role("region", name=re.compile(f"^{name}")).last
    expect(block).to_be_visible()
    return block


def enter(page: Page, trainer, session: SessionPage) -> None:
    page.goto(f"/cms/pages/{session.pk}/")
    page.get_by_label("E-mail", exact=True).fill(trainer.email)
    page.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Inloggen").click()
    page.get_by_role("link", name="Voeg onderliggende pagina toe").first.click()
    page.get_by_role("link", name="Liever een lege pagina").click()
    box(page, "Titel").fill(TITLE)


def write_video(page: Page) -> None:
    video = add(page, "Video")
    box(video, "Waar je op let").fill("Kijk naar het gesprek. Wat vraagt Mirjam?")
    library = press_for(video, "Kies een video", page.get_by_role("dialog"))
    library.get_by_role("tab", name="Video uploaden").click()
    file = library.get_by_label("Bestand")
    for name in ("blad.pdf", "gesprek.webm"):
        file.set_input_files(FILES / name)
        expect(box(library, "Titel")).to_have_value(name.partition(".")[0])
    box(library, "Titel").fill("Gesprek in de bus")
    file.set_input_files({"name": "leeg.webm", "mimeType": "video/webm", "buffer": b""})
    library.get_by_label("Ondertitels (WebVTT)").set_input_files(FILES / "gesprek.vtt")
    press(library, "Uploaden")
    # It is said at the field, and the dialog stays as it was.
    expect(file).to_be_focused()
    expect(file).to_have_accessible_description(re.compile("^Het verstuurde bestand is leeg"))
    expect(library.get_by_role("heading", name="Kies een video")).to_be_attached()
    expect(library.get_by_role("tab", name="Video uploaden")).to_have_attribute("aria-selected", "true")
    expect(box(library, "Titel")).to_have_value("Gesprek in de bus")
    file.set_input_files(FILES / "gesprek.webm")
    press(library, "Uploaden")
    expect(library).to_have_count(0)
    expect(video).to_contain_text("Gesprek in de bus")


def write_question(page: Page) -> None:
    question = add(page, "Kies er één")
    box(question, "Vraag").fill("Wat vraagt Mirjam?")
    press_for(question, "Toevoegen", box(question, "Antwoord").nth(1), place=-1)
    answers = [("Hoe het met haar is", "Ja, zo begint ze."), ("Waarom ze bleef", "Dat vraagt ze niet.")]
    for number, (text, reaction) in enumerate(answers):
        box(question, "Antwoord").nth(number).fill(text)
        box(question, "Wat je zegt tegen wie dit kiest").nth(number).fill(reaction)
    question.get_by_role("checkbox", name="Dit klopt").first.check()


def write_talk(page: Page) -> None:
    conversation = add(page, "Oefen een gesprek")
    box(conversation, "De situatie").fill("Kemal komt binnen. Hij is verzonnen.")
    box(conversation, "Naam van de cliënt").fill("Kemal")
    scenes = conversation.get_by_role("region")
    first, last = scenes.nth(0), press_for(conversation, "Toevoegen", scenes.nth(1), place=-1)
    for scene, name, words in ((last, "eind", "Tot volgende week."), (first, "begin", "Ik moest komen.")):
        if not box(scene, "Naam van de scène").is_visible():
            press(scene, "Toon/verberg sectie")
        box(scene, "Naam van de scène").fill(name)
        box(scene, "Wat de cliënt zegt").fill(words)
    box(last, "Slotwoorden").fill("Kemal staat op en geeft je een hand.")
    for number in range(2):
        press_for(first, "Toevoegen", first.get_by_role("region").nth(number), place=-1)
    sentences = [("U had hier niet voor gekozen.", "complexe reflectie"), ("Wat is er gebeurd?", "vraag")]
    for number, (words, kind) in enumerate(sentences):
        said = first.get_by_role("region").nth(number)
        if not box(said, "Wat de deelnemer zegt").is_visible():
            press(said, "Toon/verberg sectie")
        box(said, "Wat de deelnemer zegt").fill(words)
        leads_to = said.get_by_role("combobox", name=re.compile("^Gaat naar scène"))
        leads_to.focus()
        leads_to.select_option("eind")
        said.get_by_role("checkbox", name=kind, exact=True).check()
        box(said, "Wat je zegt tegen wie dit kiest").fill(f"Dit is een zin die iets doet: {number}.")
    # A scene that gets another name keeps the sentences that lead to it.
    box(conversation, "Naam van de scène").last.fill("slot")
    box(conversation, "Wat de cliënt zegt").last.focus()
    for leads_to in first.get_by_role("combobox", name=re.compile("^Gaat naar scène")).all():
        expect(leads_to).to_have_value("slot")


def write_survey(page: Page) -> None:
    survey = add(page, "Vragenlijst")
    box(survey, "Inleiding").fill("Hoe is het nu? Je mag alles overslaan.")
    box(survey, "Het laagste getal betekent").fill("niet")
    box(survey, "Het hoogste getal betekent").fill("helemaal")
    box(survey, "Korte naam").fill("rust")
    box(survey, "Vraag").fill("Ik voel me rustig.")


def look_on_a_phone(page: Page) -> None:
    """Beside the form, at the width of a phone."""
    press(page, "Toon/verberg voorvertoning")
    page.get_by_role("radio", name="Voorvertoning op mobiel formaat").check(force=True)
    preview = page.get_by_title("Voorvertoning", exact=True).last.content_frame
    expect(preview.get_by_role("heading", name=TITLE)).to_be_visible()
    for words in ("Kijk naar het gesprek.", "Wat vraagt Mirjam?", "Kemal komt binnen.", "Ik voel me rustig."):
        expect(preview.get_by_text(words).first).to_be_visible()


def look_at_the_checks(page: Page) -> None:
    """Beside the form: how many words there are, and whether something is wrong with the page."""
    press(page, "Checks aan/uitzetten")
    expect(page.locator("[data-content-word-count]")).to_have_text(re.compile("[1-9][0-9]+"))


def publish(page: Page) -> None:
    press(page, "Meer acties")
    press(page, "Publiceren")
    expect(page.get_by_role("main").get_by_role("status")).to_contain_text("gepubliceerd")


def test_a_trainer_makes_a_lesson_and_a_trainee_does_it(visitor, trainer, learner):
    page = visitor(width=1280)
    enter(page, trainer, SessionPage.objects.first())
    for write in (write_video, write_question, write_talk, write_survey):
        write(page)
    look_on_a_phone(page)
    look_at_the_checks(page)
    publish(page)

    lesson = Lesson.objects.get(key=LessonPage.objects.get(title=TITLE).translation_key)
    video, question, talking, survey = Activity.objects.filter(lesson=lesson).order_by("position")
    recording = video.versions.get().recording
    assert (recording.captions, recording.transcript) == (CAPTIONS, TRANSCRIPT)
    rights = rights_of([question.pk, survey.pk])

    phone = visitor(width=360)
    sign_in(phone, learner.email)
    phone.goto(address(lesson))
    form = phone.locator(f"#a-{video.pk}")
    with phone.expect_response(lambda sent: sent.url.endswith("/plek/") and sent.json().get("done")):
        form.locator("video").evaluate("video => { video.muted = true; return video.play(); }")
    answer(phone, question.pk, rights[question.pk])
    talk(phone, talking.pk)
    answer(phone, survey.pk, rights[survey.pk])
    done = ActivityState.objects.filter(enrolment__learner=learner, status="done")
    assert set(done.values_list("activity", flat=True)) == {video.pk, question.pk, talking.pk, survey.pk}
    assert not Attempt.objects.get(activity=video).self_reported
    assert rebuild_progress(enrolments=learner.enrolments.all()) == 0
