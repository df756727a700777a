// Lays answers on the star that macros/star.html drew. No geometry here: the rings hold all the points, and the
// legend holds a mark of each kind. tests/vectors/star.json holds it to the server's own drawing.

/** The points of each ring, by score: `rings[score - 1][axis]`. */
export const ringsOf = (svg) =>
  [...svg.querySelectorAll(".star-ring")].map((ring) => ring.getAttribute("points").split(" "));

/** Where each score stands; null where there is none. */
export const marksOf = (rings, scores) => scores.map((score, axis) => (score ? rings[score - 1][axis] : null));

const stroke = (run) => `M${run.join(" L")}`;

/** The line through the marks: closed when none is missing, else one stroke for each run of neighbours. */
export function pathOf(marks) {
  const gap = marks.indexOf(null);
  if (gap < 0) return `${stroke(marks)}Z`;
  const runs = [[]];
  for (const mark of [...marks.slice(gap + 1), ...marks.slice(0, gap)]) {
    if (mark) runs.at(-1).push(mark);
    else runs.push([]);
  }
  return runs.filter((run) => run.length > 1).map(stroke).join(" ");
}

/** Draw one series ("first" or "latest") on the figure's star; scores in the order of the axes, null for none. */
export function draw(figure, which, scores) {
  const svg = figure.querySelector(".star-drawing");
  const series = svg.querySelector(`.series-${which}`);
  const sample = figure.querySelector(`.chart-sample .series-${which} .series-mark`);
  const marks = marksOf(ringsOf(svg), scores);
  const line = series.querySelector(".series-line");
  line.setAttribute("d", pathOf(marks));
  const drawn = marks.filter(Boolean).map((mark) => {
    const one = sample.cloneNode(true);
    one.setAttribute("transform", `translate(${mark})`);
    return one;
  });
  series.replaceChildren(line, ...drawn);
}
