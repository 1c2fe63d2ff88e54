"""The house keeps its own rules: floors, texts, templates, translations, and nothing in it that belongs elsewhere."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.template import engines
from django.template.loader import get_template
from django.test import override_settings
from wagtail.models import Collection, Page

ROOT = Path(settings.BASE_DIR)
APPS = ("people", "media", "courses", "meetings", "certification", "network", "portal", "cms")
FLOORS = {
    "people": 1,
    "media": 2,
    "courses": 3,
    "meetings": 4,
    "certification": 5,
    "network": 5,
    "portal": 6,
    "cms": 6,
}
OUTSIDE = {
    ".git",
    ".venv",
    "node_modules",
    "build",
    "var",
    ".hypothesis",
    ".pytest_cache",
    ".ruff_cache",
    "__pycache__",
}
SOURCES = (*APPS, "config", "tools")


def ours() -> Iterator[Path]:
    """Every file that is kept in the repository."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(set(folders) - OUTSIDE - {".import_linter_cache"})
        yield from (Path(folder) / name for name in sorted(names) if not name.endswith(".pyc"))


def python_files() -> list[Path]:
    return [path for path in ours() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in SOURCES]


def templates() -> list[Path]:
    return [path for path in ours() if path.suffix in {".html", ".txt"} and "templates" in path.parts]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="ignore")


# --- floors ---------------------------------------------------------------------------------------------------------
def test_foreign_keys_point_down_only():
    """String references escape import-linter. Sideways is up, too: portal and cms do not know each other."""
    fields, wrong = 0, []
    for model in apps.get_models(include_auto_created=True):
        floor = FLOORS.get(model._meta.app_label)
        if floor is None:
            continue
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            target = field.related_model
            if target is None:
                continue
            fields += 1
            there, here = target._meta.app_label, model._meta.app_label
            if there != here and FLOORS.get(there, 0) >= floor:
                wrong.append(f"{model._meta.label}.{field.name} -> {target._meta.label}")
    assert wrong == []
    assert fields > 20


