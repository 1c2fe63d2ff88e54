"""What in a text could tell who it is about. Knows no database, and keeps nothing of what it reads.

`forbidden` finds what points at one person by itself: it is refused. `telling` finds what may do so, such as names: it
warns. Neither finds everything; a description of somebody whom all know has no pattern.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import StrEnum


class Kind(StrEnum):
    BSN = "bsn"
    PHONE = "phone"
    EMAIL = "email"
    POSTCODE = "postcode"
    IBAN = "iban"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Between digits people write a blank, a point, a slash or a dash.
_GAP = r"[ .\-/]?"
_DIGITS = re.compile(rf"(?<![\d+])\d(?:{_GAP}\d){{7,8}}(?!{_GAP}\d)")
_DUTCH_PHONE = re.compile(r"(?<!\d)0[1-9](?:[ .()\-/]{0,2}\d){8}(?!\d)")
_PHONE_ABROAD = re.compile(r"(?:\+|(?<!\d)00)[1-9](?:[ .()\-/]{0,2}\d){8,13}(?!\d)")
_EMAIL = re.compile(r"[^\s@<>()\[\],;:]{1,64}@[^\s@<>()\[\],;:]{1,250}\.[^\W\d_]{2,}")
_EMAIL_SPELT = re.compile(r"\w\s*(?:\[at\]|\(at\)|\{at\}|\bapenstaartje\b)\s*\w", re.IGNORECASE)
_POSTCODE = re.compile(r"(?<![\w.\-/])[1-9]\d{3}( ?)([A-Za-z]{2})(?!\w)")
_IBAN = re.compile(r"(?<!\w)[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]){10,30}")
_IBAN_SHORTEST, _IBAN_LONGEST = 15, 34
# Letters that no Dutch postcode has.
_NEVER_IN_POSTCODE = {"SA", "SD", "SS"}
# "In 2019 is hij …" is a year and a word.
_SHORT_WORDS = _words(
    """
    al an as at be bv ca cm da de dl do en er et ex fl ga gr ha he hé hm ho hr id ie ik in is ja je km
    kg lb ma me mg ml mm mr na no nu of om on op or pa pm st te to uw uu ut vs wa we wo ze zo zg zn by
    my us up so am ok
    """
)
_BSN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)


def flat(text: str) -> str:
    """The text with one spelling per sign: full-width digits, odd blanks and dashes as the ordinary ones, unseen signs gone."""
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
    plain = re.sub(r"[^\S\n]", " ", plain)
    return re.sub(r"[‐-―−]", "-", plain)


def forbidden(text: str) -> list[Kind]:
    """Which kinds of number or address stand in a text, each once."""
    accounts, rest = _without_accounts(flat(text))
    tests = {
        Kind.BSN: _has_bsn,
        Kind.PHONE: _has_phone,
        Kind.EMAIL: _has_email,
        Kind.POSTCODE: _has_postcode,
    }
    return [kind for kind, test in tests.items() if test(rest)] + [Kind.IBAN] * bool(accounts)


def passes_eleven_test(number: str) -> bool:
    """Whether eight or nine digits can be a citizen service number (burgerservicenummer)."""
    digits = [int(digit) for digit in number.zfill(9)]
    if len(digits) != len(_BSN_WEIGHTS) or not any(digits):
        return False
    return sum(weight * digit for weight, digit in zip(_BSN_WEIGHTS, digits, strict=True)) % 11 == 0


def _has_bsn(text: str) -> bool:
    found = (re.sub(r"\D", "", match.group()) for match in _DIGITS.finditer(text))
    return any(passes_eleven_test(number) for number in found)


def _has_phone(text: str) -> bool:
    return bool(_DUTCH_PHONE.search(text) or _PHONE_ABROAD.search(text))


def _has_email(text: str) -> bool:
    return bool(_EMAIL.search(text) or _EMAIL_SPELT.search(text))


def _has_postcode(text: str) -> bool:
    for gap, letters in _POSTCODE.findall(text):
        if letters.upper() in _NEVER_IN_POSTCODE:
            continue
        if not gap or letters.isupper() or letters.casefold() not in _SHORT_WORDS:
            return True
    return False


def _without_accounts(text: str) -> tuple[int, str]:
    """How many bank accounts stand in a text, and the text without them: their digits would pass for a telephone number."""
    found = 0

    def look(match: re.Match[str]) -> str:
        nonlocal found
        run = match.group()
        end = _end_of_account(run)
        found += bool(end)
        return " " * bool(end) + run[end:]

    rest = _IBAN.sub(look, text)
    return found, rest


def _end_of_account(run: str) -> int:
    """Where the account ends with which a run of letters and digits begins, by the test of 97; 0 without one.

    Words may have come along at the end of the run.
    """
    account = ""
    for place, sign in enumerate(run, start=1):
        if sign == " ":
            continue
        account += sign.upper()
        if _IBAN_SHORTEST <= len(account) <= _IBAN_LONGEST:
            number = "".join(str(int(each, 36)) for each in account[4:] + account[:4])
            if int(number) % 97 == 1:
                return place
    return 0


# --- names ----------------------------------------------------------------------------------------------------------
# First names that many people in the Netherlands have, for the beginning of a sentence, where any word has a capital.
# Without those that are words as well (Wil, Roos, Mees).
FIRST_NAMES = _words(
    """
    aaltje abdel abdul achmed adam adriaan ahmed aisha albert alex ali alice amina amir amira andré anja
    anke anna anne anneke annelies anita anouk anton arie arjan astrid ayşe ayse bart bas bastiaan ben
    bilal björn bram brigitte carla caroline chantal charlotte chris christiaan cindy claudia cor corrie
    daan daniël danny dave david debbie dennis diana dick dirk ellen elly els emine emma eric erik
    esther eva evelien fatih fatima fatma femke fenna finn floor frank frans fred frits gerard gerda
    gerrit gijs hans hanna hannah harm harry hassan hendrik henk herman hilde hülya ibrahim ilse ine
    ingrid inge irene iris isa jaap jacob jacqueline jan janneke jannie jasper jeroen jessica jet joep
    johan johanna johannes john joke joost joris jos jurgen karel karim karin kees kemal kevin khadija
    kim klaas laila lars laura leila leo lidia lieke lies linda lisa lotte luca lucas luuk maaike
    maarten malika manon marcel maria marianne marieke marijke mario marja marjan mark marleen marloes
    martijn martin mary mathijs maurice max mehmet merel michael michel michelle miranda mohamed
    mohammed mohammad monique mustafa nadia naomi natasja niels nienke nina noah nora nynke omar
    patricia patrick paul paula peter petra piet pieter pim priya rachid ramona rachel ramon raymond
    remco renate rené richard rik rob robert robin roel rogier ronald ruben ruud sabine samira samuel
    sander sandra sanne sara sarah sebastiaan selma sem sharon silvia simon sjoerd sofia sofie sonja
    stefan stephan steven sylvia tamara tanja thea theo thijs thomas tim timo tina tineke tom ton truus
    tuur vincent wendy wesley wessel willeke willem wim wouter yara yasmin yasmina youssef yusuf yvonne
    zoë
    """
)
# Words with a capital that are nobody's name.
_ORDINARY = _words(
    """
    ik u god allah kerst pasen pinksteren sinterklaas ramadan suikerfeest koningsdag nederland
    nederlands nederlandse nederlander europa engels engelse duits duitse frans franse turks turkse
    marokkaans marokkaanse surinaams surinaamse pools poolse arabisch arabische belg belgië belgisch
    duitsland turkije marokko suriname polen syrië veilig thuis leger heils reclassering jeugdzorg
    jeugdbescherming politie gemeente wmo ggz ggd who whatsapp facebook instagram teams zoom mail
    januari februari maart april mei juni juli augustus september oktober november december maandag
    dinsdag woensdag donderdag vrijdag zaterdag zondag
    """
)
# Not a name by themselves.
_PARTICLES = _words(
    """
    van von der den de het ten ter te la le el al ben bin ibn op in di da du
    """
)
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_ENDS_SENTENCE = re.compile(r"(?:^|[.!?…:;\n•*\-][)\"”’'»]*|[(\"“„‘'«])\s*$")
_INITIAL = re.compile(r"(?:^|[\s.])[^\W\d_]\.\s*$")
_TITLES = re.compile(
    r"\b(?:meneer|mevrouw|mijnheer|dhr|mw|mevr|familie|fam|dokter|dr|ds|juf|meester)\.?\s*$", re.IGNORECASE
)
_DAY = re.compile(r"(?<!\d)(?:0?[1-9]|[12]\d|3[01])[-/. ](?:0?[1-9]|1[0-2])[-/. ](?:19|20)\d{2}(?!\d)")
_SHORTEST_NAME = 3
_MOST = 12
_LOOK_BACK = 40


def telling(text: str, *, known: Iterable[str] = ()) -> list[str]:
    """What may be somebody's name or birthday, as it stands in the text, each once, at most a dozen.

    `known` are names of people who are there: as a whole wherever they stand, and word by word where the text has a
    capital. Which of what is found was known is not told: it would let a writer guess at names.
    """
    text = flat(text)
    known = [flat(name).strip() for name in known]
    words = {
        word.casefold()
        for name in known
        for word in _WORD.findall(name)
        if len(word) >= _SHORTEST_NAME and word.casefold() not in _PARTICLES
    }
    whole = list(_whole(text, known))
    single = (word for word in _likely(text, words) if not any(word in name.split() for name in whole))
    found = [*whole, *single, *(day.group() for day in _DAY.finditer(text))]
    return list(dict.fromkeys(found))[:_MOST]


def _whole(text: str, known: Iterable[str]) -> Iterator[str]:
    for name in known:
        if len(name) < _SHORTEST_NAME or (name.islower() and " " not in name):
            continue  # an alias like "mus" is a word as well; with a capital it is found below
        if match := re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text):
            yield match.group()


def _likely(text: str, known: set[str]) -> Iterator[str]:
    """Words with a capital where none is due, and where one is due those that are names."""
    for match in _WORD.finditer(text):
        word, plain = match.group(), match.group().casefold()
        if not word[0].isupper() or len(word) < _SHORTEST_NAME or plain in _PARTICLES:
            continue
        before = text[max(0, match.start() - _LOOK_BACK) : match.start()]
        after_title = _TITLES.search(before)
        if plain in known or after_title:
            yield word
        elif plain in _ORDINARY or word.isupper():
            continue
        elif _starts_sentence(before):
            if plain in FIRST_NAMES:
                yield word
        else:
            yield word


def _starts_sentence(before: str) -> bool:
    return not _INITIAL.search(before) and bool(_ENDS_SENTENCE.search(before))
