/**
 * Integration tests that take the most time, the longest first. A clone that never ran them knows only how large files
 * are, and the longest of all is a short one: begun last, it would run alone at the end.
 */
export const longest = [
  'worker/faults/staged-schedules',
  'worker/faults/schedules',
  'worker/recovery',
  'worker/migration-release',
  'worker/image',
  'cli/change',
  'worker/guard',
  'lib/audit/log',
  'worker/faults/killed',
].map((name) => `${name}.integration.test.ts`);

/** The same files with those of `longest` before all the others, each part in its order. */
export function longestFirst<F extends { moduleId: string }>(files: readonly F[]): F[] {
  const rank = ({ moduleId }: F): number => {
    const at = longest.findIndex((name) => moduleId.endsWith(`/${name}`));
    return at === -1 ? longest.length : at;
  };
  return files.toSorted((a, b) => rank(a) - rank(b));
}
