"""SCORM packages that must be refused: how each is made, and the code of the refusal it must get."""

from media.archives.policy import MB
from media.packages.packing import pack
from tests.media.made_packages import png

MANIFEST = "imsmanifest.xml"


def manifest(items="", resources="", *, version="1.2", head="", organization="<title>Les</title>", after=""):
    """A manifest of SCORM, right but for what is put into it. Without items it has one, which starts `a.html`."""
    items = items or '<item identifier="I1" identifierref="R1"><title>Deel</title></item>'
    resources = (
        resources or '<resource identifier="R1" type="webcontent" adlcp:scormtype="sco" href="a.html"/>'
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}'
        '<manifest identifier="M" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" '
        'xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2" xmlns:imsss="http://www.imsglobal.org/xsd/imsss">'
        f"<metadata><schema>ADL SCORM</schema><schemaversion>{version}</schemaversion></metadata>"
        f'<organizations default="O"><organization identifier="O">{organization}{items}</organization></organizations>'
        f"<resources>{resources}</resources>{after}</manifest>"
    ).encode()


def package(manifest_, files=None):
    return pack({MANIFEST: manifest_, "a.html": b"<!doctype html>a"} | (files or {}))


def made(*args, files=None, **kwargs):
    return lambda: package(manifest(*args, **kwargs), files)


def starting(href):
    return made(
        resources=f'<resource identifier="R1" type="webcontent" adlcp:scormtype="sco" href="{href}"/>'
    )


def item(fields="", reference="R1", name="I1"):
    return f'<item identifier="{name}" identifierref="{reference}"><title>Deel</title>{fields}</item>'


def deep(levels):
    chapters = (f'<item identifier="D{level}"><title>x</title>' for level in range(levels))
    return "".join(chapters) + item() + "</item>" * levels


def many(count):
    return "".join(item(name=f"I{number}") for number in range(count))


