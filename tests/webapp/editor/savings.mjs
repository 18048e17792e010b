// Saving beside a server that answers as it is told and a clock that moves when it is told.

import { Saving } from "../../../webapp/assets/js/editor/saving.js";

export async function savings({ answers, acts }) {
  const told = { sent: [], states: [], told: [], conflicts: [], waited: [] };
  const waiting = keptTimers();
  serve(answers, told.sent);
  let broken = false;
  let typed = false;
  const saving = new Saving({
    address: "/draft", token: "", revision: 1, last: "first",
    flush: () => { if (typed) { typed = false; saving.changed(); } },
    collect: async () => { if (broken) throw new Error("cannot be written"); return "mine"; },
    on: {
      state: (key) => told.states.push(key),
      saved: () => {},
      refused: (why) => told.told.push(why),
      conflict: ({ revision }) => told.conflicts.push(revision),
    },
  });
  const ways = {
    change: () => saving.changed(),
    save: () => saving.save({ byHand: true }),
    "save together with a change": () => {
      const first = saving.save();
      saving.changed();
      return Promise.all([first, saving.save(), saving.save({ byHand: true })]);
    },
    type: () => { typed = true; },
    "save, type and save": () => {
      const first = saving.save();
      typed = true;
      return Promise.all([first, saving.save({ byHand: true })]);
    },
    wait: async () => {
      const [timer] = waiting.splice(0, 1);
      if (timer) { told.waited.push(timer.wait); timer.act(); }
      while (saving.running) await saving.running;
    },
    break: () => { broken = true; },
    mend: () => { broken = false; },
  };
  for (const act of acts) await ways[act]();
  return { ...told, waiting: waiting.map(({ wait }) => wait) };
}

function keptTimers() {
  const waiting = [];
  globalThis.setTimeout = (act, wait) => { const timer = { act, wait }; waiting.push(timer); return timer; };
  globalThis.clearTimeout = (timer) => { if (waiting.includes(timer)) waiting.splice(waiting.indexOf(timer), 1); };
  return waiting;
}

// Like the server it takes only what begins from its revision, which each save that it takes makes larger.
function serve(answers, sent) {
  let revision = 1;
  globalThis.fetch = async (_address, { body, headers }) => {
    if (headers["X-Requested-With"] !== "fetch") throw new Error("would be led to another page");
    sent.push(JSON.parse(body).revision);
    const { status, body: said = {} } = answers.shift();
    if (!status) throw new TypeError("not reached");
    if (said.revision) ({ revision } = said);
    if (status === 200 && JSON.parse(body).revision !== revision) return Response.json({ revision, bpmn: "mine" }, { status: 409 });
    if (status === 200) revision += 1;
    return Response.json(status === 200 ? { revision } : said, { status });
  };
}
