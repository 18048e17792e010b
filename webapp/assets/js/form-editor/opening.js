// Puts the editor in the place of the form's text, which stays there for whoever has no scripts.
import { FormEditor } from "@bpmn-io/form-js-editor";
import { pendingInputs } from "../editor/pending-inputs";
import { narrowing } from "./narrowing";
import { keying } from "./keying";
import { Saving } from "./saving";
import { previewing } from "./previewing";
import { translating } from "./translating";

// form-js has no place for the title of the form itself.
function titled(text, schema) {
  const place = text.querySelector("[data-form-title]");
  const field = place.querySelector("input");
  const before = schema.title || "";
  place.hidden = false;
  field.value = before;
  return (saved) => (field.value.trim() === before.trim() ? saved : { ...saved, title: field.value.trim() || undefined });
}

export async function open(place) {
  const given = JSON.parse(document.getElementById("form").textContent);
  const text = document.querySelector("[data-form-text]");
  const words = given.language === "id" ? translating(place) : (word) => word;
  const pending = pendingInputs();
  let schema;
  const editor = new FormEditor({
    container: place,
    additionalModules: [narrowing(given.types, words), { __init__: [keying], debounce: ["value", pending] }],
    properties: { ariaLabel: given.labels.canvas },
  });
  try {
    schema = JSON.parse(given.text);
    await editor.importSchema(schema);
  } catch {
    editor.destroy(); // The text stays, with what the server says is wrong with it.
    return;
  }
  text.querySelector("[data-as-text]").hidden = true;
  place.hidden = false;
  place.querySelector(".fjs-container").setAttribute("aria-label", given.labels.canvas);
  const title = titled(text, schema);
  const current = () => {
    pending.flush();
    return JSON.stringify(title(editor.saveSchema()), null, 2) + "\n";
  };
  const saving = new Saving({ given, current, form: text, editor });
  text.querySelector("[data-form-title]").addEventListener("input", () => saving.changed());
  // What Enter adds is chosen; the click that follows it would choose the form again.
  place.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.closest(".fjs-palette-field")) event.preventDefault();
  });
  editor.on("changed", () => saving.changed());
  previewing({ form: text, given, current });
}
