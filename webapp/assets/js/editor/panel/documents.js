// Kelengkapan and output: the documents a step needs, and those it must leave behind.

import { ListGroup } from "@bpmn-io/properties-panel";

import { choice, suggested, text, tick } from "./entries.js";

export function documentGroups(element, context) {
  return [
    listOf(element, context, { list: "inputs", type: "sop:input", label: "needed_documents", entries: neededEntries }),
    listOf(element, context, { list: "outputs", type: "sop:output", label: "left_documents", entries: leftEntries }),
  ];
}

function listOf(element, context, { list, type, label, entries }) {
  const { w, sop } = context;
  const items = sop.of(element, "sop:Task")?.get(list) || [];
  return {
    id: list,
    label: w(label),
    component: ListGroup,
    shouldOpen: false,
    items: items.map((item) => ({
      id: idOf(item),
      label: item.get("name") || w("new_document"),
      entries: entries(idOf(item), element, item, context),
      autoFocusEntry: `${idOf(item)}-name`,
      remove: (event) => { event.stopPropagation(); sop.removeFrom(element, "sop:Task", list, item); },
    })),
    add: (event) => { event.stopPropagation(); sop.addTo(element, "sop:Task", list, type, { name: "" }); },
  };
}

// Documents have no id of their own; by their place, the next one would open where one was removed.
const ids = new WeakMap();
let last = 0;

export function idOf(item) {
  if (!ids.has(item)) ids.set(item, `item-${last += 1}`);
  return ids.get(item);
}

function bound(element, item, { sop }) {
  return {
    get: (name, otherwise) => () => item.get(name) ?? otherwise,
    set: (name) => (value) => sop.change(element, item, { [name]: value }),
    is: (name, otherwise) => () => ["true", "1"].includes(item.get(name) ?? otherwise),
    put: (name, otherwise) => (on) => sop.change(element, item, { [name]: String(on) === otherwise ? undefined : String(on) }),
  };
}

// What documents of this SOP are called so far, but for those of the list beside: one document, one name.
function knownNames(steps, sop, own) {
  const lists = steps.flatMap((step) => ["inputs", "outputs"].map((list) => sop.of(step, "sop:Task")?.get(list) || []));
  const names = (items) => items.filter((one) => one !== own).map((one) => one.get("name"));
  const beside = new Set(names(lists.find((items) => items.includes(own)) || []));
  const known = new Set(lists.flatMap(names).filter((name) => name && !beside.has(name)));
  return [...known].sort((one, other) => one.localeCompare(other));
}

function commonEntries(id, item, { w, steps, sop }, { get, set, is, put }) {
  return [
    suggested(`${id}-name`, w("document_name"), knownNames(steps(), sop, item), get("name"), set("name"),
      { description: w("document_name_help"), validate: (value) => (value ? null : w("document_needs_name")) }),
    tick(`${id}-required`, w("document_required"), is("required", "true"), put("required", "true")),
    // "" in the file says that it is not in the printed table; left out, it is printed as it is named.
    tick(`${id}-in-table`, w("document_in_table"), () => item.get("printed") !== "", (on) => set("printed")(on ? undefined : "")),
    item.get("printed") === "" ? null : text(`${id}-printed`, w("document_printed"), get("printed"), set("printed"),
      { description: w("document_printed_help") }),
  ].filter(Boolean);
}

function neededEntries(id, element, item, context) {
  return commonEntries(id, item, context, bound(element, item, context));
}

function leftEntries(id, element, item, context) {
  const { w } = context;
  const ways = bound(element, item, context);
  const { get, set, is, put } = ways;
  const sources = ["upload", "form"].map((value) => ({ value, label: w(`source_${value}`) }));
  return [
    ...commonEntries(id, item, context, ways),
    choice(`${id}-source`, w("source"), sources, get("source", "upload"), (value) => set("source")(value === "upload" ? undefined : value)),
    tick(`${id}-signed`, w("signed"), is("signed", "false"), put("signed", "false")),
    text(`${id}-accept`, w("accept"), get("accept"), set("accept"), { description: w("accept_help") }),
  ];
}
