// Saves the form with its draft by compare-and-set: what somebody else saved meanwhile is never overwritten.
import { say, send, why } from "./sending";

export class Saving {
  constructor({ given, current, form, editor }) {
    Object.assign(this, { given, current, form, editor });
    this.known = given.text; // of the form, as the server had it when it was last seen
    this.saved = current();
    form.addEventListener("submit", (event) => this.submitted(event));
    addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "s") {
        event.preventDefault();
        this.save();
      }
    });
    addEventListener("beforeunload", (event) => this.isChanged && event.preventDefault());
  }

  get isChanged() {
    return this.current() !== this.saved;
  }

  changed() {
    if (this.isChanged) say(this.form, "wait", this.given.labels.unsaved);
  }

  submitted(event) {
    if (event.submitter?.hasAttribute("data-preview")) return;
    event.preventDefault();
    this.save();
  }

  async save() {
    const text = this.isChanged ? this.current() : this.known; // the same words in another order are no change
    say(this.form, "wait", this.given.labels.saving);
    const answer = await send(this.given, "PUT", this.given.save, {
      revision: this.given.revision,
      forms: { [this.given.key]: text },
    });
    if (answer.status === 200) this.done(text, answer.body);
    else if (answer.status === 409) await this.late(answer.body);
    else say(this.form, "bad", why(answer.body) || this.given.labels.failed);
  }

  done(text, body) {
    this.given.revision = body.revision;
    if (text !== this.known) this.saved = text;
    this.known = text;
    say(this.form, "ok", this.given.labels.saved);
    this.compare(null);
  }

  async late(body) {
    this.given.revision = body.revision;
    const theirs = body.forms[this.given.key];
    // Another form, or the diagram: nothing of this form would be lost.
    if (theirs === this.known) return this.save();
    say(this.form, "bad", this.given.labels.elsewhere.replace("{who}", body.saved.by).replace("{when}", body.saved.at));
    this.known = theirs;
    this.compare(theirs);
  }

  // Both are there to compare: what was saved meanwhile can be opened, one's own saved all the same.
  compare(theirs) {
    const choice = document.querySelector("[data-conflict]");
    choice.hidden = theirs === null;
    if (theirs === null) return;
    choice.querySelector("[data-theirs]").textContent = theirs ?? this.given.labels.removed;
    choice.querySelector("[data-mine]").textContent = this.current();
    choice.querySelector("[data-open-theirs]").onclick = () => this.openTheirs(theirs);
    choice.querySelector("[data-save-mine]").onclick = () => this.save();
    choice.focus();
  }

  async openTheirs(theirs) {
    await this.editor.importSchema(JSON.parse(theirs));
    this.saved = this.current();
    say(this.form, "ok", this.given.labels.opened);
    this.compare(null);
  }
}
