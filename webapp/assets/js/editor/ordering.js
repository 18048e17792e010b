// Orders steps as one reads the flow: a branch to its end, then the next; what only goes back at once.
// engine/model/rows.py orders the rows of the SOP's table the same way.

const NESTED = 8; // loops inside each other that are looked into

// `ways` are those onward of each step, { to, ends }, in reading order; `begins` the steps a case may begin with.
export function ordered(ways, begins) {
  const starts = begins.filter((one) => ways.has(one));
  const known = new Map([...ways].map(([step, { to }]) => [step, to.filter((one) => ways.has(one))]));
  const next = withoutSelf(known);
  const onlyOn = forward(known, starts);
  const first = topological(onlyOn, starts);
  const place = new Map(first.map((step, index) => [step, index]));
  const finishing = new Set();
  for (const step of [...first].reverse()) {
    const ahead = next.get(step).some((one) => place.get(one) > place.get(step) && finishing.has(one));
    if (ways.get(step).ends || !next.get(step).length || ahead) finishing.add(step);
  }
  const backFirst = (one, other) => finishing.has(one) - finishing.has(other);
  return topological(new Map([...onlyOn].map(([step, to]) => [step, [...to].sort(backFirst)])), starts);
}

const withoutSelf = (next) => new Map([...next].map(([step, to]) => [step, to.filter((one) => one !== step)]));

// Without the ways back to before a loop: they lead to all that the loop is entered by. Where it begins with a split,
// a walk alone would take the way back to a branch it has not been in yet for one forward.
function forward(known, starts) {
  let next = known;
  for (let times = 0; times < NESTED; times += 1) {
    const loopOf = new Map(loops(next).flatMap((loop, number) => loop.map((step) => [step, number])));
    const entries = new Map();
    const enter = (step) => entries.set(loopOf.get(step), new Set([...(entries.get(loopOf.get(step)) || []), step]));
    starts.forEach(enter);
    for (const step of depthFirst(next, starts, new Set(), [])) {
      next.get(step).filter((one) => loopOf.get(one) !== loopOf.get(step)).forEach(enter);
    }
    const entered = (step) => entries.get(loopOf.get(step));
    const goesBack = (step) => entered(step) && [...entered(step)].every((one) => next.get(step).includes(one));
    const back = new Set([...next.keys()].filter(goesBack));
    if (!back.size) break;
    next = new Map([...next].map(([step, to]) => [step, back.has(step) ? to.filter((one) => !entered(step).has(one)) : to]));
  }
  return withoutSelf(next);
}

// The steps in groups that lead to each other: each walked against the flow, the first ones first.
function loops(next) {
  const left = [];
  depthFirst(next, [...next.keys()], new Set(), left);
  const backward = new Map([...next.keys()].map((step) => [step, []]));
  for (const [step, to] of next) for (const one of to) backward.get(one).push(step);
  const seen = new Set();
  return left.reverse().map((step) => {
    const loop = [];
    depthFirst(backward, [step], seen, loop);
    return loop;
  });
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
