// How a flow is drawn from one shape to another: at right angles, in the simplest way that crosses no shape.
// engine/bpmn/routing.py draws flows the same way.

const GAP = 12; // between a shape and a line that passes it
const NEAR = 6; // so near no line should pass a shape
const LOOKED_AT = 60; // shapes and lines on the way: a drawing with more between two ends is past help
const FIELD = 60; // how far beyond its ends a flow may go
const SAME = 1; // what counts as the same height

const right = (box) => box.x + box.width;
const bottom = (box) => box.y + box.height;
const middle = (box) => [box.x + box.width / 2, box.y + box.height / 2];
const grown = ({ x, y, width, height }, by) => ({ x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by });
const meets = (one, other) => one.x < right(other) && other.x < right(one) && one.y < bottom(other) && other.y < bottom(one);
const inside = (box) => grown(box, -SAME); // a flow may touch what it comes from or leads to
const sum = (values) => values.reduce((all, one) => all + one, 0);
const pairs = (way) => way.slice(1).map((point, index) => [way[index], point]);

// The waypoints [x, y] of a flow from one box to another, beside all others and the lines that are drawn already.
export function routed(source, target, others, lines = []) {
  const [x, y] = [Math.min(source.x, target.x), Math.min(source.y, target.y)];
  const both = { x, y, width: Math.max(right(source), right(target)) - x, height: Math.max(bottom(source), bottom(target)) - y };
  const field = grown(both, FIELD);
  const passed = others.filter((box) => meets(box, field)).slice(0, LOOKED_AT);
  const solid = [...passed, source, target].map(inside);
  const near = passed.map((box) => grown(box, NEAR));
  const ways = unlike([...waysBetween(source, target)].map(straightened));
  const hits = ways.map((way) => [hitsOf(way, solid), hitsOf(way, near)]);
  const fewest = hits.reduce((best, one) => (compare(one, best) < 0 ? one : best));
  const parts = lines.flatMap(pairs).filter((part) => meets(boxOf(part), field)).slice(0, LOOKED_AT);
  const costs = ways.map((way) => [Math.max(0, covered(way, parts) - GAP), way.length, length(way)]); // two may leave or enter a shape together
  const clear = ways.map((_, index) => index).filter((index) => compare(hits[index], fewest) === 0);
  return ways[clear.reduce((best, one) => (compare(costs[one], costs[best]) < 0 ? one : best))];
}

export const crosses = (way, boxes) => hitsOf(way, boxes.map(inside)) > 0;

function* waysBetween(source, target) {
  const [[sx, sy], [tx, ty]] = [middle(source), middle(target)];
  if (Math.abs(sy - ty) < SAME) yield sx < tx ? [[right(source), sy], [target.x, sy]] : [[source.x, sy], [right(target), sy]];
  const [side, other] = sx < tx ? [right(source), target.x] : [source.x, right(target)];
  const [end, near] = sy < ty ? [bottom(source), target.y] : [source.y, bottom(target)];
  if (Math.abs(sx - tx) < SAME) yield [[sx, end], [sx, near]];
  yield [[side, sy], [tx, sy], [tx, near]];
  yield [[sx, end], [sx, ty], [other, ty]];
  for (const x of sx < tx ? [other - GAP, side + GAP] : [other + GAP, side - GAP]) yield [[side, sy], [x, sy], [x, ty], [other, ty]];
  yield* waysAround(source, target);
}

// The ways that leave a box above or below.
function* waysAround(source, target) {
  const [[sx, sy], [tx, ty]] = [middle(source), middle(target)];
  const [below, above] = [Math.max(bottom(source), bottom(target)), Math.min(source.y, target.y)];
  for (const step of [1, 1.5, 2, 3]) {
    yield [[sx, bottom(source)], [sx, below + step * GAP], [tx, below + step * GAP], [tx, bottom(target)]];
    yield [[sx, source.y], [sx, above - step * GAP], [tx, above - step * GAP], [tx, target.y]];
  }
  for (const step of [1, 2]) {
    for (const [start, sign] of [[bottom(source), 1], [source.y, -1]]) {
      const y = start + sign * step * GAP;
      for (const [x, enter] of [[target.x - GAP, target.x], [right(target) + GAP, right(target)]]) {
        yield [[sx, start], [sx, y], [x, y], [x, ty], [enter, ty]];
        for (const [leave, gap] of [[right(source), right(source) + GAP], [source.x, source.x - GAP]]) {
          yield [[leave, sy], [gap, sy], [gap, y], [x, y], [x, ty], [enter, ty]];
        }
      }
    }
  }
}

// Without points that are no corners.
function straightened(way) {
  const points = [];
  for (const point of way) {
    const last = points[points.length - 1];
    if (last && Math.abs(last[0] - point[0]) < SAME && Math.abs(last[1] - point[1]) < SAME) continue;
    if (points.length > 1 && inLine(points[points.length - 2], last, point)) points.pop();
    points.push(point);
  }
  return points;
}

const inLine = (one, two, three) => [0, 1].some((at) => Math.abs(one[at] - two[at]) < SAME && Math.abs(two[at] - three[at]) < SAME);

function hitsOf(way, boxes) {
  return sum(pairs(way).map((part) => {
    const line = boxOf(part);
    return boxes.filter((box) => box.x < right(line) && line.x < right(box) && box.y < bottom(line) && line.y < bottom(box)).length;
  }));
}

function boxOf([[ax, ay], [bx, by]]) {
  return { x: Math.min(ax, bx), y: Math.min(ay, by), width: Math.abs(ax - bx), height: Math.abs(ay - by) };
}

// How much of a way lies on parts of other lines.
const covered = (way, parts) => sum(pairs(way).flatMap((mine) => parts.map((theirs) => shared(mine, theirs))));

function shared(mine, theirs) {
  for (const [across, along] of [[0, 1], [1, 0]]) {
    const places = [...mine, ...theirs].map((point) => point[across]);
    if (Math.max(...places) - Math.min(...places) >= SAME * 3) continue;
    const ends = [mine, theirs].map((part) => part.map((point) => point[along]));
    const [start, stop] = [Math.max(...ends.map((one) => Math.min(...one))), Math.min(...ends.map((one) => Math.max(...one)))];
    return Math.max(0, stop - start);
  }
  return 0;
}

const length = (way) => sum(pairs(way).map(([[ax, ay], [bx, by]]) => Math.abs(ax - bx) + Math.abs(ay - by)));

function compare(one, other) {
  const at = one.findIndex((value, index) => value !== other[index]);
  return at < 0 ? 0 : one[at] - other[at];
}

function unlike(ways) {
  return [...new Map(ways.map((way) => [JSON.stringify(way), way])).values()];
}
