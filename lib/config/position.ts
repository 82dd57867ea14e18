import { type Document, isMap, isScalar, isSeq, type LineCounter, type Node, type Pair } from 'yaml';

type Path = readonly PropertyKey[];
export type Position = { line: number; column: number };

/** Where the value at a path stands; when it is absent, the nearest thing that contains it. */
export function positionOf(document: Document, lines: LineCounter, path: Path): Position {
  let node: unknown = document.contents;
  let offset = rangeOf(node) ?? 0;
  for (const part of path) {
    const found = childOf(node, part);
    if (found === null) break;
    node = found.value;
    offset = rangeOf(node) ?? found.keyOffset ?? offset;
  }
  return at(lines, offset);
}

/** Where a key of the mapping at a path stands. */
export function keyPositionOf(document: Document, lines: LineCounter, path: Path, key: string): Position {
  let node: unknown = document.contents;
  for (const part of path) node = childOf(node, part)?.value;
  const found = childOf(node, key);
  return found?.keyOffset === undefined ? positionOf(document, lines, path) : at(lines, found.keyOffset);
}

function at(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

type Child = { value: unknown; keyOffset: number | undefined };

function childOf(node: unknown, part: PropertyKey): Child | null {
  if (isSeq(node)) {
    const item: unknown = typeof part === 'number' ? node.items[part] : undefined;
    return item === undefined ? null : { value: item, keyOffset: rangeOf(item) };
  }
  if (!isMap(node)) return null;
  const pair = node.items.find((candidate: Pair) => keyText(candidate.key) === String(part));
  return pair === undefined ? null : { value: pair.value, keyOffset: rangeOf(pair.key) };
}

const keyText = (key: unknown): string => (isScalar(key) ? String(key.value) : String(key));

function rangeOf(node: unknown): number | undefined {
  return isNodeLike(node) ? node.range?.[0] : undefined;
}

const isNodeLike = (value: unknown): value is Node => isScalar(value) || isMap(value) || isSeq(value);
