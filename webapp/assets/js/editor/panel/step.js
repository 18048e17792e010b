// A step: one row of the SOP's table. What it is called, its form, its time, who else may do it.

import { createElement as h } from "@bpmn-io/properties-panel/preact";
import { useEffect, useState } from "@bpmn-io/properties-panel/preact/hooks";
import { getBusinessObject } from "bpmn-js/lib/util/ModelUtil";

import { read, UNITS, write } from "../standard-time.js";
import { named } from "../named.js";
import { area, choice, link, text, tick } from "./entries.js";

export function stepGroups(element, context) {
  const { w } = context;
  return [
    { id: "step", label: w("step"), entries: stepEntries(element, context), shouldOpen: true },
    { id: "step-time", label: w("time"), entries: timeEntries(element, context), shouldOpen: true },
    { id: "step-people", label: w("people"), entries: peopleEntries(element, context) },
  ];
}

// Names and sentences of every element; `documentation` is the full sentence of the row.
export function nameEntries(element, { w, modeling }, sentence) {
  const bo = getBusinessObject(element);
  return [
    area("name", w("name"), () => bo.get("name"), (name) => modeling.updateProperties(element, { name })),
    area("documentation", sentence, () => bo.get("documentation")[0]?.get("text"),
      (value) => modeling.updateProperties(element, { documentation: written(bo, value, modeling) })),
  ];
}

function written(bo, value, modeling) {
  if (!value) return [];
  const made = bo.$model.create("bpmn:Documentation", { text: value });
  made.$parent = bo;
  return [made, ...bo.get("documentation").slice(1)];
}

function stepEntries(element, context) {
  const { w, sop, draft } = context;
  const get = (name) => () => sop.of(element, "sop:Task")?.get(name);
  const set = (name) => (value) => sop.set(element, "sop:Task", { [name]: value || undefined });
  const key = get("formKey")();
  const keys = Object.keys(draft.forms || {});
  const forms = [{ value: "", label: w("no_form") }, ...byTitle(keys, draft.titles || {})];
  if (key && !keys.includes(key)) forms.push({ value: key, label: w("form_missing", { key }) });
  return [
    ...nameEntries(element, context, w("activity")),
    ...laneEntries(element, context),
    choice("form", w("form"), forms, get("formKey"), set("formKey")),
    key && keys.includes(key) ? link("form-editor", w("open_form"), context.formAddress(key, element.id)) : null,
    link("forms", key ? w("all_forms") : w("new_form"), context.formAddress("", element.id)),
    area("notes", w("notes"), get("notes"), set("notes")),
    text("number", w("number"), get("number"), set("number"), { description: w("number_help") }),
  ].filter(Boolean);
}

// Who performs it: choosing another lane moves the step there.
function laneEntries(element, { w, lanes }) {
  const all = lanes.all(element);
  const now = all.find((lane) => lane === lanes.of(element));
  if (!all.length) return [];
  const options = [...(now ? [] : [{ value: "", label: w("choose") }]), ...all.map((lane) => ({ value: lane.id, label: named(lane, w) }))];
  return [choice("lane", w("performer"), options, () => now?.id || "",
    (id) => { if (id && id !== now?.id) lanes.put(element, all.find((lane) => lane.id === id)); })];
}

// By title; two of one title are told apart by their keys.
function byTitle(keys, titles) {
  const said = (key) => titles[key] || key;
  const alike = (key) => keys.some((other) => other !== key && said(other) === said(key));
  return keys.map((key) => ({ value: key, label: alike(key) ? `${said(key)} (${key})` : said(key) }))
    .sort((one, other) => one.label.localeCompare(other.label));
}

function timeEntries(element, context) {
  const { w, sop, draft } = context;
  const get = (name, otherwise) => () => sop.of(element, "sop:Task")?.get(name) || otherwise;
  const clocks = ["arrival", "started", "date"].map((value) => ({ value, label: w(`clock_${value}`) }));
  const onDate = get("clock")() === "date";
  const dates = [{ value: "", label: w("choose") }, ...dateFields(context)];
  const now = get("clockField")();
  if (now && !dates.some(({ value }) => value === now)) dates.push({ value: now, label: now });
  return [
    {
      id: "standard-time", component: StandardTime, w, isEdited: (node) => node && !!node.value,
      get: get("standardTime"), set: (value) => sop.set(element, "sop:Task", { standardTime: value }),
    },
    choice("clock", w("clock"), clocks, get("clock", "arrival"), (value) => sop.set(element, "sop:Task", {
      clock: value === "arrival" ? undefined : value,
      clockField: value === "date" ? get("clockField")() : undefined,
    })),
    onDate ? choice("clock-field", w("clock_field"), dates, get("clockField"),
      (value) => sop.set(element, "sop:Task", { clockField: value || undefined })) : null,
  ].filter(Boolean);
}

