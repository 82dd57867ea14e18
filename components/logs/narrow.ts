import type { LogLine } from '@/lib/logs/contract';

/** A text as a LogQL string. Half of a surrogate pair has no escape there and is replaced. */
const quote = (text: string): string => JSON.stringify(text.toWellFormed());

/** Loki allows these characters in the name of a label and turns others into `_`. */
const labelName = (name: string): string => {
  const safe = name.replace(/[^a-zA-Z0-9_]/g, '_');
  return /^\d/.test(safe) ? `_${safe}` : safe;
};

export type Part = { name: string; value: string; from: 'label' | 'field' };

/**
 * The query with one more condition: "filter for" or "filter out". A field of a JSON line needs the parser
 * before it; where a label has the same name, Loki calls the field `…_extracted`.
 */
export function narrow(query: string, part: Part, out: boolean, labels: LogLine['labels']): string {
  const name = labelName(part.name);
  const clash = part.from === 'field' && Object.hasOwn(labels, name);
  const parser = part.from === 'field' && !/\|\s*json\b/.test(query) ? ' | json' : '';
  return `${query.trim()}${parser} | ${clash ? `${name}_extracted` : name}${out ? '!=' : '='}${quote(part.value)}`;
}

/** The lines around one: the same stream whatever the level, of the same pod when the line names one. */
export function aroundQuery(line: LogLine): string {
  const selector = Object.entries(line.labels)
    .filter(([name]) => name !== 'level' && /^[a-zA-Z_]\w*$/.test(name))
    .map(([name, value]) => `${name}=${quote(value)}`)
    .join(', ');
  const pod = line.fields['pod'];
  return `{${selector}}${pod === undefined || line.labels['pod'] !== undefined ? '' : ` |= ${quote(pod)}`}`;
}

/** All lines of one trace: of every service, so the selector only keeps the environment. */
export function traceQuery(line: LogLine): string | null {
  const trace = line.fields['trace_id'] ?? line.labels['trace_id'];
  if (trace === undefined || trace === '') return null;
  const kept = ['environment', 'namespace', 'service'].find((name) => line.labels[name] !== undefined);
  const value = kept === undefined ? undefined : line.labels[kept];
  if (kept === undefined || value === undefined) return null;
  return `{${kept}=${quote(value)}} |= ${quote(trace)}`;
}

/** The name of a line in a URL: its time and a short hash of its text and labels (FNV-1a). */
export function lineKey(line: Pick<LogLine, 'ns' | 'line' | 'labels'>): string {
  const text = `${line.line}\u0000${Object.entries(line.labels).sort().join('\u0000')}`;
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  }
  return `${line.ns}-${hash.toString(16).padStart(8, '0')}`;
}
