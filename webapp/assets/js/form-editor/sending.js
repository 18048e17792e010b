// Requests to the server, and where their outcome is told.

export async function send(given, method, address, body) {
  try {
    const answer = await fetch(address, {
      method,
      headers: {
        "Content-Type": "application/json",
        "X-CSRF-Token": given.csrf,
        "X-Requested-With": "fetch",
      },
      body: JSON.stringify(body),
    });
    const kind = answer.headers.get("Content-Type") || "";
    return { status: answer.status, body: kind.includes("json") ? await answer.json() : await answer.text() };
  } catch {
    return { status: 0, body: {} };
  }
}

export function say(form, state, words) {
  const told = form.querySelector("[data-editor-state]");
  told.dataset.editorState = state;
  told.textContent = words;
}

// What the server refused, and why: each field that is wrong with it.
function why(body) {
  const several = (body.problems || []).map((one) => [one.element, one.sentence].filter(Boolean).join(": "));
  return [...new Set(several)].join(" ") || body.sentence;
}

// What is told of an answer that is none of what was hoped for.
export function failure({ status, body }, { labels }) {
  if (why(body)) return why(body);
  if (status === 401) return labels.signed_out;
  return status ? labels.refused.replace("{status}", status) : labels.failed;
}
