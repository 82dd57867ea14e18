const z = 1.959964;

/**
 * 95 % interval of a share (Wilson 1927, "Probable inference"): inside 0 to 1, and honest of few. `all` may be 0: then
 * nothing is known.
 */
export function wilson(part: number, all: number): { low: number; high: number } {
  if (all <= 0) return { low: 0, high: 1 };
  const ratio = part / all;
  const scale = 1 + z ** 2 / all;
  const centre = (ratio + z ** 2 / (2 * all)) / scale;
  const half = (z * Math.sqrt((ratio * (1 - ratio)) / all + z ** 2 / (4 * all ** 2))) / scale;
  return {
    low: part <= 0 ? 0 : Math.max(0, centre - half),
    high: part >= all ? 1 : Math.min(1, centre + half),
  };
}