def needing(*names):
    return "".join(f'<dependency identifierref="{name}"/>' for name in names)


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
HOSTILE_SCORM = {
    # XML that does more than say
    "a billion laughs": (made(head=f'<!DOCTYPE m [<!ENTITY l0 "ha">{LAUGHS}]>', organization="<title>&l9;</title>"), "declares"),
    "one long entity, often": (made(head=f'<!DOCTYPE m [<!ENTITY a "{"a" * 50_000}">]>', organization=f"<title>{'&a;' * 1000}</title>"), "declares"),
    "a file of the server": (made(head='<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]>', organization="<title>&x;</title>"), "declares"),
    "a page of the internet": (made(head='<!DOCTYPE m [<!ENTITY x SYSTEM "http://elders.example/x">]>', organization="<title>&x;</title>"), "declares"),
    "an external document type": (made(head='<!DOCTYPE manifest SYSTEM "http://elders.example/x.dtd">'), "declares"),
    "a public document type": (made(head='<!DOCTYPE manifest PUBLIC "-//X//X" "file:///etc/passwd">'), "declares"),
    "parameter entities": (made(head='<!DOCTYPE m [<!ENTITY % x SYSTEM "http://elders.example/x"> %x;]>'), "declares"),
    "attributes by default": (made(head='<!DOCTYPE m [<!ATTLIST item identifierref CDATA "R9">]>'), "declares"),
    "an entity in UTF-16": (lambda: package(manifest(head='<!DOCTYPE m [<!ENTITY x "y">]>').decode().replace("UTF-8", "UTF-16").encode("utf-16")), "declares"),
    "an entity that nobody declared": (made(organization="<title>&x;</title>"), "xml"),
    "not XML": (lambda: package(b"<html><p>x"), "xml"),
    "nothing at all": (lambda: package(b""), "xml"),
    "bad UTF-8": (lambda: package(manifest(organization="<title>QQ</title>").replace(b"QQ", b"\xff\xfe")), "xml"),
    "an unknown encoding": (lambda: package(manifest().replace(b"UTF-8", b"klingon")), "xml"),
    "NUL in a title": (lambda: package(manifest(organization="<title>a&#0;b</title>")), "xml"),
    "another root": (lambda: package(b"<kaas/>"), "field"),
    "sixty thousand elements": (made(after="<x/>" * 60_000), "absurd"),
    "a hundred in each other": (made(after="<x>" * 100 + "</x>" * 100), "absurd"),
    "a title of a million letters": (made(organization=f"<title>{'a' * MB}</title>"), "absurd"),
    "a manifest of five megabytes": (made(after=f"<!-- {'a ' * 3 * MB} -->"), "member_too_large"),
    # what it says it is
    "no version": (lambda: package(manifest(version="").replace(b"adlcp_rootv1p2", b"x")), "scorm_version"),
    "another version": (made(version="1.0"), "scorm_version"),
    "cmi5 by name": (made(version="cmi5"), "scorm_version"),
    "manifest in capitals": (lambda: pack({"IMSMANIFEST.XML": manifest(), "a.html": b"x"}), "manifest_case"),
    "manifest in a folder": (lambda: pack({f"les/{MANIFEST}": manifest(), "les/a.html": b"x"}), "manifest_folder"),
    # organisations
    "no organisation": (lambda: package(manifest().replace(b"organization ", b"x ").replace(b"</organization>", b"</x>")), "no_parts"),
    "no organisations": (lambda: package(manifest().replace(b"organizations", b"x")), "no_parts"),
    "chapters only": (made('<item identifier="I1"><title>x</title></item>'), "no_parts"),
    "a thousand parts": (made(many(1000)), "too_many_parts"),
    "chapters in chapters without end": (made(deep(14)), "absurd"),
    "two items of one name": (made(item() + item()), "field"),
    "an item without a name": (made('<item identifierref="R1"><title>x</title></item>'), "field"),
    "an item that starts its organisation": (made(item(reference="O")), "no_resource"),
    "an item that starts itself": (made(item(reference="I1")), "no_resource"),
    "an item that starts nothing": (made(item(reference="R9")), "no_resource"),
    "two resources of one name": (made(resources='<resource identifier="R1" href="a.html"/>' * 2), "field"),
    "a resource that needs itself": (made(resources=f'<resource identifier="R1" href="a.html">{needing("R1")}</resource>'), "circle"),
    "resources that need each other": (made(resources=f'<resource identifier="R1" href="a.html">{needing("R2")}</resource><resource identifier="R2">{needing("R1")}</resource>'), "circle"),
    "a mark of a thousand": (made(item("<adlcp:masteryscore>1000</adlcp:masteryscore>")), "field"),
    "a mark that is no number": (made(item("<adlcp:masteryscore>NaN</adlcp:masteryscore>")), "field"),
    "a mark in words": (made(item("<adlcp:masteryscore>goed</adlcp:masteryscore>")), "field"),
    "a threshold of two": (made(item("<adlcp:completionThreshold>2</adlcp:completionThreshold>"), version="2004 3rd Edition"), "field"),
    "a measure below all": (made(item('<imsss:sequencing><imsss:objectives><imsss:primaryObjective satisfiedByMeasure="true"><imsss:minNormalizedMeasure>-7</imsss:minNormalizedMeasure></imsss:primaryObjective></imsss:objectives></imsss:sequencing>'), version="2004 4th Edition"), "field"),
    "data of a hundred thousand letters": (made(item(f"<adlcp:datafromlms>{'a' * 100_000}</adlcp:datafromlms>")), "field"),
    "parameters without end": (starting("a.html?" + "a" * 5000), "field"),
    # where it starts
    "a start that is missing": (starting("b.html"), "no_start"),
    "no start": (made(resources='<resource identifier="R1" type="webcontent"/>'), "no_start"),
    "a start outside": (starting("../a.html"), "start_outside"),
    "a start outside by its base": (made(resources='<resource identifier="R1" xml:base="../../" href="a.html"/>'), "start_outside"),
    "a start outside, escaped": (starting("%2e%2e/a.html"), "start_outside"),
    "a start outside, backwards": (starting("..\\a.html"), "start_outside"),
    "a start at the root": (starting("/leerplek/"), "start_outside"),
    "a start on another website": (starting("https://elders.example/a.html"), "start_outside"),
    "a start on another website, by its base": (made(resources='<resource identifier="R1" xml:base="https://elders.example/" href="a.html"/>'), "start_outside"),
    "a start without a scheme": (starting("//elders.example/a.html"), "start_outside"),
    "a start by script": (starting("javascript:alert(1)"), "start_outside"),
    "a start as data": (starting("data:text/html,x"), "start_outside"),
    "a start on a drive": (starting("file:///C:/a.html"), "start_outside"),
    "a start that is no address": (starting("http://[x/a.html"), "start_outside"),
    # files
    "a script of a server in SCORM": (made(files={"x/a.php": b"<?php"}), "ending"),
    "a program in SCORM": (made(files={"start.exe": b"MZ"}), "ending"),
    "an archive in SCORM": (made(files={"more.zip": b"PK"}), "ending"),
    "rules for a server in SCORM": (made(files={".htaccess": b"x"}), "hidden"),
    "a page called a picture in SCORM": (made(files={"a.png": b"<script>"}), "disguised"),
    "a pixel flood in SCORM": (made(files={"a.png": png(60_000, 60_000)}), "pixels"),
    "up and out in SCORM": (made(files={"../x.html": b"x"}), "path"),
    "a bomb in SCORM": (made(files={"x.txt": b"\0" * 20 * MB}), "ratio"),
}  # fmt: skip
