// Comfort around every page; without it nothing is missing but a little walking.

// A menu closes when one leaves it.
for (const menu of document.querySelectorAll("details[data-menu]")) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

// What is too wide for the page begins where it matters: tabs at the one that is open, a diagram at
// what stands still, else at what is open now.
for (const [box, ...wanted] of [
  [".tabs", "[aria-current]"],
  [".diagram-scroll", ".stop", ".flag"],
]) {
  for (const wide of document.querySelectorAll(box)) {
    const first = wanted.map((one) => wide.querySelector(one)).find(Boolean);
    const place = first?.getBoundingClientRect();
    const frame = wide.getBoundingClientRect();
    if (!place || wide.scrollLeft || (place.left >= frame.left && place.right <= frame.right)) continue;
    wide.scrollLeft = place.left - frame.left - (frame.width - place.width) / 2;
  }
}

// A form that was refused: the list of what is wrong takes the focus, so that it is read first.
document.querySelector('main .note.error[role="alert"][tabindex]')?.focus();

// A second click on a button that is already sending would only be told that it came too late.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sending) event.preventDefault();
  form.dataset.sending = "yes";
  setTimeout(() => delete form.dataset.sending, 5000);
});
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sending;
});

// Text to copy: the one-time link.
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    button.querySelector("span").textContent = button.dataset.copied;
  });
}

// Long work tells how far it is: that part is read anew until it is over, then the page with what came of it.
const follow = async () => {
  const part = document.querySelector("[data-follow]");
  if (!part) return;
  try {
    const answer = await fetch(location.href);
    const read = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = answer.ok && read.querySelector("[data-follow]");
    if (answer.ok && !now) {
      location.reload();
      return;
    }
    if (now) part.replaceChildren(...now.childNodes);
  } catch {
    // Without a connection it is tried again.
  }
  setTimeout(follow, 2000);
};
setTimeout(follow, 2000);
