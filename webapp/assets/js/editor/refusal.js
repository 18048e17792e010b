// What the server did not take, and why; what is on the screen can be taken along.

import { download } from "./download.js";
import { make } from "./problems.js";

const MARK = "data-refusal";

export function showRefusal(place, { sentence, status, reason }, { w, mine }) {
  const note = make("div", { class: "note error", role: "alert", [MARK]: "" });
  note.append(make("h2", {}, w("state_refused")), make("p", {}, reason ? w("cannot_write", { reason }) : words(w, sentence, status)));
  if (!reason) note.append(acts(status, w, mine));
  clearRefusal(place);
  place.prepend(note);
}

export function clearRefusal(place) {
  place.querySelector(`[${MARK}]`)?.remove();
}

function words(w, sentence, status) {
  if (status === 409) return `${sentence || w("refused_status", { status })} ${w("refused_closed")}`;
  if (status === 401) return w("signed_out");
  if (status === 413) return w("too_large");
  return sentence || w("refused_status", { status });
}

function acts(status, w, mine) {
  const row = make("div", { class: "acts" });
  const own = make("button", { type: "button", class: "btn btn-line" }, w("conflict_mine"));
  own.addEventListener("click", async () => download("draf-saya.bpmn", await mine()));
  row.append(own);
  if (status === 409) row.append(make("a", { class: "btn btn-line", href: window.location.pathname, target: "_blank", rel: "noopener" }, w("refused_beside")));
  return row;
}
