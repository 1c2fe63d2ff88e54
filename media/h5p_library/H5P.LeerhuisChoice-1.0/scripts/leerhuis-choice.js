/*
 * A question with answers to choose from, and a word on each: an H5P content type written from the specification.
 * It follows H5P's question contract (getScore, getCurrentState, getXAPIData, …) and needs no library but the core.
 *
 * A constructor function, not a class: H5P core replaces `prototype` and copies what is enumerable in it.
 */
window.H5P = window.H5P || {};

H5P.LeerhuisChoice = (function () {
  'use strict';

  const LABELS = {
    check: 'Check',
    retry: 'Try again',
    chooseFirst: 'Choose an answer first.',
    score: '@score of @max right',
    right: 'Right',
    wrong: 'Not right',
  };

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    // Never innerHTML: what authors write is text.
    if (text) made.textContent = text;
    return made;
  }

  /**
   * @param {Object} parameters as in semantics.json
   * @param {number|string} contentId
   * @param {Object} [extras] previousState: {chosen: number[], checked: boolean}
   */
  function LeerhuisChoice(parameters, contentId, extras) {
    H5P.EventDispatcher.call(this);
    this.contentId = contentId;
    this.extras = extras || {};
    this.question = parameters.question || '';
    this.answers = parameters.answers || [];
    this.multiple = Boolean(parameters.multiple);
    this.labels = Object.assign({}, LABELS, parameters.labels);
    const previous = this.extras.previousState || {};
    const there = (index) => Number.isInteger(index) && index >= 0 && index < this.answers.length;
    this.chosen = new Set((Array.isArray(previous.chosen) ? previous.chosen : []).filter(there));
    this.checked = Boolean(previous.checked) && this.chosen.size > 0;
  }

  LeerhuisChoice.prototype = Object.create(H5P.EventDispatcher.prototype);
  LeerhuisChoice.prototype.constructor = LeerhuisChoice;

  LeerhuisChoice.prototype.attach = function ($container) {
    const container = $container.get ? $container.get(0) : $container;
    container.classList.add('leerhuis-choice');
    container.replaceChildren(this.build());
    if (this.checked) this.showResult();
    this.setActivityStarted();
    this.trigger('resize');
  };

  LeerhuisChoice.prototype.build = function () {
    const form = element('form', 'leerhuis-choice-form');
    form.noValidate = true;
    const group = element('fieldset', 'leerhuis-choice-answers');
    group.append(element('legend', 'leerhuis-choice-question', this.question));
    this.rows = this.answers.map((answer, index) => this.buildAnswer(group, answer, index));
    this.message = element('p', 'leerhuis-choice-message');
    this.message.setAttribute('role', 'status');
    this.button = element('button', 'leerhuis-choice-button', this.labels.check);
    this.button.type = 'submit';
    form.append(group, this.message, this.button);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (this.checked) this.resetTask();
      else this.check();
    });
    return form;
  };

  LeerhuisChoice.prototype.buildAnswer = function (group, answer, index) {
    const label = element('label', 'leerhuis-choice-answer');
    const input = element('input');
    input.type = this.multiple ? 'checkbox' : 'radio';
    input.name = `choice-${this.contentId}-${this.subContentId || ''}`;
    input.checked = this.chosen.has(index);
    input.addEventListener('change', () => this.choose(index, input.checked));
    const words = element('span', 'leerhuis-choice-text', answer.text);
    const feedback = element('span', 'leerhuis-choice-feedback');
    label.append(input, words, feedback);
    group.append(label);
    return { label, input, feedback };
  };

  LeerhuisChoice.prototype.choose = function (index, on) {
    if (!this.multiple) this.chosen.clear();
    if (on) this.chosen.add(index);
    else this.chosen.delete(index);
    this.message.textContent = '';
    this.triggerXAPI('interacted');
  };

  LeerhuisChoice.prototype.check = function () {
    if (!this.chosen.size) {
      this.message.textContent = this.labels.chooseFirst;
      return;
    }
    this.checked = true;
    this.showResult();
    this.trigger(this.answeredEvent());
    this.trigger('resize');
  };

  LeerhuisChoice.prototype.showResult = function () {
    this.rows.forEach(({ label, input, feedback }, index) => {
      input.disabled = true;
      if (!this.chosen.has(index)) return;
      const { correct, feedback: words } = this.answers[index];
      label.classList.add(correct ? 'is-right' : 'is-wrong');
      // In words as well: colour alone tells some people nothing.
      feedback.textContent = [correct ? this.labels.right : this.labels.wrong, words].filter(Boolean).join('. ');
    });
    this.message.textContent = this.labels.score
      .replace('@score', this.getScore())
      .replace('@max', this.getMaxScore());
    this.button.textContent = this.labels.retry;
  };

  // --- H5P's contract for questions ---------------------------------------------------------------------------------
  LeerhuisChoice.prototype.getAnswerGiven = function () {
    return this.chosen.size > 0;
  };

  LeerhuisChoice.prototype.getMaxScore = function () {
    return this.multiple ? this.answers.filter((answer) => answer.correct).length : 1;
  };

  LeerhuisChoice.prototype.getScore = function () {
    const right = [...this.chosen].filter((index) => this.answers[index].correct).length;
    const wrong = this.chosen.size - right;
    return Math.max(0, Math.min(this.getMaxScore(), right - wrong));
  };

  LeerhuisChoice.prototype.showSolutions = function () {
    if (!this.rows) return;
    this.answers.forEach((answer, index) => {
      if (answer.correct) this.rows[index].label.classList.add('is-right');
    });
    this.trigger('resize');
  };

  LeerhuisChoice.prototype.resetTask = function () {
    this.chosen.clear();
    this.checked = false;
    if (!this.rows) return;
    this.rows.forEach(({ label, input, feedback }) => {
      label.classList.remove('is-right', 'is-wrong');
      input.checked = input.disabled = false;
      feedback.textContent = '';
    });
    this.message.textContent = '';
    this.button.textContent = this.labels.check;
    this.rows[0].input.focus();
    this.trigger('resize');
  };

  LeerhuisChoice.prototype.getCurrentState = function () {
    return this.chosen.size ? { chosen: [...this.chosen], checked: this.checked } : {};
  };

  LeerhuisChoice.prototype.getTitle = function () {
    return (this.extras.metadata && this.extras.metadata.title) || this.question;
  };

  LeerhuisChoice.prototype.getXAPIData = function () {
    return { statement: this.answeredEvent().data.statement };
  };

  LeerhuisChoice.prototype.answeredEvent = function () {
    const event = this.createXAPIEventTemplate('answered');
    const definition = event.getVerifiedStatementValue(['object', 'definition']);
    const ids = (wanted) => this.answers.flatMap((answer, index) => (wanted(answer, index) ? [String(index)] : []));
    Object.assign(definition, {
      type: 'http://adlnet.gov/expapi/activities/cmi.interaction',
      interactionType: 'choice',
      description: { 'en-US': this.question },
      choices: this.answers.map((answer, index) => ({ id: String(index), description: { 'en-US': answer.text } })),
      correctResponsesPattern: [ids((answer) => answer.correct).join('[,]')],
    });
    event.setScoredResult(this.getScore(), this.getMaxScore(), this, true, this.getScore() === this.getMaxScore());
    event.data.statement.result.response = ids((answer, index) => this.chosen.has(index)).join('[,]');
    return event;
  };

  return LeerhuisChoice;
})();