function dateFields({ steps, draft, sop, w }) {
  return steps().flatMap((step) => {
    const fields = draft.fields[sop.of(step, "sop:Task")?.get("formKey")] || [];
    return fields.filter(({ type }) => /date/.test(type))
      .map(({ key, label }) => ({ value: `${step.id}.${key}`, label: `${named(step, w)}: ${label}` }));
  });
}

// A number and its unit belong together; without a number there is no standard time.
function StandardTime({ id, element, get, set, w }) {
  const stands = read(get());
  const [number, setNumber] = useState(stands?.number ?? "");
  const [unit, setUnit] = useState(stands?.unit ?? "hours");
  const [wrong, setWrong] = useState(false);
  useEffect(() => {
    if (stands) { setNumber(stands.number); setUnit(stands.unit); } else if (!wrong) setNumber("");
  }, [element, get()]);

  const put = (newNumber, newUnit) => {
    setNumber(newNumber);
    setUnit(newUnit);
    const value = write(newNumber, newUnit);
    setWrong(!value && String(newNumber).trim() !== "");
    if (value !== get()) set(value);
  };
  const field = `bio-properties-panel-${id}`;
  return h("div", { class: `bio-properties-panel-entry panel-time${wrong ? " has-error" : ""}`, "data-entry-id": id },
    h("label", { class: "bio-properties-panel-label", for: field }, w("standard_time")),
    h("div", { class: "panel-pair" },
      h("input", { id: field, class: "bio-properties-panel-input", type: "text", inputMode: "numeric", value: number,
        onInput: ({ target }) => put(target.value, unit), "aria-describedby": `${field}-help` }),
      h("select", { class: "bio-properties-panel-input", "aria-label": w("unit"), value: unit,
        onChange: ({ target }) => put(number, target.value) },
      UNITS.map((one) => h("option", { value: one }, w(`unit_${one}`))))),
    wrong && h("div", { class: "bio-properties-panel-error" }, w("whole_number")),
    h("div", { class: "bio-properties-panel-description", id: `${field}-help` }, w("standard_time_help")));
}

function peopleEntries(element, { w, sop, draft, stepsBefore }) {
  const words = (name) => (sop.of(element, "sop:Task")?.get(name) || "").split(/\s+/).filter(Boolean);
  const toggle = (name, word) => (on) => {
    const rest = words(name).filter((one) => one !== word);
    sop.set(element, "sop:Task", { [name]: (on ? [...rest, word] : rest).join(" ") || undefined });
  };
  const ticks = (name, heading, all) => [
    { id: `${name}-heading`, component: Heading, label: heading },
    ...all.map(({ value, label }) => tick(`${name}-${value}`, label, () => words(name).includes(value), toggle(name, value))),
  ];
  const known = draft.roles.map(({ key, label }) => ({ value: key, label }));
  const strange = words("delegableTo").filter((key) => !known.some(({ value }) => value === key));
  const before = stepsBefore(element).map((step) => ({ value: step.id, label: named(step, w) }));
  const gone = words("returnTo").filter((id) => !before.some(({ value }) => value === id));
  const strangers = words("notSameAs").filter((id) => !before.some(({ value }) => value === id));
  return [
    ...ticks("delegableTo", w("delegable"), [...known, ...strange.map((key) => ({ value: key, label: w("unknown_role", { key }) }))]),
    ...ticks("returnTo", w("return_to"), [...before, ...gone.map((id) => ({ value: id, label: w("unknown_step", { id }) }))]),
    ...ticks("notSameAs", w("not_same_as"), [...before, ...strangers.map((id) => ({ value: id, label: w("unknown_step", { id }) }))]),
  ];
}

function Heading({ id, label }) {
  return h("p", { class: "panel-heading", "data-entry-id": id }, label);
}
