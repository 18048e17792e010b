// What the server would refuse is not offered: kinds of fields in the palette, entries of the panel.

const LATE = 500; // after form-js's own groups
// Entries whose attributes mean nothing to the server's forms, by the ids that form-js gives them.
const ENTRIES = new Set([
  "disabled", // says what "readonly" says
  "use24h",
  "undefined-timeInterval",
  "searchable",
  "allowAddRemove",
  "disableCollapse",
  "nonCollapsedItems",
  "patternErrorMessage",
  "id", // of the whole form: steps name it by its key
  "versionTag",
]);
const GROUPS = new Set(["serialization", "valuesSource"]);

export function narrowing(types, words) {
  function narrow(formFields, propertiesPanel) {
    for (const [type, field] of Object.entries(formFields._formFields)) {
      if (type === "default") continue;
      // Not to be listed; one that stands in a form already can still be seen, and taken out.
      if (!types.includes(type)) Object.defineProperty(formFields._formFields, type, { enumerable: false });
      else named(field.config, words);
    }
    propertiesPanel.registerProvider({ getGroups: narrowed }, LATE);
  }
  narrow.$inject = ["formFields", "propertiesPanel"];
  return { __init__: ["narrow"], narrow: ["type", narrow] };
}

// The kind of field in the palette, and what a new one is called.
function named(config, words) {
  config.name = words(config.name || config.label);
  const create = config.create;
  config.create = (options = {}) => {
    const made = create(options);
    if (options.id) return made; // it stands in the form already
    if (made.label) made.label = words(made.label);
    if (made.type === "datetime" && !made.dateLabel) made.dateLabel = words("Date"); // else it has no label
    for (const one of made.values || []) one.label = words(one.label);
    return made;
  };
}

function narrowed(field) {
  return (groups) => groups.map((group) => without(group, field)).filter(Boolean);
}

function without(group, field) {
  if (GROUPS.has(group.id)) return null;
  if (!group.entries) return group;
  // What a group holds belongs to the form itself: it has no path of its own.
  const left = (entry) => !ENTRIES.has(entry.id) && !(entry.id === "path" && field.type === "group");
  const entries = group.entries.filter(left);
  return entries.length ? { ...group, entries, shouldOpen: group.id === "general" } : null;
}
