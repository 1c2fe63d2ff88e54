"""What is read of `imsmanifest.xml`, as editors write it."""

import pytest

from media.packages.imsmanifest import Part, parse_manifest
from tests.media.hostile_scorm import item, manifest

FILES = ["imsmanifest.xml", "a.html", "Les/Start Hier.html", "deel/b.html"]


def resource(**fields):
    named = {"identifier": "R1", "type": "webcontent", "href": "a.html", **fields}
    told = " ".join(f'{name.replace("_", ":")}="{value}"' for name, value in named.items())
    return f'<resource adlcp:scormtype="sco" {told}/>'


def parts(*args, **kwargs):
    return parse_manifest(manifest(*args, **kwargs), FILES).parts


@pytest.mark.parametrize(
    ("version", "kind", "edition"),
    [
        ("1.2", "scorm_12", "1.2"),
        ("1.2.1", "scorm_12", "1.2.1"),
        ("CAM 1.3", "scorm_2004", "CAM 1.3"),
        ("2004 3rd Edition", "scorm_2004", "2004 3rd Edition"),
        ("2004 4th Edition", "scorm_2004", "2004 4th Edition"),
        ("", "scorm_12", "1.2"),  # by its namespaces
    ],
)
def test_the_standard_it_is_made_to(version, kind, edition):
    read = parse_manifest(manifest(version=version), FILES)
    assert (read.kind, read.edition) == (kind, edition)


def test_2004_by_its_namespaces():
    raw = manifest(version="").replace(b"adlcp_rootv1p2", b"adlcp_v1p3")
    assert parse_manifest(raw, FILES).kind == "scorm_2004"


@pytest.mark.parametrize(
    ("fields", "more", "path", "parameters"),
    [
        ({}, "", "a.html", ""),
        ({"href": "les/start%20hier.html"}, "", "Les/Start Hier.html", ""),
        ({"href": "deel\\b.html"}, "", "deel/b.html", ""),
        ({"href": "./deel/../a.html"}, "", "a.html", ""),
        ({"href": "b.html", "xml_base": "deel/"}, "", "deel/b.html", ""),
        ({"href": "a.html?x=1#3"}, "", "a.html", "?x=1#3"),
        ({"href": "a.html"}, "?y=2", "a.html", "?y=2"),
        ({"href": "a.html?x=1"}, "y=2", "a.html", "?x=1&amp;y=2"),
        ({"href": "a.html?x=1#3"}, "&amp;y=2", "a.html", "?x=1&amp;y=2#3"),
        ({"href": "a.html"}, "#4", "a.html", "#4"),
        ({"href": "a.html#3"}, "#4", "a.html", "#3"),
    ],
)
def test_where_a_part_starts(fields, more, path, parameters):
    told = f'<item identifier="I1" identifierref="R1" parameters="{more}"><title>Deel</title></item>'
    (part,) = parts(told, resource(**fields))
    assert (part.path, part.parameters) == (path, parameters.replace("&amp;", "&"))


def test_parts_stand_in_the_order_of_reading_without_their_chapters():
    titles = [item(name=f"I{number}").replace("Deel", f"Deel {number}") for number in range(3)]
    chapter = f'<item identifier="C"><title>Hoofdstuk</title>{titles[1]}</item>'
    read = parts(titles[0] + chapter + titles[2])
    assert [part.title for part in read] == ["Deel 0", "Deel 1", "Deel 2"]


def test_the_organisation_that_is_named_counts():
    raw = manifest().replace(
        b'<organization identifier="O">',
        b'<organization identifier="X"><title>Oud</title></organization><organization identifier="O">',
    )
    assert parse_manifest(raw, FILES).title == "Les"


def test_a_page_that_is_no_sco_never_tells():
    (part,) = parts(
        resources='<resource identifier="R1" type="webcontent" adlcp:scormtype="asset" href="a.html"/>'
    )
    assert part.tells is False


def test_what_a_part_of_12_asks():
    asked = (
        "<adlcp:masteryscore>80</adlcp:masteryscore><adlcp:datafromlms>x=1</adlcp:datafromlms>"
        "<adlcp:maxtimeallowed>01:00:00</adlcp:maxtimeallowed><adlcp:timelimitaction>continue,message</adlcp:timelimitaction>"
    )
    assert parts(item(asked)) == (
        Part(
            "Deel",
            "a.html",
            launch_data="x=1",
            mastery=80,
            time_limit="01:00:00",
            at_time_limit="continue,message",
        ),
    )


def test_what_parts_of_2004_ask():
    third = parts(
        item("<adlcp:completionThreshold>0.5</adlcp:completionThreshold>"), version="2004 3rd Edition"
    )
    assert third[0].completion_threshold == 0.5
    unused = '<adlcp:completionThreshold completedByMeasure="false" minProgressMeasure="0.5"/>'
    assert parts(item(unused), version="2004 4th Edition")[0].completion_threshold is None
    by_measure = (
        "<imsss:sequencing><imsss:objectives><imsss:primaryObjective satisfiedByMeasure='true'>"
        "{}</imsss:primaryObjective></imsss:objectives></imsss:sequencing>"
    )
    given = by_measure.format("<imsss:minNormalizedMeasure>0.6</imsss:minNormalizedMeasure>")
    assert parts(item(given), version="2004 4th Edition")[0].scaled_passing == 0.6
    # The standard's own default where it only says that there is one.
    assert parts(item(by_measure.format("")), version="2004 4th Edition")[0].scaled_passing == 1


@pytest.mark.parametrize(
    ("version", "limit", "kept"),
    [
        ("1.2", "01:30:00", "01:30:00"),
        ("1.2", "PT1H30M", ""),
        ("1.2", "een uur", ""),
        ("2004 4th Edition", "PT1H30M", "PT1H30M"),
        ("2004 4th Edition", "P1DT2H", "P1DT2H"),
        ("2004 4th Edition", "P", ""),
        ("2004 4th Edition", "01:30:00", ""),
    ],
)
def test_a_time_limit_that_its_runtime_does_not_take_is_left_out(version, limit, kept):
    told = item(f"<adlcp:maxtimeallowed>{limit}</adlcp:maxtimeallowed>")
    assert parts(told, version=version)[0].time_limit == kept
