// A case replayed like a film: the page of the next event is fetched and its parts put in the place of these.
// Nothing moves before Play is pressed. Without this file each step is a link and the jump is a form.
const player = document.querySelector("[data-player]");
if (player) start(player);

function start(box) {
  const play = box.querySelector("[data-play]");
  const slider = box.querySelector("[data-slider]");
  const speed = box.querySelector("[data-speed]");
  const told = document.querySelector("[data-replay-told]");
  const last = Number(box.dataset.last);
  const pages = new Map(); // step -> the page, on its way or here
  let step = Number(box.dataset.step);
  let wanted = step;
  let timer = null;

  const address = (to) => {
    const group = new URLSearchParams(location.search).get("show");
    return `${box.dataset.address}?step=${to}${group ? `&show=${group}` : ""}`;
  };
  const page = (to) => {
    const where = `${address(to)}&alone=1`; // without the frame of the page, which stays
    if (!pages.has(where)) {
      if (pages.size > 40) pages.delete(pages.keys().next().value);
      const read = fetch(where)
        .then((answer) => (answer.ok ? answer.text() : Promise.reject(answer)))
        .then((text) => new DOMParser().parseFromString(text, "text/html"));
      read.catch(() => pages.delete(where));
      pages.set(where, read);
    }
    return pages.get(where);
  };

  async function go(to) {
    wanted = Math.min(last, Math.max(1, to));
    if (wanted === step) return;
    const asked = wanted;
    let next;
    try {
      next = await page(asked);
    } catch {
      pause();
      location.assign(address(asked)); // the server says what is wrong
      return;
    }
    if (asked !== wanted) return; // somebody went on meanwhile
    show(next.cloneNode(true));
    step = asked;
    history.replaceState(null, "", address(step));
    if (step < last) page(step + 1).catch(() => {});
  }

  function show(next) {
    for (const part of document.querySelectorAll("[data-replay-part]")) {
      const open = [...part.querySelectorAll("details")].map((one) => one.open);
      const scrolled = part.querySelector(".diagram-scroll")?.scrollLeft ?? 0;
      const list = part.querySelector(".events")?.scrollTop ?? 0;
      part.replaceChildren(...next.querySelector(`[data-replay-part="${part.dataset.replayPart}"]`).childNodes);
      part.querySelectorAll("details").forEach((one, place) => { one.open = open[place] ?? one.open; });
      const drawing = part.querySelector(".diagram-scroll");
      if (drawing) keepInSight(drawing, scrolled);
      const events = part.querySelector(".events");
      if (events) {
        events.scrollTop = list;
        inList(events);
      }
    }
    // The other case is put beside this one at the event that is shown now.
    document.querySelector("[data-beside]").href = next.querySelector("[data-beside]").getAttribute("href");
    const other = next.querySelector("[data-player]");
    for (const link of box.querySelectorAll("[data-go]")) {
      const now = other.querySelector(`[data-go="${link.dataset.go}"]`);
      for (const name of ["href", "aria-disabled", "role"]) {
        if (now.hasAttribute(name)) link.setAttribute(name, now.getAttribute(name));
        else link.removeAttribute(name);
      }
    }
    box.querySelector("[data-here]").setAttribute("cx", other.querySelector("[data-here]").getAttribute("cx"));
    for (const name of ["step", "day", "time"]) box.querySelector(`#${name}`).value = other.querySelector(`#${name}`).value;
    slider.value = other.dataset.step;
    slider.setAttribute("aria-valuetext", document.querySelector("[data-told]").textContent.trim());
    told.textContent = document.querySelector("[data-told]").textContent.trim();
    document.title = next.title;
  }

  function pause() {
    clearTimeout(timer);
    timer = null;
    play.querySelector("span").textContent = play.dataset.wordsPlay;
    play.classList.remove("playing");
  }
  function goOn() {
    timer = setTimeout(async () => {
      await go(step + 1);
      if (timer === null) return;
      if (step >= last) pause();
      else goOn();
    }, Number(speed.querySelector("select").value));
  }
  function playOn() {
    play.querySelector("span").textContent = play.dataset.wordsPause;
    play.classList.add("playing");
    if (step >= last) go(1);
    else page(step + 1).catch(() => {});
    goOn();
  }
  const toggle = () => (timer === null ? playOn() : pause());

  play.hidden = slider.hidden = speed.hidden = false;
  box.classList.add("scripted");
  play.addEventListener("click", toggle);
  slider.addEventListener("input", () => go(Number(slider.value)));
  box.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-go]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (!link.href) return;
    pause();
    go(Number(new URL(link.href).searchParams.get("step")));
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".events a[data-step]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    pause();
    go(Number(link.dataset.step)).then(() => document.querySelector(".events .here a")?.focus({ preventScroll: true }));
  });
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const free = event.target === document.body || (box.contains(event.target) && event.target.matches("a, button"));
    if (!free) return;
    const to = { ArrowLeft: wanted - 1, ArrowRight: wanted + 1, Home: 1, End: last }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      pause();
      go(to);
    } else if (event.key === " " && !event.target.matches("button")) {
      event.preventDefault();
      toggle();
    }
  });
  for (const events of document.querySelectorAll(".events")) inList(events);
}

// A diagram wider than the page stays where it was looked at, unless what is open now is out of sight.
function keepInSight(drawing, scrolled) {
  drawing.scrollLeft = scrolled;
  const open = drawing.querySelector(".flag")?.getBoundingClientRect();
  const frame = drawing.getBoundingClientRect();
  if (!open || (open.left >= frame.left && open.right <= frame.right)) return;
  drawing.scrollLeft += open.left - frame.left - (frame.width - open.width) / 2;
}

// The list shows the event of this step without moving the page.
function inList(events) {
  const here = events.querySelector(".here");
  if (!here || events.scrollHeight <= events.clientHeight) return;
  const place = here.offsetTop;
  if (place < events.scrollTop || place + here.offsetHeight > events.scrollTop + events.clientHeight) {
    events.scrollTop = place - events.clientHeight / 3;
  }
}
