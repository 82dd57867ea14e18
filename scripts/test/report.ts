import type { Counts } from './counts';

/** The last two lines: the count of each runner, and the totals. */
export function lastLines(results: Record<string, Counts>): string {
  const each = Object.entries(results).map(([runner, { passed, failed }]) =>
    failed > 0 ? `${runner} ${passed} (${failed} failed)` : `${runner} ${passed}`,
  );
  const total = (key: 'passed' | 'failed') =>
    Object.values(results).reduce((sum, counts) => sum + counts[key], 0);
  return `${each.join(', ')}\n${total('passed')} passed, ${total('failed')} failed`;
}

/** The ten files that took longest, of all runners, the longest first. */
export function slowestFiles(results: Record<string, Counts>): string {
  const files = Object.entries(results).flatMap(([runner, { files }]) =>
    files.map((entry) => ({ runner, ...entry })),
  );
  const slowest = files.sort((a, b) => b.ms - a.ms).slice(0, 10);
  return slowest
    .map(({ runner, file, ms }) => `${(ms / 1000).toFixed(1).padStart(7)} s  ${file} (${runner})`)
    .join('\n');
}

/** Each test that passed at its second attempt, with why its first one failed; null when none did. */
export function secondAttempts(results: Record<string, Counts>): string | null {
  const named = Object.entries(results).flatMap(([runner, { secondAttempts }]) =>
    secondAttempts.map((text) => {
      const [name = '', ...reasons] = text.split('\n');
      return [`    ${name} (${runner})`, ...reasons.map((line) => `        ${line}`)].join('\n');
    }),
  );
  return named.length === 0 ? null : ['Needed a second attempt:', ...named].join('\n');
}
