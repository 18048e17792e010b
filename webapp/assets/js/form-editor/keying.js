// A new field's key follows its label: it is what expressions and documents name, and form-js's own says nothing.
import { slug } from "../editor/naming";

const LABELS = ["label", "dateLabel", "timeLabel"];
// Names that Python keeps for itself cannot stand in an expression.
const KEPT = new Set("and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield case".split(" "));

export function keying(eventBus, modeling, formFieldRegistry) {
  const made = new Map(); // field -> the key it was given here
  eventBus.on("commandStack.formField.edit.postExecuted", ({ context: { formField, properties } }) => {
    const label = LABELS.map((name) => properties[name]).find(Boolean);
    const own = made.get(formField.id) === formField.key || generated(formField);
    const wanted = label && own && name(label);
    if (!wanted) return;
    const taken = new Set(formFieldRegistry.getAll().filter((one) => one !== formField && one._parent === formField._parent).map(({ key }) => key));
    const key = [wanted, ...Array.from({ length: 99 }, (_, place) => `${wanted}_${place + 2}`)].find((one) => !taken.has(one));
    if (!key || key === formField.key) return;
    made.set(formField.id, key);
    modeling.editFormField(formField, "key", key);
  });
}
keying.$inject = ["eventBus", "modeling", "formFieldRegistry"];

// As form-js makes them: textfield_1abc2d, with what is left of a random number, which may be short.
function generated({ type, key }) {
  return new RegExp(`^${type}_[a-z0-9]{0,8}$`).test(key || "");
}

function name(label) {
  const word = slug(label);
  return KEPT.has(word) ? `${word}_` : word;
}
