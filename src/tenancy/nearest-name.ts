/**
 * The candidate that was probably meant: the first that `name` begins, else the one that takes the fewest insertions,
 * deletions and substitutions of a character to become it.
 */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  const begun = name === "" ? undefined : candidates.find((candidate) => candidate.startsWith(name));
  if (begun !== undefined) return begun;
  let nearest: string | undefined;
  let shortest = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const distance = editDistance(name, candidate);
    if (distance < shortest) [nearest, shortest] = [candidate, distance];
  }
  return nearest;
}

function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const substituted = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(substituted, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}
