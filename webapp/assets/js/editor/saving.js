// Keeps the draft on the server: a moment after the last change, on demand, and again when the connection is back.
// Every save names the revision it began from; who comes second is told, and nothing is overwritten without a word.

const PAUSE = 1500; // ms after the last change
const RETRIES = [2000, 4000, 8000, 15000, 30000];

export class Saving {
  constructor({ address, token, revision, last, collect, on }) {
    Object.assign(this, { address, token, revision, last, collect, on });
    this.changes = 0;
    this.saved = 0;
    this.tries = 0;
    this.stopped = false;
    this.running = null;
    this.byHand = false;
  }

  get unsaved() { return this.changes !== this.saved; }

  // `itself`: whether it is saved without being asked to.
  changed({ itself = true } = {}) {
    this.changes += 1;
    if (!this.running && !this.stopped) this.on.state("changed");
    if (itself) this._later(PAUSE);
  }

  _later(wait) {
    clearTimeout(this.wait);
    if (!this.stopped) this.wait = setTimeout(() => this.save(), wait);
  }

  // `byHand`: the person asked for it, so the record may tell it.
  async save({ byHand = false } = {}) {
    clearTimeout(this.wait);
    this.byHand ||= byHand;
    if (this.running) { await this.running; if (!this.unsaved) return; }
    this.running = this._send();
    await this.running;
    this.running = null;
    if (this.unsaved && !this.stopped && !this.tries) this._later(PAUSE);
  }

  // Over what somebody else saved meanwhile: only after the person was shown it.
  async overwrite(revision) {
    this.revision = revision;
    this.stopped = false;
    await this.save({ byHand: true });
  }

  async _send() {
    this.on.state("saving");
    const { bpmn, upTo } = await this._content();
    let response, answer;
    try {
      response = await this._put(bpmn);
      // Whoever is not signed in any more is led to a page.
      answer = /json/.test(response.headers.get("Content-Type")) ? await response.json() : {};
    } catch {
      this.on.state("offline");
      this._later(RETRIES[Math.min(this.tries, RETRIES.length - 1)]);
      this.tries += 1;
      return;
    }
    this.tries = 0;
    if (response.ok && answer.revision !== undefined) this._kept(answer, bpmn, upTo);
    else if (response.status === 409) await this._tooLate(answer);
    else { this.on.state("refused"); this.on.refused(answer.sentence, response.status); }
  }

  async _content() {
    const bpmn = await this.collect();
    return { bpmn, upTo: this.changes };
  }

  _kept(answer, bpmn, upTo) {
    this.revision = answer.revision;
    this.saved = upTo;
    this.last = bpmn;
    this.byHand = false;
    this.on.saved(answer);
    this.on.state("saved");
  }

  // Saved from another page, but not the diagram (a form): nothing of the other is lost by going on.
  async _tooLate(theirs) {
    if (theirs.bpmn !== undefined && theirs.bpmn === this.last) {
      this.revision = theirs.revision;
      await this._send();
      return;
    }
    this.stopped = true;
    this.on.state("conflict");
    this.on.conflict(theirs);
  }

  _put(bpmn) {
    return fetch(this.address, {
      method: "PUT",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": this.token },
      body: JSON.stringify({ revision: this.revision, bpmn, by_hand: this.byHand }),
    });
  }
}
