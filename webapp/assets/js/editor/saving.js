// Keeps the draft on the server: a moment after the last change, on demand, and again when the connection is back.
// Every save names the revision it began from; who comes second is told, and nothing is overwritten without a word.

const PAUSE = 1500; // ms after the last change
const RETRIES = [2000, 4000, 8000, 15000, 30000];

export class Saving {
  constructor({ address, token, revision, last, flush, collect, on }) {
    Object.assign(this, { address, token, revision, last, flush, collect, on });
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
    this.flush(); // what was typed just now counts as changed, also while an earlier save is under way
    // Several may wait for the one that runs; each that goes on looks again, for two at once name one revision.
    while (this.running) {
      await this.running;
      if (!this.unsaved || this.stopped) return;
    }
    this.running = this._send().finally(() => { this.running = null; });
    await this.running;
  }

  // Over what somebody else saved meanwhile: only after the person was shown it.
  async overwrite(revision) {
    this.revision = revision;
    this.stopped = false;
    await this.save({ byHand: true });
  }

  async _send() {
    this.on.state("saving");
    const { bpmn, upTo, error } = await this._content();
    if (error) { this._refused({ reason: error.message }); return; }
    const answer = await this._put(bpmn);
    if (!answer.status) this._again("offline");
    else if (answer.status >= 500) this._again("failing");
    else await this._answered(answer, bpmn, upTo);
  }

  // What changes while it is written may not be in it, and is saved next.
  async _content() {
    try {
      const writing = this.collect();
      clearTimeout(this.wait); // what was typed is in it; it needs no save of its own
      const upTo = this.changes;
      return { bpmn: await writing, upTo };
    } catch (error) {
      return { error };
    }
  }

  async _answered(answer, bpmn, upTo) {
    this.tries = 0;
    const { status, body } = answer;
    if (status === 200 && body.revision !== undefined) this._kept(body, bpmn, upTo);
    else if (status === 409 && body.bpmn !== undefined) await this._tooLate(body);
    else this._refused({ sentence: body.sentence, status });
  }

  _again(state) {
    this.on.state(state);
    this._later(RETRIES[Math.min(this.tries, RETRIES.length - 1)]);
    this.tries += 1;
  }

  // Sending the same again would be answered the same: the next change is sent, or what is saved by hand.
  // A draft that is closed (409) takes no change any more.
  _refused(why) {
    clearTimeout(this.wait);
    this.stopped = why.status === 409;
    this.on.state("refused");
    this.on.refused(why);
  }

  _kept(answer, bpmn, upTo) {
    this.revision = answer.revision;
    this.saved = upTo;
    this.last = bpmn;
    this.stopped = false;
    this.byHand = false;
    this.on.saved(answer);
    this.on.state(this.unsaved ? "changed" : "saved");
  }

  // Saved from another page, but not the diagram (a form): nothing of the other is lost by going on.
  async _tooLate(theirs) {
    if (theirs.bpmn === this.last) {
      this.revision = theirs.revision;
      await this._send();
      return;
    }
    this.stopped = true;
    this.on.state("conflict");
    this.on.conflict(theirs);
  }

  // Status 0: not reached. X-Requested-With: who is signed out is told so, and led to no page.
  async _put(bpmn) {
    try {
      const response = await fetch(this.address, {
        method: "PUT",
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", "X-CSRF-Token": this.token, "X-Requested-With": "fetch" },
        body: JSON.stringify({ revision: this.revision, bpmn, by_hand: this.byHand }),
      });
      const isJson = /json/.test(response.headers.get("Content-Type"));
      return { status: response.status, body: isJson ? await response.json() : {} };
    } catch {
      return { status: 0, body: {} };
    }
  }
}
