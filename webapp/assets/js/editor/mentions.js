// Whether a text names an id. References between elements follow an id that changes; texts do not: expressions,
// scripts, timers, what the sop: extension and other programs say, and what forms take over from earlier steps.

const NO_IDS = new Set(["id", "name"]);

export function mentioned(id, definitions, forms = {}) {
  const word = new RegExp(`(?<!\\w)${id.replaceAll(".", "\\.")}(?!\\w)`);
  return [...texts(definitions), ...Object.values(forms)].some((text) => word.test(text));
}

// moddle keeps references apart: what can be listed is what an element holds.
function* texts(thing) {
  if (typeof thing === "string") yield thing;
  else if (Array.isArray(thing)) for (const one of thing) yield* texts(one);
  else if (thing && typeof thing === "object") {
    for (const [key, value] of Object.entries({ ...thing.$attrs, ...thing })) if (!NO_IDS.has(key)) yield* texts(value);
  }
}
