import { Guard } from '@/lib/config/policy';
import { Metrics } from '@/lib/config/service';
import type { Analysis } from '../../staged/contract';
import { makeAnalysis } from '../make-analysis';
import type { Readings } from '../model';

export const metrics = Metrics.parse({
  selector: [{ label: 'service', op: '=', value: 'api' }],
  requests: {
    total: { metric: 'requests_total' },
    failed: { metric: 'requests_total', matchers: [{ label: 'status', op: '=~', value: '5..' }] },
  },
});

export const at = { environment: 'production', region: 'eu-west-1' };

/** Windows of a minute every 30 s, scraped every 5 s, 50 requests for a verdict. */
export const analysis: Analysis = makeAnalysis({
  metrics,
  at,
  versions: { candidate: '2.0.0', baseline: '1.0.0' },
  guard: Guard.parse({ interval: '30s', grace: '10m' }),
  strategies: { shareTolerance: 0.5, proveTimeout: 300, proveWindow: 20, ingestLag: 5, minVerdict: 50 },
  scrapeSeconds: 5,
});

type Answered = Extract<Readings, { ok: true }>;

/** An answer that the self-test believes: two versions that share the requests, and a new sample. */
export function answered(given: Partial<Answered> = {}): Answered {
  const { total = 212, baselineTotal = 4000 } = given;
  return {
    ok: true,
    at: 1_800_000_000,
    warnings: [],
    total,
    failed: 2,
    baselineTotal,
    baselineFailed: 8,
    all: (total ?? 0) + (baselineTotal ?? 0),
    sampleAge: 4,
    pods: null,
    ...given,
  };
}
