import type { LiveEvent } from '@/lib/live/contract';

/** Query key under which the stream keeps the newest state of the sources. */
export const sourcesKey = ['live', 'sources'] as const;
export type SourceState = Extract<LiveEvent, { type: 'sources' }>['sources'][number];

const kindNames: Record<SourceState['kind'], string> = {
  prometheus: 'Prometheus',
  alertmanager: 'Alertmanager',
  loki: 'Loki',
  cluster: 'Cluster',
  database: 'Database',
};

const worst: Record<SourceState['state'], number> = { fresh: 0, late: 1, failing: 2 };

export type SourceChip = {
  kind: SourceState['kind'];
  name: string;
  state: SourceState['state'];
  observedAt: string | null;
  sources: SourceState[];
};

/** One chip a kind: the worst of its sources speaks for it. The database shows itself only when it fails. */
export function sourceChips(sources: SourceState[]): SourceChip[] {
  const chips = new Map<SourceState['kind'], SourceChip>();
  for (const source of sources) {
    if (source.kind === 'database' && source.state === 'fresh') continue;
    const known = chips.get(source.kind);
    const all = [...(known?.sources ?? []), source];
    const lead = all.reduce((a, b) => (worst[b.state] > worst[a.state] ? b : a));
    chips.set(source.kind, {
      kind: source.kind,
      name: kindNames[source.kind],
      state: lead.state,
      observedAt: lead.observedAt,
      sources: all,
    });
  }
  return [...chips.values()];
}
