// Puts the editor in the place of the form's text, which stays there for whoever has no scripts.
import { FormEditor } from "@bpmn-io/form-js-editor";
import { pendingInputs } from "../editor/pending-inputs";
import { narrowing } from "./narrowing";
import { Saving } from "./saving";
import { previewing } from "./previewing";
import { translating } from "./translating";

export async function open(place) {
  const given = JSON.parse(document.getElementById("form").textContent);
  const text = document.querySelector("[data-form-text]");
  const words = given.language === "id" ? translating(place) : (word) => word;
  const pending = pendingInputs();
  let schema;
  const editor = new FormEditor({
    container: place,
    additionalModules: [narrowing(given.types, words), { debounce: ["value", pending] }],
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
  const current = () => {
    pending.flush();
    return JSON.stringify(editor.saveSchema(), null, 2) + "\n";
  };
  const saving = new Saving({ given, current, form: text, editor });
  // What Enter adds is chosen; the click that follows it would choose the form again.
  place.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.closest(".fjs-palette-field")) event.preventDefault();
  });
  editor.on("changed", () => saving.changed());
  previewing({ form: text, given, current });
}
