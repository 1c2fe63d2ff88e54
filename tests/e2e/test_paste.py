"""A trainer pastes from Word into a lesson: headings and lists stay, what Word wraps around them goes."""

import re

import pytest
from playwright.sync_api import Page, expect

from cms.models import LessonPage, SessionPage
from tests.e2e.steps import PASSWORD, a_trainer

STORED_KEYS = re.compile(r' data-block-key="\w+"')  # by which the editor knows its paragraphs
# As Word puts it on the clipboard, shortened: style sheet, conditional comments, Mso classes, empty o:p, list marks.
WORD = """
<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta name=Generator content="Microsoft Word 15">
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style><!-- p.MsoNormal {margin:0cm; font-size:11.0pt; font-family:"Calibri",sans-serif;} --></style></head>
<body lang=NL style='tab-interval:35.4pt'><!--StartFragment-->
<h1 style='margin-top:12.0pt'><span style='color:#2F5496'>Hoofdzaak<o:p></o:p></span></h1>
<h2><span style='font-family:"Calibri Light"'>Wat is steun?<o:p></o:p></span></h2>
<p class=MsoNormal style='margin-bottom:8.0pt'><b><span style='color:red'>Steun</span></b> is er <i>zijn</i>.<o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<ul style='margin-top:0cm' type=disc>
<li class=MsoListParagraphCxSpFirst style='mso-list:l0 level1 lfo1'>Luisteren<o:p></o:p></li>
<li class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'>Vragen<o:p></o:p></li>
</ul>
<h3>Zo doe je dat<o:p></o:p></h3>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l1 level1 lfo2'><![if !supportLists]><span style='mso-list:Ignore'>1.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span><![endif]>Eerst kijken<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l1 level1 lfo2'><![if !supportLists]><span style='mso-list:Ignore'>2.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span><![endif]>Dan vragen<o:p></o:p></p>
<table class=MsoTableGrid><tr><td><p class=MsoNormal>In een tabel<o:p></o:p></p></td></tr></table>
<!--EndFragment--></body></html>
"""


@pytest.fixture
def trainer(site, now):
    return a_trainer(now=now)


def copy_and_paste(page: Page, html: str) -> None:
    """Through the browser's own clipboard: what was copied elsewhere is pasted over the text that stands here."""
    page.evaluate(
        """(html) => document.addEventListener('copy', (event) => {
            event.clipboardData.setData('text/html', html);
            event.clipboardData.setData('text/plain', 'Hoofdzaak');
            event.preventDefault();
            event.stopPropagation();
        }, { once: true, capture: true })""",
        html,
    )
    text = page.locator(".public-DraftEditor-content").first
    text.click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Control+C")
    page.keyboard.press("Control+V")
    # The editor writes what it holds into the form a moment later.
    expect(page.locator("input[name='body-0-value']")).to_have_value(re.compile("Dan vragen"))


def test_a_text_from_word_keeps_headings_and_lists_only(visitor, trainer):
    session = SessionPage.objects.first()
    page = visitor(width=1280)
    page.goto(f"/cms/nieuwe-les/{session.pk}/")
    page.locator("#id_login").fill(trainer.email)
    page.locator("#id_password").fill(PASSWORD)
    with page.expect_navigation():
        page.locator("#inhoud form button[type=submit]").first.click()
    page.locator("input[name=title]").fill("Uit Word")
    with page.expect_navigation():
        page.locator("main form button[type=submit]").click()
    copy_and_paste(page, WORD)
    with page.expect_navigation():
        page.locator("footer button.action-save").click()
    lesson = LessonPage.objects.get(title="Uit Word")
    assert STORED_KEYS.sub("", lesson.get_latest_revision_as_object().body[0].value.source) == (
        "<h2>Hoofdzaak</h2><h2>Wat is steun?</h2><p><b>Steun</b> is er <i>zijn</i>.</p>"
        "<ul><li>Luisteren</li><li>Vragen</li></ul><h3>Zo doe je dat</h3>"
        "<ol><li>Eerst kijken</li><li>Dan vragen</li></ol><p>In een tabel</p>"
    )
