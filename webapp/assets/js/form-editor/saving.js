// Saves the form with its draft by compare-and-set: what somebody else saved meanwhile is never overwritten.
import { download } from "../editor/download";
import { failure, say, send } from "./sending";

export class Saving {
  constructor({ given, current, form, editor }) {
    Object.assign(this, { given, current, form, editor });
    this.known = given.text; // of the form, as the server had it when it was last seen
    this.saved = current();
    this.download = form.querySelector("[data-download-mine]");
    this.download.addEventListener("click", () => download(`${given.key}.json`, current(), "application/json"));
    form.addEventListener("submit", (event) => this.submitted(event));
    addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "s") {
        event.preventDefault();
        this.save();
      }
    });
    document.addEventListener("click", (event) => this.leaving(event));
    addEventListener("beforeunload", (event) => this.isChanged && event.preventDefault());
  }

  get isChanged() {
    return this.current() !== this.saved;
  }

  changed() {
    if (this.isChanged) say(this.form, "wait", this.given.labels.unsaved);
  }

  // A link that leads on takes along what was changed.
  async leaving(event) {
    const link = event.target.closest?.("a[data-saves], a.back-link");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !this.isChanged) return;
    event.preventDefault();
    await this.save();
    if (!this.isChanged) location.assign(link.href);
  }

  submitted(event) {
    if (event.submitter?.hasAttribute("data-preview")) return;
    event.preventDefault();
    this.save();
  }

  // One after the other: two at once would name one revision, and the second be too late.
  async save() {
    while (this.running) await this.running;
    this.running = this.put().finally(() => { this.running = null; });
    await this.running;
  }

  async put() {
    const { isChanged } = this;
    const text = isChanged ? this.current() : this.known; // the same words in another order are no change
    say(this.form, "wait", this.given.labels.saving);
    const answer = await send(this.given, "PUT", this.given.save, {
      revision: this.given.revision,
      forms: { [this.given.key]: text },
    });
    if (answer.status === 200) this.done(text, isChanged, answer.body);
    else if (answer.status === 409 && answer.body.forms) await this.late(answer.body);
    else this.refused(answer);
  }

  done(text, isChanged, body) {
    this.given.revision = body.revision;
    if (isChanged) this.saved = text;
    this.known = text;
    if (this.isChanged) this.changed(); // since it was sent
    else say(this.form, "ok", this.given.labels.saved);
    this.download.hidden = true;
    this.compare(null);
  }

  // A draft that is closed meanwhile among others: what is on the screen can be taken along.
  refused(answer) {
    say(this.form, "bad", failure(answer, this.given));
    this.download.hidden = false;
  }

  async late(body) {
    this.given.revision = body.revision;
    const theirs = body.forms[this.given.key];
    // Another form, or the diagram: nothing of this form would be lost.
    if (theirs === this.known) return this.put();
    const { labels } = this.given;
    const told = body.saved.mine ? labels.own_window : labels.elsewhere;
    say(this.form, "bad", told.replace("{who}", body.saved.by).replace("{when}", body.saved.at));
    if (body.saved.mine) document.querySelector("[data-conflict-title]").textContent = labels.own_window_title;
    this.known = theirs;
    this.saved = null; // whatever is on the screen is not what is saved
    this.compare(theirs);
  }

  // Both are there to compare: what was saved meanwhile can be opened, one's own saved all the same.
  compare(theirs) {
    const choice = document.querySelector("[data-conflict]");
    choice.hidden = theirs === null;
    if (theirs === null) return;
    choice.querySelector("[data-open-theirs]").hidden = theirs === undefined; // taken out of the draft
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
