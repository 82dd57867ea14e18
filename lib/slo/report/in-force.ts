import { clip, type Span, unite } from '../ledger/spans';

/** A definition of one objective in one environment, and when the configuration had it. Unix seconds. */
export type Defined = { id: number; firstSeen: number; retired: number | null };

/**
 * When each definition decided about the objective within a span: of those that the configuration had at a moment,
 * the one seen last. Before the first was seen it is the first: its counts were filled in from the past. So each
 * moment belongs to one definition at most, and an edited objective keeps what its earlier definition counted.
 */
export function inForce(definitions: readonly Defined[], span: Span): Map<number, Span[]> {
  const ordered = [...definitions].sort((a, b) => a.firstSeen - b.firstSeen || a.id - b.id);
  const first = ordered[0];
  const marks = new Set([span.from, span.to]);
  for (const { firstSeen, retired } of ordered) {
    for (const at of [firstSeen, retired]) {
      if (at !== null && at > span.from && at < span.to) marks.add(at);
    }
  }
  const edges = [...marks].sort((a, b) => a - b);
  const found = new Map<number, Span[]>();
  for (const [index, from] of edges.entries()) {
    const to = edges[index + 1];
    if (to === undefined) break;
    const known = ordered.filter(
      ({ firstSeen, retired }) => firstSeen <= from && (retired === null || retired > from),
    );
    const owner = known.at(-1) ?? (first !== undefined && from < first.firstSeen ? first : undefined);
    if (owner !== undefined) found.set(owner.id, [...(found.get(owner.id) ?? []), { from, to }]);
  }
  return new Map([...found].map(([id, spans]) => [id, clip(unite(spans), span)]));
}
