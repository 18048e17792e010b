// The server draws the form as staff will see it; nothing of it is kept.
import { failure, say, send } from "./sending";

export function previewing({ form, given, current }) {
  const place = document.querySelector("[data-preview-place]");
  form.querySelector("[data-preview]").addEventListener("click", async (event) => {
    event.preventDefault();
    const answer = await send(given, "POST", given.preview, { key: given.key, text: current() });
    if (answer.status !== 200) {
      say(form, "bad", failure(answer, given));
      return;
    }
    place.innerHTML = answer.body;
    place.hidden = false;
    place.focus();
    place.scrollIntoView();
  });
}
