import type { Labels } from '../labels';

const levels: Record<string, string> = {
  trace: 'trace',
  trc: 'trace',
  debug: 'debug',
  dbg: 'debug',
  info: 'info',
  inf: 'info',
  information: 'info',
  notice: 'info',
  warn: 'warn',
  wrn: 'warn',
  warning: 'warn',
  error: 'error',
  err: 'error',
  critical: 'critical',
  fatal: 'fatal',
};
const names = ['level', 'LEVEL', 'Level', 'severity', 'SEVERITY', 'lvl', 'log.level', 'severity_text'];
const inJson = /"(?:level|LEVEL|Level|severity|SEVERITY|lvl)"\s*:\s*"(\w+)"/;
const inLogfmt = /(?:^|\s)(?:level|LEVEL|Level|severity|lvl)="?(\w+)/;
const words: [RegExp, string][] = [
  [/\bfatal\b/i, 'fatal'],
  [/\bcritical\b/i, 'critical'],
  [/\berr(or)?\b/i, 'error'],
  [/\bwarn(ing)?\b/i, 'warn'],
  [/\binfo\b/i, 'info'],
  [/\bdebug\b/i, 'debug'],
];

const known = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : levels[text.toLowerCase()];

/** The level that a label set states, or null when only the line can tell. */
export function levelOfLabels(labels: Labels): string | null {
  const name = names.find((candidate) => labels[candidate] !== undefined);
  return name === undefined ? null : (known(labels[name]) ?? 'unknown');
}

/** The level Loki would detect in a line: its level field, else a telling word, else `unknown`. */
export function levelOfLine(line: string): string {
  const field = inJson.exec(line) ?? inLogfmt.exec(line);
  const found = known(field?.[1]);
  if (found !== undefined) return found;
  return words.find(([word]) => word.test(line))?.[1] ?? 'unknown';
}

const shared = new Map<string, Labels>();

/** One frozen `{detected_level}` per level, so that a hundred thousand entries share the same object. */
export function levelMetadata(level: string): Labels {
  const found = shared.get(level);
  if (found !== undefined) return found;
  const made = Object.freeze({ detected_level: level });
  shared.set(level, made);
  return made;
}
