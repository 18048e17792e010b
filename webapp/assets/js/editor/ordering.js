// Orders steps as one reads the flow: a branch to its end, then the next; what only goes back at once.
// engine/model/rows.py orders the rows of the SOP's table the same way.

// `ways` are those onward of each step, { to, ends }, in reading order; `begins` the steps a case may begin with.
export function ordered(ways, begins) {
  const starts = begins.filter((one) => ways.has(one));
  const next = new Map([...ways].map(([step, { to }]) => [step, to.filter((one) => ways.has(one) && one !== step)]));
  const first = topological(next, starts);
  const place = new Map(first.map((step, index) => [step, index]));
  const finishing = new Set();
  for (const step of [...first].reverse()) {
    const ahead = next.get(step).some((one) => place.get(one) > place.get(step) && finishing.has(one));
    if (ways.get(step).ends || !next.get(step).length || ahead) finishing.add(step);
  }
  const backFirst = (one, other) => finishing.has(one) - finishing.has(other);
  return topological(new Map([...next].map(([step, to]) => [step, [...to].sort(backFirst)])), starts);
}

// Every step before those it leads to, ways back aside: a depth-first walk, read from its end.
function topological(next, starts) {
  const reached = depthFirst(next, starts, new Set(), []);
  const seen = new Set();
  const left = [];
  const apart = [...next.keys()].filter((step) => !reached.has(step));
  for (const root of [...apart.reverse(), ...[...starts].reverse()]) depthFirst(next, [root], seen, left);
  return left.reverse();
}

function depthFirst(next, starts, seen, left) {
  const todo = starts.map((step) => [step, false]);
  while (todo.length) {
    const [step, done] = todo.pop();
    if (done) left.push(step);
    else if (!seen.has(step)) {
      seen.add(step);
      todo.push([step, true], ...next.get(step).filter((one) => !seen.has(one)).map((one) => [one, false]));
    }
  }
  return seen;
}
