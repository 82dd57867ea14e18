import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type LineCounter,
  type Node,
  type YAMLMap,
} from 'yaml';
import type { Entry, Field, Place } from './model';
import { mapScalar } from './scalar-map';

/** A YAML file while it is read: nodes to fields with their places. */
export type Source = { file: string; text: string; lines: LineCounter; document: Document };

export function placeAt({ file, lines }: Pick<Source, 'file' | 'lines'>, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(1, line), column: Math.max(1, col) };
}

/** What an alias stands for; the node itself else. */
export function resolved(source: Source, node: unknown): Node | null {
  if (isAlias(node)) return node.resolve(source.document) ?? null;
  return isMap(node) || isSeq(node) || isScalar(node) ? node : null;
}

export const placeOf = (source: Source, node: unknown): Place =>
  placeAt(source, (isMap(node) || isSeq(node) || isScalar(node) || isAlias(node) ? node.range?.[0] : 0) ?? 0);

export type Member = { key: string; keyPlace: Place; value: Node | null; place: Place };

/** The members of a mapping in order, with those that are merged into it (`<<`) at the end. */
export function membersOf(source: Source, map: YAMLMap, depth = 0): Member[] {
  const own: Member[] = [];
  const merged: Member[] = [];
  for (const { key, value } of map.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (name === '<<' && depth < 8) {
      const from = resolved(source, value);
      const maps = isSeq(from) ? from.items.map((item) => resolved(source, item)) : [from];
      for (const one of maps) if (isMap(one)) merged.push(...membersOf(source, one, depth + 1));
    } else {
      const keyPlace = placeOf(source, key);
      own.push({
        key: name,
        keyPlace,
        value: resolved(source, value),
        place: value === null ? keyPlace : placeOf(source, value),
      });
    }
  }
  return [...own, ...merged.filter((one) => !own.some((other) => other.key === one.key))];
}

export const memberOf = (members: readonly Member[], key: string): Member | undefined =>
  members.find((one) => one.key === key);

/** A scalar as text, as it is written where it is no text: `1.10` stays `1.10`. Null for what is no scalar. */
export function fieldOf(source: Source, node: unknown): Field | null {
  if (!isScalar(node)) return null;
  const value = typeof node.value === 'string' ? node.value : (node.source ?? '');
  const place = placeOf(source, node);
  let map: number[] | null | undefined;
  return {
    value,
    place,
    at: (offset) => {
      map ??= mapScalar(source.text, node);
      const found = map?.[Math.max(0, Math.min(offset, value.length))];
      return found === undefined ? place : placeAt(source, found);
    },
  };
}

/** The texts of a mapping, such as labels; what is no text is left to Prometheus to refuse. */
export function entriesOf(source: Source, node: unknown): Entry[] {
  const map = resolved(source, node);
  if (!isMap(map)) return [];
  return membersOf(source, map).flatMap(({ key, keyPlace, value }) => {
    const field = fieldOf(source, value);
    return field === null ? [] : [{ key, keyPlace, field }];
  });
}
