// Puts the editor together on its page: the draft comes as JSON inside it, and goes back by PUT.

import { showConflict } from "./conflict.js";
import { hints } from "./hints.js";
import { panelListens } from "./listening.js";
import { makeModeler } from "./modeler.js";
import { make, Problems } from "./problems.js";
import { rowProblems } from "./row-problems.js";
import { clearRefusal, showRefusal } from "./refusal.js";
import { named } from "./named.js";
import { Saving } from "./saving.js";
import { simulation } from "./simulation.js";
import { StepList, stepsBefore, stepsOf } from "./steps.js";
import { toolbar } from "./toolbar.js";
import { fit, followZoom, show } from "./view.js";
import { wordsIn } from "./words.js";

const HINT_PAUSE = 400; // ms after the last change

export async function start() {
  const root = document.querySelector("[data-editor]");
  const draft = JSON.parse(document.getElementById("draft").textContent);
  const w = wordsIn(draft.language);
  const server = { address: draft.address, token: document.querySelector('input[name="csrf_token"]').value };
  const part = (name) => root.querySelector(`[data-part="${name}"]`);

  const context = makeContext(draft, w, server);
  const modeler = makeModeler({ canvas: part("canvas"), panel: part("panel"), language: draft.language, context });
  const problems = new Problems({ place: part("problems"), counter: part("count"), modeler, w, draft });
  complete(context, modeler, problems);

  const flush = () => modeler.get("debounceInput").flush();
  const collect = async () => {
    flush();
    return (await modeler.saveXML({ format: true })).xml;
  };
  const saving = makeSaving({ draft, server, part, w, problems, flush, collect });
  const lost = await open(modeler, draft, part("notes"), w);
  if (lost === null) return;
  const list = new StepList({ place: part("steps"), modeler, w });
  const redraw = await keepUp(modeler, problems, list, w);

  toolbar(root, modeler, {
    save: () => saving.save({ byHand: true }),
    renumber: () => { part("renumbered").textContent = w("renumbered", { count: modeler.get("numbering").renumber() }); },
  });
  followZoom(modeler);
  simulation(modeler, root.querySelector('[data-act="simulate"]'), part("panel"));
  // What could not be read would be lost without a word by a save that nobody asked for.
  modeler.on("commandStack.changed", () => { saving.changed({ itself: !lost.length }); redraw(); });
  guardLeaving(saving, modeler);
  // What has the focus is scrolled to, also inside the sheet, which moves by panning only.
  part("canvas").addEventListener("scroll", ({ target }) => { target.scrollTop = 0; target.scrollLeft = 0; }, true);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-show]");
    if (link && show(modeler, link.dataset.show)) event.preventDefault();
  });
  if (!await panelListens(modeler.get("eventBus"))) tell(part("notes"), w("panel_title"), w("panel_text"), []);
  const wanted = decodeURIComponent(window.location.hash.slice(1));
  if (wanted) show(modeler, wanted);
  root.dataset.ready = "true";
}

function makeContext(draft, w, server) {
  const ask = async (path, body) => {
    const answer = await fetch(`${server.address}/${path}`, {
      method: "POST", credentials: "same-origin", body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", "X-CSRF-Token": server.token, "X-Requested-With": "fetch" },
    });
    return answer.ok ? answer.json() : null;
  };
  return {
    draft, w,
    // `step` is where one comes back to.
    formAddress: (key, step) => `${server.address}/forms${key && `/${encodeURIComponent(key)}`}?step=${encodeURIComponent(step)}`,
    // Not reachable is no error of the expression: the save tells it again.
    checkExpression: (text, element) => ask("expression", { text, element }).catch(() => null),
  };
}

// What the panel asks of the modeler, once there is one.
function complete(context, modeler, problems) {
  Object.assign(context, {
    canvas: modeler.get("canvas"), modeling: modeler.get("modeling"), sop: modeler.get("sop"), rules: modeler.get("rules"),
    registry: modeler.get("elementRegistry"), selection: modeler.get("selection"), inserting: modeler.get("inserting"), lanes: modeler.get("lanes"),
    steps: () => stepsOf(modeler), stepsBefore,
    problems: (id) => problems.of(id), remarks: (id) => problems.remarks.filter(({ element }) => element === id),
  });
}

async function open(modeler, draft, place, w) {
  try {
    const { warnings } = await modeler.importXML(draft.bpmn);
    fit(modeler.get("canvas"));
    const lost = warnings.map(({ message }) => message.split("\n")[0]);
    if (lost.length) tell(place, w("lost_title"), w("lost_text"), lost);
    return lost;
  } catch (error) {
    tell(place, w("cannot_open", { reason: error.message }), "", []);
    return null;
  }
}

function tell(place, title, text, lines) {
  const note = make("div", { class: "note error", role: "alert" });
  note.append(make("h2", {}, title), make("p", {}, text));
  const list = make("ul");
  list.append(...lines.map((line) => make("li", {}, line)));
  if (lines.length) note.append(list);
  place.replaceChildren(note);
}

// Hints, marks and the list of steps follow the drawing after a short pause.
async function keepUp(modeler, problems, list, w) {
  let wait = 0;
  const redraw = async () => {
    const nameOf = (id) => named(modeler.get("elementRegistry").get(id), w);
    problems.fromHere = [...rowProblems(modeler, nameOf, w), ...await hints(modeler.getDefinitions(), nameOf, w)];
    problems.draw();
    list.draw();
  };
  await redraw();
  return () => { clearTimeout(wait); wait = setTimeout(redraw, HINT_PAUSE); };
}

function makeSaving({ draft, server, part, w, problems, flush, collect }) {
  const state = part("state");
  const say = (key, words) => { state.dataset.saveState = key; state.textContent = words; };
  let saved = "";
  const saving = new Saving({
    ...server, revision: draft.revision, last: draft.bpmn, flush, collect,
    on: {
      state: (key) => say(key, key === "saved" ? saved : w(`state_${key}`)),
      saved: (answer) => {
        saved = answer.saved.words;
        clearRefusal(part("notes"));
        for (const what of ["fields", "names", "titles"]) draft[what] = answer[what] || draft[what];
        problems.fromServer = answer.lint || [];
        problems.draw();
        for (const field of document.querySelectorAll('input[name="revision"]')) field.value = answer.revision;
      },
      refused: (why) => showRefusal(part("notes"), why, { w, mine: collect }),
      conflict: (theirs) => {
        if (theirs.saved?.mine) say("conflict", w("state_conflict_mine"));
        showConflict(part("notes"), theirs, {
          w, mine: collect, overwrite: (revision) => saving.overwrite(revision),
          leave: () => { saving.saved = saving.changes; window.location.reload(); },
        });
      },
    },
  });
  return saving;
}

// Leaving saves where a link says so, also one of the panel; anything else asks first.
function guardLeaving(saving, modeler) {
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[data-saves]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    modeler.get("debounceInput").flush();
    if (!saving.unsaved) return;
    event.preventDefault();
    await saving.save({ byHand: true });
    if (!saving.unsaved) window.location.assign(link.href);
  });
  // Come back to by the browser's own button: what was saved meanwhile is not in a page it had kept.
  window.addEventListener("pageshow", ({ persisted }) => { if (persisted && !saving.unsaved) window.location.reload(); });
  window.addEventListener("beforeunload", (event) => {
    modeler.get("debounceInput").flush();
    if (saving.unsaved) event.preventDefault();
  });
}
