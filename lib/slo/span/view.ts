import 'server-only';
import type { Config } from '@/lib/config/schema';
import { timeSlices } from '@/lib/config/slo';
import { paths } from '@/lib/core/paths';
import { type Database, database } from '@/lib/db/client';
import { clockOf } from '../fleet/poll';
import { recordedOf } from '../fleet/tallies';
import { mergeRegions } from '../ledger/claims';
import { horizonSeconds } from '../ledger/model';
import { readClaims } from '../ledger/read-claims';
import { readExcluded } from '../ledger/read-exclusions';
import { clip, overlaps, type Span, totalLength } from '../ledger/spans';
import { objectiveOf } from '../math/objective';
import type { Marker } from '../page/contract';
import { knownAs, knownOf } from '../page/known';
import { snapSpan } from './bounds';
import type { SloSpan, SpanQuery } from './contract';
import { spanCost } from './cost';
import { readSpanRuns } from './read';

export type SpanAsk = SpanQuery & { slo: string };

const unix = (instant: string): number => Date.parse(instant) / 1000;
const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();

/** What was changed, broke or was planned in a span, as the ledger knows it. */
async function markersIn(
  db: Database,
  config: Config,
  asked: { slo: Parameters<typeof readClaims>[2]['slo']; environment: string; span: Span; now: number },
): Promise<Marker[]> {
  const { claims, said } = await readClaims(db, config, { ...asked, horizon: horizonSeconds.usual });
  return mergeRegions(claims)
    .filter((claim) => overlaps(claim, asked.span))
    .sort((a, b) => a.from - b.from)
    .flatMap(({ id, regions, from, to, end }): Marker[] => {
      const about = said.get(id);
      if (about === undefined) return [];
      const { cause, title, change, link } = about;
      const href = change === null ? link : paths.change(change);
      return [
        {
          id,
          cause,
          title,
          regions: regions === null ? null : [...regions],
          from,
          to: end === 'running' ? null : to,
          href,
        },
      ];
    });
}

/**
 * What a span of time cost an objective, from recorded counts alone. Throws OpsError `not-found`, and `invalid` for a
 * span that cannot be priced.
 */
export async function spanView(config: Config, ask: SpanAsk, db: Database = database()): Promise<SloSpan> {
  const { state, known: listed, environment } = await knownOf(config, ask);
  const now = clockOf(state);
  const asked = { from: unix(ask.from), to: unix(ask.to) };
  const snapped = snapSpan(asked, { now, hoursKeptSeconds: config.retention.sloHours });
  // The newest bucket still fills: what is recorded of it counts.
  const span = {
    from: snapped.from,
    to: Math.max(snapped.from + 300, Math.min(snapped.to, Math.ceil(listed.to / 300) * 300)),
  };
  const { slo } = listed;
  const [known, excluded, markers] = await Promise.all([
    knownAs(db, listed, ask, now),
    ask.exclusions === 'on' ? readExcluded(db, slo, environment, { span }) : null,
    markersIn(db, config, { slo, environment, span, now }),
  ]);
  const spans = clip(excluded?.spans ?? [], span);
  const lens = { ...known.lens, excluded: spans };
  const ids = known.groups.map(({ groupId }) => groupId);
  const runs = await readSpanRuns(db, ids, span, { now, lens });
  const cost = spanCost({
    span,
    size: snapped.size,
    objective: objectiveOf(slo.objective),
    window: { ...known.whole.window, from: known.bounds.from, to: known.bounds.to },
    groups: known.groups.map(({ groupId, key, labels }) => ({
      key,
      labels,
      recorded: recordedOf(runs.get(groupId) ?? []),
    })),
  });
  const isCut = span.to < snapped.to;
  return {
    slo: slo.id,
    environment,
    from: iso(span.from),
    to: iso(span.to),
    seconds: span.to - span.from,
    bucketSeconds: snapped.size,
    asked: { from: iso(asked.from), to: iso(asked.to) },
    unit: timeSlices(slo) === null ? 'events' : 'slices',
    ...cost,
    remarks: [
      ...(isCut
        ? [
            `Counts are recorded until ${iso(listed.to).slice(0, 16).replace('T', ' ')} UTC; the span ends there.`,
          ]
        : []),
      ...cost.remarks,
    ],
    markers,
    exclusions: { applied: ask.exclusions === 'on', seconds: totalLength(spans) },
  };
}
