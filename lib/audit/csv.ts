import type { AuditRow } from './contract';

const columns = [
  'seq',
  'at',
  'actor',
  'actor_kind',
  'actor_id',
  'via',
  'action',
  'target',
  'change',
  'result',
  'reason',
  'details',
  'leaf',
  'previous_leaf',
] as const;

/**
 * One cell by RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe in front; control
 * characters that would move the cursor in a terminal are dropped.
 */
export function csvCell(value: string | number | null): string {
  if (value === null) return '';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is dropped
  const text = String(value).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '');
  const guarded = typeof value === 'string' && /^[\s]*[=+\-@\t\r\n|%]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

export const csvHeader = (): string => `${columns.join(',')}\r\n`;

export function csvRow(row: AuditRow): string {
  const cells = [
    row.seq,
    row.at,
    row.actor.name,
    row.actor.kind,
    row.actor.id,
    row.via,
    row.action,
    row.target,
    row.change,
    row.result,
    row.reason,
    JSON.stringify(row.details),
    row.leaf,
    row.previousLeaf,
  ];
  return `${cells.map(csvCell).join(',')}\r\n`;
}
