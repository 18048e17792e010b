// Somebody else, or one's own other window, saved first: both texts are kept, and the person chooses.

import { download } from "./download.js";
import { make } from "./problems.js";

export function showConflict(place, theirs, { w, mine, overwrite, leave }) {
  const whose = theirs.saved?.mine ? "own" : "other";
  const by = whose === "own" ? w("conflict_window") : theirs.saved?.by || w("conflict_somebody");
  const note = make("div", { class: "note error", role: "alert", tabindex: "-1" });
  note.append(
    make("h2", {}, w(`conflict_title_${whose}`, { by })),
    make("p", {}, w(`conflict_text_${whose}`, { by, at: theirs.saved?.at || "" })),
  );
  const acts = make("div", { class: "acts" });
  const act = (words, press) => {
    const button = make("button", { type: "button", class: "btn btn-line" }, words);
    button.addEventListener("click", press);
    acts.append(button);
  };
  acts.append(make("a", { class: "btn btn-line", href: window.location.pathname, target: "_blank", rel: "noopener" }, w("conflict_beside", { by })));
  act(w("conflict_mine"), async () => download("draf-saya.bpmn", await mine()));
  act(w("conflict_theirs", { by }), () => download("draf-tersimpan.bpmn", theirs.bpmn));
  act(w("conflict_overwrite"), () => { place.replaceChildren(); overwrite(theirs.revision); });
  act(w("conflict_open", { by }), leave);
  note.append(acts);
  place.replaceChildren(note);
  note.focus();
}
