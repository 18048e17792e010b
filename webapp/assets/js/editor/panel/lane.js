// A lane is bound to a role of the office: who works in it.

import { choice, link, note } from "./entries.js";
import { nameEntries } from "./step.js";

export function laneGroups(element, context) {
  const { w, sop, draft, modeling } = context;
  const role = sop.of(element, "sop:Lane")?.get("role");
  const known = draft.roles.some(({ key }) => key === role);
  const roles = [
    { value: "", label: w("choose") },
    ...draft.roles.map(({ key, label }) => ({ value: key, label })),
    ...(role && !known ? [{ value: role, label: w("unknown_role", { key: role }) }] : []),
  ];
  const take = (value) => {
    sop.set(element, "sop:Lane", { role: value || undefined });
    const chosen = draft.roles.find(({ key }) => key === value);
    if (chosen && !element.businessObject.get("name")) modeling.updateProperties(element, { name: chosen.name || chosen.label });
  };
  const entries = [choice("role", w("role"), roles, () => role || "", take, { description: w("role_help") })];
  if (role && !known) entries.push(roleMissing(role, element, context));
  return [{ id: "lane", label: w("lane"), shouldOpen: true, entries: [...entries, ...nameEntries(element, context, w("remarks"))] }];
}

// Only who keeps the office's roles can add one; others are told whom to ask.
function roleMissing(role, element, { w, draft }) {
  const words = w("role_unknown", { key: role });
  if (!draft.role_address) return note("role-new", `${words} ${w("ask_administrator")}`, "", "error");
  const known = new URLSearchParams({ key: role, label: element.businessObject.get("name") || "" });
  return link("role-new", w("create_role"), `${draft.role_address}?${known}`, words);
}
