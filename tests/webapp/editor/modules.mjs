// What the editor's modules do outside a browser, for tests: {way, given} as JSON comes in, JSON goes out.

import { BpmnModdle } from "../../../webapp/assets/node_modules/bpmn-moddle/dist/index.js";
import { build, parse } from "../../../webapp/assets/js/editor/condition.js";
import { descriptor } from "../../../webapp/assets/js/editor/descriptor.js";
import { savings } from "./savings.mjs";
import { panelListens } from "../../../webapp/assets/js/editor/listening.js";
import { mentioned } from "../../../webapp/assets/js/editor/mentions.js";
import { ordered } from "../../../webapp/assets/js/editor/ordering.js";
import { routed } from "../../../webapp/assets/js/editor/routing.js";
import { read, write } from "../../../webapp/assets/js/editor/standard-time.js";
import { translateTo } from "../../../webapp/assets/js/editor/terms.js";
import { WORDS } from "../../../webapp/assets/js/editor/words.js";

async function roundTrip(text) {
  const moddle = new BpmnModdle({ sop: descriptor });
  const { rootElement, warnings } = await moddle.fromXML(text);
  const { xml } = await moddle.toXML(rootElement, { format: true });
  return { xml, warnings: warnings.map(({ message }) => message) };
}

async function mentions({ id, text, forms }) {
  const moddle = new BpmnModdle({ sop: descriptor });
  const { rootElement } = await moddle.fromXML(text);
  return mentioned(id, rootElement, forms);
}

// A panel that is drawn once it was asked so many times; null: never.
async function listens(asks) {
  let [asked, draw] = [0, () => {}];
  const bus = { once: (_what, done) => { draw = done; }, fire: () => { asked += 1; if (asked === asks) draw(); } };
  return panelListens(bus, asks ? 60_000 : 50);
}

const ways = {
  roundTrip,
  mentions,
  listens,
  words: () => WORDS,
  terms: (texts) => texts.map(translateTo("id")),
  conditions: (pairs) => pairs.map(([text, type]) => { const found = parse(text); return found && build(found, type); }),
  savings,
  orders: (graphs) => graphs.map(({ ways, begins }) => ordered(new Map(ways), begins)),
  routes: (drawings) => drawings.map(({ boxes: [source, target, ...others], lines }) => routed(source, target, others, lines)),
  times: (texts) => texts.map((text) => { const found = read(text); return found && write(found.number, found.unit); }),
};

const { way, given } = JSON.parse(await new Response(process.stdin).text());
process.stdout.write(JSON.stringify(await ways[way](given)));
