import type { Scalar } from 'yaml';

const digits: Record<string, number> = { x: 2, u: 4, U: 8 };

/**
 * Where each character of a scalar's value stands in the file: plain, quoted, literal and folded, over several lines.
 * An escape is at its backslash, a folded line break at the white space it was folded from. The last entry is the
 * end. Null when file and value do not line up.
 */
export function mapScalar(source: string, node: Scalar): number[] | null {
  const value = typeof node.value === 'string' ? node.value : String(node.source ?? node.value);
  if (node.range === null || node.range === undefined) return null;
  const [start, end] = node.range;
  const isBlock = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
  const map = isBlock
    ? mapBlock(source, source.indexOf('\n', start) + 1, end, value)
    : mapFlow(source, start, end, node.type);
  return map === null || map.length !== value.length ? null : [...map, end];
}

/** Folding and indentation are white space on both sides, so everything else lines up in order. */
function mapBlock(source: string, start: number, end: number, value: string): number[] | null {
  const map: number[] = [];
  let at = start;
  while (map.length < value.length) {
    const wanted = value[map.length] ?? '';
    const given = source[at] ?? '';
    if (at >= end) {
      // What is kept or dropped at the end is white space.
      if (!/\s/.test(wanted)) return null;
      map.push(end);
    } else if (given === wanted) {
      map.push(at);
      at += 1;
    } else if (/\s/.test(given)) at += 1;
    else if (/\s/.test(wanted)) map.push(at);
    else return null;
  }
  return map;
}

/** Reads a plain or quoted scalar as YAML does, and notes where each character came from. */
function mapFlow(source: string, start: number, end: number, type: Scalar['type']): number[] {
  const isDouble = type === 'QUOTE_DOUBLE';
  const isSingle = type === 'QUOTE_SINGLE';
  const last = isDouble || isSingle ? end - 1 : end;
  const map: number[] = [];
  const put = (at: number, count: number): void => {
    for (let index = 0; index < count; index += 1) map.push(at);
  };
  for (let at = start + (isDouble || isSingle ? 1 : 0); at < last; ) {
    const run = /^[ \t\r\n]+/.exec(source.slice(at, Math.min(last, at + 4096)))?.[0] ?? '';
    const breaks = run.split('\n').length - 1;
    if (breaks > 0) {
      put(at, Math.max(1, breaks - 1));
      at += run.length;
    } else if (isDouble && source[at] === '\\') {
      const goesOn = /^\\\r?\n[ \t\r\n]*/.exec(source.slice(at, Math.min(last, at + 4096)))?.[0];
      const [units, length] = escaped(source, at);
      if (goesOn === undefined) put(at, units);
      else put(at, goesOn.split('\n').length - 2);
      at += goesOn?.length ?? length;
    } else {
      put(at, 1);
      at += isSingle && source[at] === "'" ? 2 : 1;
    }
  }
  return map;
}

/** How many characters (UTF-16) an escape stands for, and how long it is. */
function escaped(source: string, at: number): [units: number, length: number] {
  const letter = source[at + 1] ?? '';
  const count = digits[letter];
  if (count === undefined) return [1, 2];
  const code = Number.parseInt(source.slice(at + 2, at + 2 + count), 16);
  return [code > 0xffff ? 2 : 1, 2 + count];
}
