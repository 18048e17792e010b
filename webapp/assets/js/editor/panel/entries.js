// The kinds of input that the panel is made of. An entry names its component and how it reads and writes.

import { createElement as h, Fragment } from "@bpmn-io/properties-panel/preact";
import { useEffect } from "@bpmn-io/properties-panel/preact/hooks";
import {
  CheckboxEntry, isCheckboxEntryEdited, isSelectEntryEdited, isTextAreaEntryEdited, isTextFieldEntryEdited,
  SelectEntry, TextAreaEntry, TextFieldEntry,
} from "@bpmn-io/properties-panel";
import { useService } from "bpmn-js-properties-panel";

function input(Component) {
  return function Entry({ get, set, options, ...rest }) {
    const debounce = useService("debounceInput");
    const translate = useService("translate");
    return h(Component, { ...rest, debounce, translate, getValue: get, setValue: set, getOptions: options });
  };
}

// A text for which what is written elsewhere is offered; anything else may be typed.
function Suggested({ offered, ...rest }) {
  const field = `bio-properties-panel-${rest.id}`; // as bpmn.io names it
  useEffect(() => { document.getElementById(field)?.setAttribute("list", `${field}-offered`); });
  return h(Fragment, null, h(Text, rest),
    h("datalist", { id: `${field}-offered` }, offered.map((value) => h("option", { key: value, value }))));
}

const Text = input(TextFieldEntry);
const Area = input(TextAreaEntry);
const Choice = input(SelectEntry);
const Tick = input(CheckboxEntry);

export const text = (id, label, get, set, more) => ({ id, label, get, set, component: Text, isEdited: isTextFieldEntryEdited, ...more });
export const suggested = (id, label, offered, get, set, more) => ({
  id, label, offered, get, set, component: Suggested, isEdited: isTextFieldEntryEdited, ...more,
});
export const area = (id, label, get, set, more) => ({ id, label, get, set, component: Area, isEdited: isTextAreaEntryEdited, ...more });
export const tick = (id, label, get, set, more) => ({ id, label, get, set, component: Tick, isEdited: isCheckboxEntryEdited, ...more });
export const choice = (id, label, options, get, set, more) => ({
  id, label, get, set, options: () => options, component: Choice, isEdited: isSelectEntryEdited, ...more,
});

// What can only be read here: the record says it, or another place sets it.
export const fact = (id, label, value) => ({ id, label, value, component: Fact });
function Fact({ id, label, value }) {
  return h("div", { class: "bio-properties-panel-entry panel-fact", "data-entry-id": id },
    h("span", { class: "panel-fact-label" }, label), h("span", null, value));
}

// A link beside an entry: another page that settles what this one cannot. The draft is saved before it is left.
export const link = (id, label, href, problem) => ({ id, label, href, problem, component: Link });
function Link({ id, label, href, problem }) {
  return h("div", { class: "bio-properties-panel-entry panel-link", "data-entry-id": id },
    problem && h("p", { class: "problem" }, problem), h("a", { href, "data-saves": "" }, label));
}

export const button = (id, label, press, more) => ({ id, label, press, component: Press, ...more });
function Press({ id, label, press, current }) {
  return h("div", { class: "bio-properties-panel-entry", "data-entry-id": id },
    h("button", { type: "button", class: "btn btn-line panel-press", onClick: press, "aria-pressed": current }, label));
}

// Words of people or of the program that belong to the element.
export const note = (id, text, by, kind = "") => ({ id, text, by, kind, component: Note });
function Note({ id, text, by, kind }) {
  return h("div", { class: `bio-properties-panel-entry panel-note ${kind}`, "data-entry-id": id },
    h("p", null, text), by && h("p", { class: "panel-note-by" }, by));
}
