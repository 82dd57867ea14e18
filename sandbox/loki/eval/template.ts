import { unsupported } from '../error';
import type { Row } from './row';

const functions: Record<string, (text: string) => string> = {
  ToUpper: (text) => text.toUpperCase(),
  ToLower: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
  lower: (text) => text.toLowerCase(),
  trim: (text) => text.trim(),
  TrimSpace: (text) => text.trim(),
};

type Part = string | { field: string; apply: ((text: string) => string)[] };

/**
 * The part of Go templates that log formats use: `{{.label}}`, `{{__line__}}` and pipes to a few text functions.
 * Throws LokiError 400 for anything else, when the query is compiled.
 */
export function compileTemplate(template: string): (row: Row) => string {
  const parts: Part[] = template.split(/(\{\{[\s\S]*?\}\})/).map((text) => {
    if (!text.startsWith('{{')) return text;
    const [first, ...pipes] = text
      .slice(2, -2)
      .replace(/^-|-$/g, '')
      .split('|')
      .map((piece) => piece.trim());
    const field = first === '__line__' ? '__line__' : /^\.([A-Za-z_]\w*)$/.exec(first ?? '')?.[1];
    const apply = pipes.map((name) => functions[name]);
    if (field === undefined) throw unsupported(`the template action ${text}`);
    return { field, apply: apply.map((known) => known ?? refuse(text)) };
  });
  return (row) => parts.map((part) => render(part, row)).join('');
}

function refuse(text: string): never {
  throw unsupported(`the template action ${text}`);
}

function render(part: Part, row: Row): string {
  if (typeof part === 'string') return part;
  const value = part.field === '__line__' ? row.line : (row.get(part.field) ?? '');
  return part.apply.reduce((text, apply) => apply(text), value);
}
