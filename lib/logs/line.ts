import { z } from 'zod';
import { type Level, type LogLine, levels } from './contract';

/** Words that programs use for the same level. */
const aliases: Record<string, Level> = {
  crit: 'critical',
  fatal: 'critical',
  panic: 'critical',
  emerg: 'critical',
  alert: 'critical',
  err: 'error',
  eror: 'error',
  severe: 'error',
  warning: 'warn',
  notice: 'info',
  information: 'info',
  dbg: 'debug',
  trace: 'debug',
  verbose: 'debug',
};

/** A level in any program's word; `unknown` where there is none or nobody knows it. */
export function levelOf(text: string | undefined): Level {
  const word = text?.trim().toLowerCase() ?? '';
  return levels.find((level) => level === word) ?? aliases[word] ?? 'unknown';
}

const Fields = z.record(z.string(), z.unknown());

const asText = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));

/** Fields of a line that is a JSON object, nested ones joined by `_` as Loki names them; empty otherwise. */
export function fieldsOf(line: string): Record<string, string> {
  if (!line.startsWith('{')) return {};
  try {
    const found: [string, string][] = [];
    flatten(Fields.parse(JSON.parse(line)), '', found, 0);
    return Object.fromEntries(found.slice(0, 100));
  } catch {
    return {};
  }
}

function flatten(
  object: Record<string, unknown>,
  prefix: string,
  into: [string, string][],
  depth: number,
): void {
  for (const [key, value] of Object.entries(object)) {
    const nested = Fields.safeParse(value);
    if (nested.success && depth < 4) flatten(nested.data, `${prefix}${key}_`, into, depth + 1);
    else into.push([`${prefix}${key}`, asText(value)]);
  }
}

const maxLine = 32_768;

/** A line as pages show it. The level is the stream's own, then the one Loki detected, then the line's. */
export function toLogLine(raw: { ns: string; line: string; labels: Record<string, string> }): LogLine {
  const { detected_level: detected, ...labels } = raw.labels;
  const fields = fieldsOf(raw.line);
  const line = raw.line.length > maxLine ? `${raw.line.slice(0, maxLine)} … (cut)` : raw.line;
  return {
    ns: raw.ns,
    at: new Date(Number(BigInt(raw.ns) / 1_000_000n)).toISOString(),
    level: levelOf(labels['level'] ?? detected ?? fields['level']),
    line,
    labels,
    fields,
    message: fields['message'] ?? fields['msg'] ?? line,
  };
}
