import 'server-only';
import type { PrometheusSource } from '@/lib/config/sources';
import type { Analysis } from '../staged/contract';
import type { Json } from '../template';
import { judgeShare, judgeShares, type ShareProof, type ShareReading } from './judge-share';
import { ingestLagOf } from './model';
import { answerOf, askTogether, type Together, togetherOf } from './read';

type ShareQuery = NonNullable<Analysis['queries']['share']>[number];

/** Seconds after a write of weights before the shortest window shows nothing of the time before it. */
export const proofDelaySeconds = (analysis: Analysis): number =>
  shareQueries(analysis)[0].windowSeconds + analysis.scrapeSeconds + ingestLagOf(analysis);

/** Shortest first; a plan without queries of its own for it uses those of the judgement. */
function shareQueries({ queries, windowSeconds }: Analysis): [ShareQuery, ...ShareQuery[]] {
  const [first, ...others] = (queries.share ?? []).toSorted((a, b) => a.windowSeconds - b.windowSeconds);
  return first === undefined
    ? [{ windowSeconds, candidate: queries.candidate.total, baseline: queries.baseline.total }]
    : [first, ...others];
}

/** The longest window that lies behind the change of weights; the shortest where none does or nobody knows. */
export function proofQuery(analysis: Analysis, sinceSeconds: number | null): ShareQuery {
  const [first, ...others] = shareQueries(analysis);
  const clean = (sinceSeconds ?? 0) - analysis.scrapeSeconds - ingestLagOf(analysis);
  return others.findLast(({ windowSeconds }) => windowSeconds <= clean) ?? first;
}

/** A proof with its evidence: what was asked, and what was answered. */
export type MeasuredShare = ShareProof & { query: string; answer: Json };

/**
 * The proof from the data plane that traffic follows the weights (change-engine.md 2.3): routers only say that they
 * took them. `wanted` is the share of the new version, 0 to 1; `sinceSeconds` how long ago the weights were written,
 * so that at few requests a longer window is taken; `beside` the share of the baseline, where it is pods of its own.
 * Never throws.
 */
export async function proveShare(
  source: PrometheusSource | null,
  analysis: Analysis,
  wanted: number,
  sinceSeconds: number | null = null,
  beside: number | null = null,
): Promise<MeasuredShare> {
  const { windowSeconds, candidate, baseline, old } = proofQuery(analysis, sinceSeconds);
  const parts = { candidate, baseline, ...(old === undefined ? {} : { old }) };
  const query = togetherOf(parts).text;
  if (candidate === baseline) {
    const detail = 'The new and the old version cannot be told apart: the query of both is the same.';
    return { ...unproven('ERROR', detail), query, answer: null };
  }
  if (sinceSeconds !== null && sinceSeconds < proofDelaySeconds(analysis)) {
    const detail = 'The window still shows requests from before the weights were changed.';
    return { ...unproven('NODATA', detail), query, answer: null };
  }
  const given = await askTogether(source, parts);
  const proof = judgeAnswer(given, (counts) =>
    beside === null
      ? judgeShare({ windowSeconds, ...counts }, wanted, analysis.shareTolerance)
      : judgeShares(
          { windowSeconds, ...counts },
          { candidate: wanted, baseline: beside },
          analysis.shareTolerance,
        ),
  );
  return { ...proof, query, answer: answerOf(given, parts) };
}

const unproven = (verdict: 'ERROR' | 'NODATA', detail: string): ShareProof => ({
  proven: false,
  verdict,
  share: null,
  detail,
});

/** A version without series had no requests; one whose count is no number says nothing. */
function judgeAnswer(
  given: Together,
  judge: (counts: Omit<ShareReading, 'windowSeconds'>) => ShareProof,
): ShareProof {
  if (!given.ok) return unproven('ERROR', given.problem);
  const warning = given.warnings[0];
  if (warning !== undefined) return unproven('ERROR', `Prometheus warns of its own answer: ${warning}`);
  if ([...given.values.values()].some((value) => !Number.isFinite(value) || value < 0)) {
    return unproven('NODATA', 'Prometheus has no number for the requests of a version.');
  }
  const count = (part: string): number | null => given.values.get(part) ?? null;
  return judge({ candidate: count('candidate'), baseline: count('baseline'), old: count('old') });
}
