// An expression: known names are offered while one types, and the server says what is wrong with it, and where.

import { createElement as h } from "@bpmn-io/properties-panel/preact";
import { useEffect, useRef, useState } from "@bpmn-io/properties-panel/preact/hooks";
import { useService } from "bpmn-js-properties-panel";

const PAUSE = 600; // ms before the server is asked
const MOST = 8; // names offered at once

export const expression = (id, label, value, set, more) => ({
  id, label, value, set, ...more, component: Expression, isEdited: (node) => node && !!node.value,
});

function Expression({ id, element, label, value, set, w, names, check }) {
  const debounce = useService("debounceInput");
  const [typed, setTyped] = useState(value);
  const [found, setFound] = useState(null);
  const [offered, setOffered] = useState([]);
  const [place, setPlace] = useState(0);
  const field = useRef(null);
  const write = useRef(null);
  const current = useRef(set);
  current.current = set;
  write.current ||= debounce((text) => current.current(text));

  useEffect(() => setTyped(value), [value, element]);
  useEffect(() => {
    if (!typed) { setFound(null); return undefined; }
    let old = false;
    const wait = setTimeout(async () => {
      const answer = await check(typed);
      if (!old) setFound(answer && !answer.ok ? answer : null);
    }, PAUSE);
    return () => { old = true; clearTimeout(wait); };
  }, [typed]);

  const put = (text) => { setTyped(text); write.current(text); };
  const offer = (node) => { setPlace(0); setOffered(matching(names, wordBefore(node))); };
  const take = (name) => {
    const node = field.current;
    const end = node.selectionStart;
    const start = end - wordBefore(node).length;
    put(typed.slice(0, start) + name + typed.slice(end));
    setOffered([]);
    requestAnimationFrame(() => { node.focus(); node.setSelectionRange(start + name.length, start + name.length); });
  };
  const keys = (event) => {
    if (!offered.length) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setPlace((place + step + offered.length) % offered.length);
    else if (event.key === "Enter" || event.key === "Tab") take(offered[place]);
    else if (event.key === "Escape") setOffered([]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const own = `bio-properties-panel-${id}`;
  return h("div", { class: `bio-properties-panel-entry panel-expression${found ? " has-error" : ""}`, "data-entry-id": id },
    h("label", { class: "bio-properties-panel-label", for: own }, label),
    h("textarea", {
      id: own, ref: field, class: "bio-properties-panel-input bio-properties-panel-input-monospace", rows: 2, spellCheck: false,
      value: typed, role: "combobox", "aria-expanded": offered.length > 0, "aria-controls": `${own}-names`, "aria-autocomplete": "list",
      "aria-activedescendant": offered.length ? `${own}-name-${place}` : undefined, "aria-describedby": `${own}-help`,
      onInput: ({ target }) => { put(target.value); offer(target); }, onKeyDown: keys, onBlur: () => { setOffered([]); write.current.flush(); },
    }),
    h("ul", { id: `${own}-names`, class: "panel-names", role: "listbox", "aria-label": w("known_names"), hidden: !offered.length },
      offered.map((name, index) => h("li", {
        id: `${own}-name-${index}`, role: "option", "aria-selected": index === place,
        onMouseDown: (event) => { event.preventDefault(); take(name); },
      }, name))),
    found && h(Wrong, { typed, found }),
    h("p", { class: "bio-properties-panel-description", id: `${own}-help` }, w("expression_help")));
}

// The line with the error and a mark below the place of it.
function Wrong({ typed, found }) {
  const line = typed.split("\n")[(found.line || 1) - 1] ?? "";
  return h("div", { class: "bio-properties-panel-error", role: "alert" },
    found.column > 0 && h("pre", { class: "panel-caret", "aria-hidden": true }, `${line}\n${" ".repeat(found.column - 1)}^`),
    found.sentence);
}

function wordBefore(node) {
  return /[\w.[\]"']*$/.exec(node.value.slice(0, node.selectionStart))[0];
}

function matching(names, word) {
  const low = word.toLowerCase();
  return word ? names.filter((name) => name !== word && name.toLowerCase().includes(low)).slice(0, MOST) : [];
}
