"""Packages as rows, made without an import: what plays, in a few lines."""

import datetime
import hashlib
import json

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from media.models import (
    Blob,
    Library,
    LibraryFile,
    Package,
    PackageFile,
    PackageVersion,
    PackageVersionLibrary,
)

LONG_AGO = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)

# One question: press a button, be right or not; goes on where it was, and reports.
QUESTION = """
var H5P = H5P || {};
H5P.TestQuestion = (function ($, EventDispatcher) {
  function TestQuestion(params, contentId, extras) {
    EventDispatcher.call(this);
    this.contentId = contentId;
    this.params = params;
    this.state = (extras && extras.previousState) || {};
  }
  TestQuestion.prototype = Object.create(EventDispatcher.prototype);
  TestQuestion.prototype.constructor = TestQuestion;
  TestQuestion.prototype.attach = function ($container) {
    var self = this;
    var $box = $('<div class="test-question">').append($('<p>').text(self.params.question));
    self.params.answers.forEach(function (answer, index) {
      $('<button type="button">').text(answer.text).attr('data-answer', index).appendTo($box)
        .on('click', function () { self.choose(index); });
    });
    self.$told = $('<p class="told">').appendTo($box);
    $container.append($box);
    if (self.state.chosen !== undefined) self.tell();
    self.setActivityStarted();
    self.trigger('resize');
  };
  TestQuestion.prototype.tell = function () {
    this.$told.text('Gekozen: ' + this.params.answers[this.state.chosen].text);
  };
  TestQuestion.prototype.choose = function (index) {
    this.state.chosen = index;
    this.tell();
    var answer = this.params.answers[index];
    var event = this.createXAPIEventTemplate('answered');
    event.setScoredResult(answer.right ? 1 : 0, 1, this, true, !!answer.right);
    var statement = event.data.statement;
    statement.object.definition.interactionType = 'choice';
    statement.object.definition.type = 'http://adlnet.gov/expapi/activities/cmi.interaction';
    statement.object.definition.description = { 'en-US': this.params.question };
    statement.object.definition.choices = this.params.answers.map(function (each, place) {
      return { id: String(place), description: { 'en-US': each.text } };
    });
    statement.object.definition.correctResponsesPattern = this.params.answers
      .map(function (each, place) { return each.right ? String(place) : null; })
      .filter(function (each) { return each !== null; });
    statement.result.response = String(index);
    this.trigger(event);
  };
  TestQuestion.prototype.getCurrentState = function () { return this.state; };
  return TestQuestion;
}(H5P.jQuery, H5P.EventDispatcher));
"""
# Two parts: the first tells by itself what was answered, the second only when it is asked, as in a set of questions.
SET = """
var H5P = H5P || {};
H5P.TestSet = (function ($, EventDispatcher) {
  function TestSet() { EventDispatcher.call(this); }
  TestSet.prototype = Object.create(EventDispatcher.prototype);
  TestSet.prototype.constructor = TestSet;
  TestSet.prototype.part = function (id, question, response) {
    var statement = this.createXAPIEventTemplate('answered').data.statement;
    statement.object.id += '?subContentId=' + id;
    statement.object.definition.extensions['http://h5p.org/x-api/h5p-subContentId'] = id;
    statement.object.definition.interactionType = 'fill-in';
    statement.object.definition.description = { 'en-US': question };
    statement.result = { response: response, score: { raw: 1, max: 1 }, success: true };
    return { statement: statement };
  };
  TestSet.prototype.getXAPIData = function () {
    return { statement: {}, children: [this.part('a', 'Wie?', 'een maatje'), { children: [this.part('b', 'Waar?', 'thuis')] }] };
  };
  TestSet.prototype.attach = function ($container) {
    var self = this;
    $('<button type="button">').text('Klaar').appendTo($container).on('click', function () {
      var event = new H5P.XAPIEvent();
      event.data.statement = self.part('a', 'Wie?', 'een maatje').statement;
      self.trigger(event);
      event = self.createXAPIEventTemplate('completed');
      event.setScoredResult(2, 2, self, true, true);
      self.trigger(event);
    });
  };
  return TestSet;
}(H5P.jQuery, H5P.EventDispatcher));
"""
PARAMS = {
    "question": "Wat past bij een maatje?",
    "answers": [{"text": "Zelf bemiddelen", "right": False}, {"text": "Ernaast staan", "right": True}],
}


def made_blob(content: bytes) -> Blob:
    digest = hashlib.sha256(content).hexdigest()
    blob = Blob.objects.filter(sha256=digest).first()
    if blob is None:
        name = storages["private"].save(f"blobs/{digest[:2]}/{digest}", ContentFile(content))
        blob = Blob.objects.create(sha256=digest, size=len(content), file_name=name)
    return blob


def made_library(
    files: dict[str, str | bytes], *, machine_name: str = "H5P.TestQuestion", minor: int = 0
) -> Library:
    """A library whose scripts and styles are all loaded at the start."""
    blobs = {
        path: made_blob(each if isinstance(each, bytes) else each.encode()) for path, each in files.items()
    }
    told = json.dumps([machine_name, minor, sorted((path, blob.sha256) for path, blob in blobs.items())])
    tree_hash = hashlib.sha256(told.encode()).hexdigest()
    library, made = Library.objects.get_or_create(
        tree_hash=tree_hash,
        defaults={
            "machine_name": machine_name,
            "major": 1,
            "minor": minor,
            "patch": 0,
            "title": machine_name,
            "runnable": True,
            "metadata": {
                "preloadedJs": [{"path": path} for path in files if path.endswith(".js")],
                "preloadedCss": [{"path": path} for path in files if path.endswith(".css")],
            },
        },
    )
    if made:
        for path, blob in blobs.items():
            LibraryFile.objects.create(library=library, path=path, blob=blob, content_type="")
    return library


def made_version(
    *libraries: Library,
    params: dict | None = None,
    files: dict[str, bytes] | None = None,
    package: Package | None = None,
    title: str = "Een vraag",
) -> PackageVersion:
    """A version of a package, the package's current one from now on; the last library is the main one."""
    libraries = libraries or (made_library({"question.js": QUESTION}),)
    package = package or Package.objects.create(title=title, kind=Package.Kind.H5P, created_at=LONG_AGO)
    content = json.dumps(PARAMS if params is None else params).encode()
    told = json.dumps([content.decode(), [library.tree_hash for library in libraries], sorted(files or {})])
    number = package.versions.count() + 1
    version = PackageVersion.objects.create(
        package=package,
        number=number,
        tree_hash=hashlib.sha256(told.encode()).hexdigest(),
        manifest={"title": title, "license": "U"},
        main_library=libraries[-1],
        size=len(content),
        imported_at=LONG_AGO,
    )
    for path, each in {"content.json": content, **(files or {})}.items():
        PackageFile.objects.create(version=version, path=path, blob=made_blob(each), content_type="")
    for position, library in enumerate(libraries):
        PackageVersionLibrary.objects.create(version=version, library=library, position=position)
    Package.objects.filter(pk=package.pk).update(current=version)
    package.current = version
    return version


def package_fields(version: PackageVersion, **changes: object) -> dict[str, object]:
    """An author's fields of an activity that plays this version."""
    return {
        "question": "Probeer het zelf.",
        "text": "Een vraag met twee antwoorden.",
        "package": {"key": str(version.package_id), "version": version.pk, "number": version.number},
        "counts": "score",
        "pass_percent": 70,
        "policy": "best",
        "alternative": "Lees de bladzijde hierboven nog eens.",
        **changes,
    }