def test_records_point_at_no_page():
    """Records know nothing of Wagtail: pages come and go. Files are in Wagtail's library, and know no page either."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label not in FLOORS.keys() - {"cms", "portal"}:
            continue
        targets = {
            field.related_model
            for field in model._meta.get_fields()
            if field.is_relation and not field.auto_created and field.related_model is not None
        }
        assert not [target for target in targets if issubclass(target, Page)], model
        labels = {target._meta.app_label for target in targets if target is not Collection}
        wagtails = {label for label in labels if label.startswith(("wagtail", "cms"))}
        assert wagtails <= ({"wagtailsearch"} if model._meta.app_label == "media" else set()), model
        assert Collection not in targets or model._meta.app_label == "media", model


def test_imports_point_down_only():
    linter = Path(sys.executable).with_name("lint-imports")
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test", "PYTHONWARNINGS": "ignore"}
    ran = subprocess.run(
        [str(linter), "--no-cache"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, (ran.stdout + ran.stderr)[-4000:]
    assert " 0 broken" in ran.stdout


def test_web_processes_do_without_what_few_pages_need():
    """Each of them takes megabytes, in every process: they are imported where they are used."""
    heavy = {
        "holidays",
        "icalendar",
        "openbadgeslib",
        "pikepdf",
        "openpyxl",
        "odf",
        "pyhanko",
        "segno",
        "weasyprint",
    }
    served = (
        "import sys\n"
        "from django.core.wsgi import get_wsgi_application\n"
        "from django.urls import get_resolver\n"
        "get_wsgi_application()\n"
        "assert get_resolver().url_patterns\n"
        "print(*sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", served],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"},
        capture_output=True,
        text=True,
        timeout=150,
        check=True,
    )
    imported = set(ran.stdout.split())
    assert {"portal.views.learning", "certification.urls"} <= imported
    assert heavy & imported == set()


def test_no_room_is_a_drawer():
    drawers = {"utils", "helpers", "common", "misc", "manager", "managers", "util", "helper"}
    names = {path: {path.stem, path.parent.name} for path in python_files()}
    assert [name_of(path) for path, parts in names.items() if parts & drawers] == []


# --- what does not belong in the house ------------------------------------------------------------------------------
# Spelled in pieces, so that this file does not find itself.
HOSTS = [
    "pypi." + "org",
    "files.pythonhosted" + ".org",
    "registry.npmjs" + ".org",
    "registry.yarnpkg" + ".com",
    "/simple" + "/",
]
PLACES = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "C:" + "\\Users"]
SECRETS = [
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    re.compile(r"\bAKIA[0-9A-Z]{16}\b"),
    re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36}\b"),
    re.compile(r"\bxox[abp]-[A-Za-z0-9-]{10,}"),
    re.compile(r"\bsk-[A-Za-z0-9]{32,}"),
    re.compile(r"postgres(?:ql)?://\w+:[^@\s{}]+@(?!localhost|127\.0\.0\.1|db\b)"),
]
BINARY = {".png", ".woff2", ".ico", ".jpg", ".mo", ".pdf", ".sqlite3", ".h5p", ".webp"}


def test_no_file_names_a_registry_or_a_place_on_somebodys_machine_or_a_secret():
    read, found = 0, []
    for path in ours():
        if path.suffix in BINARY or path.stat().st_size > 3_000_000:
            continue
        text = text_of(path)
        read += 1
        words = [word for word in [*HOSTS, *PLACES] if word in text]
        keys = [pattern.pattern for pattern in SECRETS if pattern.search(text)]
        if words or keys:
            found.append((name_of(path), words, keys))
    assert found == []
    assert read > 200


def test_lock_files_that_name_hosts_are_not_kept():
    kept = [
        name for name in ("uv.lock", "pylock.toml", "yarn.lock", "pnpm-lock.yaml") if (ROOT / name).exists()
    ]
    ignored = text_of(ROOT / ".gitignore").splitlines()
    assert [name for name in kept if name not in ignored] == []
    assert '"resolved"' not in text_of(ROOT / "package-lock.json")


def test_nothing_is_left_over_from_trying_things_out():
    """No print, no breakpoint, no TODO. Commands and tools talk to whoever started them."""
    talks = ("tools/", "cms/programmes/check.py")
    left = []
    for path in python_files():
        name = name_of(path)
        for node in ast.walk(ast.parse(text_of(path))):
            called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            if called == "breakpoint" or (called == "print" and not name.startswith(talks)):
                left.append(f"{name}:{node.lineno} {called}")
    marks = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"]) + r")\b")
    scripts = [path for path in ours() if path.suffix in {".js", ".mjs", ".css"}]
    for path in [*python_files(), *templates(), *scripts]:
        left += [f"{name_of(path)}: {found.group()}" for found in marks.finditer(text_of(path))]
    assert left == []


# --- templates ------------------------------------------------------------------------------------------------------
# The certificate is typeset, not shown by a browser; mails have no policy of ours.
NOT_IN_A_BROWSER = ("certification/sheets/", "/email/", "wagtailadmin/")
INLINE = [
    re.compile(r"<style\b", re.IGNORECASE),
    re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", re.IGNORECASE),
    re.compile(r"\sstyle\s*=\s*[\"']", re.IGNORECASE),
    re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    re.compile(r"hx-on|javascript:", re.IGNORECASE),
]


def test_no_template_has_inline_script_or_style():
    found = [
        (name_of(path), pattern.pattern)
        for path in templates()
        if not any(part in name_of(path) for part in NOT_IN_A_BROWSER)
        for pattern in INLINE
        if pattern.search(re.sub(r"{% comment %}.*?{% endcomment %}", "", text_of(path), flags=re.DOTALL))
    ]
    assert found == []


def test_every_template_can_be_read_and_every_part_of_it_exists():
    """Each compiles, and so does everything it extends or includes by name."""
    engine = engines["django"]
    names = {path.as_posix().partition("/templates/")[2] for path in templates()}
    used = set()
    for path in templates():
        text = text_of(path)
        engine.from_string(text)
        used |= set(re.findall(r"{%\s*(?:extends|include)\s+[\"']([^\"']+)[\"']", text))
    missing = []
    for name in sorted(used):
        try:
            get_template(name)
        except Exception as error:
            missing.append((name, type(error).__name__))
    assert missing == []
    assert len(names) > 80


def test_every_template_that_python_names_exists():
    named = re.compile(
        r"[\"']((?:" + "|".join(APPS) + r"|account|allauth|usersessions)/[\w/]+\.(?:html|txt))[\"']"
    )
    missing = []
    for path in python_files():
        for name in named.findall(text_of(path)):
            try:
                get_template(name)
            except Exception:
                missing.append(f"{name_of(path)}: {name}")
    assert missing == []


# --- translations ---------------------------------------------------------------------------------------------------
CATALOGUE = ROOT / "locale" / "nl" / "LC_MESSAGES" / "django.po"


def entries(path: Path) -> list[polib.POEntry]:
    return [entry for entry in polib.pofile(str(path)) if not entry.obsolete]


def test_every_sentence_has_its_dutch():
    untranslated = [entry.msgid for entry in entries(CATALOGUE) if not entry.translated()]
    fuzzy = [entry.msgid for entry in entries(CATALOGUE) if entry.fuzzy]
    assert (untranslated, fuzzy) == ([], [])


def test_dutch_sentences_keep_what_is_filled_in():
    """`%(name)s` in, `%(name)s` out: a lost one is a server error, or a sentence without its name."""
    holes, wrong = re.compile(r"%\((\w+)\)[sd]|%[sd]"), []
    for entry in entries(CATALOGUE):
        wanted = {found.group() for found in holes.finditer(entry.msgid)}
        if entry.msgid_plural:
            wanted |= {found.group() for found in holes.finditer(entry.msgid_plural)}
        for sentence in [entry.msgstr] if entry.msgstr else list(entry.msgstr_plural.values()):
            has = {found.group() for found in holes.finditer(sentence)}
            if not has <= wanted or (not entry.msgid_plural and has != wanted):
                wrong.append((entry.msgid, sentence))
    assert wrong == []


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="gettext is not installed")
def test_the_catalogue_has_every_sentence_of_the_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """`make messages` finds nothing that is not in the catalogue, and nothing that the catalogue lacks in Dutch."""
    copy = tmp_path / "house"
    keep = {*APPS, "config", "locale", "manage.py"}
    for name in sorted(keep):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__", "static"))
        elif source.exists():
            copy.mkdir(exist_ok=True)
            shutil.copy(source, copy / name)
    monkeypatch.chdir(copy)
    with override_settings(LOCALE_PATHS=[copy / path.relative_to(ROOT) for path in settings.LOCALE_PATHS]):
        call_command("makemessages", "-l", "nl", "--no-location", "--no-wrap", "--no-obsolete", verbosity=0)
    found = entries(copy / "locale" / "nl" / "LC_MESSAGES" / "django.po")
    lacking = [entry.msgid for entry in found if not entry.translated() or entry.fuzzy]
    assert lacking == []
    assert len(found) > 200
