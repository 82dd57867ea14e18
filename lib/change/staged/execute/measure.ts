import 'server-only';
import { transaction } from '@/lib/db/transaction';
import type { ReadyPods } from '../../analysis/model';
import { measureRegion } from '../../analysis/read';
import { proveShare } from '../../analysis/share';
import type { Execution } from '../../execute/execution';
import { holdChange } from '../../execute/intents';
import { guardSource } from '../../guard/read';
import { type Verdict, verdictWords } from '../../model';
import { observe } from '../../move-change';
import { readyNewPods } from '../../rollout';
import type { Json } from '../../template';
import type { Analysis, StagedStep } from '../contract';
import type { StagedFacts } from '../facts';
import { routedAtMs } from '../judged';
import type { StagedRecorded } from './recorded';

/** One question to Prometheus that is due: about a region's versions, or whether its requests follow the weights. */
export type Question = {
  n: number;
  analysis: Analysis;
  kind: 'judge' | 'prove';
  share: number;
  /** Of the baseline, where it is pods of its own. */
  beside: number | null;
  sinceSeconds: number;
  ready: ReadyPods;
};

type Kind = Question['kind'];
type Prove = Extract<StagedStep, { do: 'prove' }>;

/** How a version behaves is asked for as long as it takes requests, also while their share is still to be proven. */
const kindsIn = (step: StagedStep, region: string): Kind[] =>
  step.do === 'prove' && step.region === region ? ['prove', 'judge'] : ['judge'];

/** Shares are asked for at every scrape, figures at the analysis' own interval. */
export function questionsOf(facts: StagedFacts): Question[] {
  const step = facts.steps[facts.step.n - 1];
  if (step === undefined || facts.backingOut) return [];
  return facts.analysis.flatMap((analysis): Question[] => {
    const { region } = analysis;
    const routedAt = routedAtMs(facts, region);
    if (routedAt === null) return [];
    const readyOf = (part: 'new' | 'baseline'): number | null => {
      const fact = [...facts.objects.values()].find(
        ({ object }) => object.part === part && object.region === region,
      );
      return fact?.rollout == null ? null : readyNewPods(fact.rollout);
    };
    return kindsIn(step, region)
      .filter((kind) => facts.nowMs >= (dueMs(facts.measurements, analysis, kind) ?? 0))
      .map((kind) => ({
        n: facts.step.n,
        analysis,
        kind,
        ...(kind === 'prove' && step.do === 'prove' ? sharesOf(step) : { share: 0, beside: null }),
        sinceSeconds: (facts.nowMs - routedAt) / 1000,
        ready: { pods: readyOf('new'), baselinePods: readyOf('baseline') },
      }));
  });
}

const sharesOf = ({ share, baseline }: Prove) => ({ share, beside: baseline ?? null });

/** When this question is due again; null: it was never asked. */
function dueMs(
  measurements: StagedFacts['measurements'],
  { region, scrapeSeconds, intervalSeconds }: Analysis,
  kind: Kind,
): number | null {
  const last = measurements.findLast((one) => one.region === region && one.proves === (kind === 'prove'));
  const everySeconds = kind === 'prove' ? Math.max(1, scrapeSeconds) : intervalSeconds;
  return last === undefined ? null : last.atMs + 1000 * everySeconds;
}

/** The next questions, and the end of a step that only takes its time. */
export function momentsOf({
  steps,
  step: { n, sinceMs },
  analysis,
  measurements,
}: StagedFacts): (number | null)[] {
  const step = steps[n - 1];
  if (step === undefined) return [];
  const questions = analysis.flatMap((one) =>
    kindsIn(step, one.region).map((kind) => dueMs(measurements, one, kind)),
  );
  return [...questions, 'seconds' in step ? sinceMs + step.seconds * 1000 : null];
}

type Row = {
  verdict: Verdict;
  total: number | null;
  failed: number | null;
  share: number | null;
  baselineTotal: number | null;
  baselineFailed: number | null;
  detail: string;
  query: string;
  answer: Json;
};

async function ask(run: Execution, recorded: StagedRecorded, question: Question): Promise<Row> {
  const { analysis } = question;
  const source = guardSource(run.config, recorded.change.plan.environment, analysis.region);
  if (question.kind === 'judge') return measureRegion(source, analysis, question.ready);
  const { share, beside, sinceSeconds } = question;
  const proof = await proveShare(source, analysis, share, sinceSeconds, beside);
  return {
    verdict: proof.verdict === 'PASS' && !proof.proven ? 'NODATA' : proof.verdict,
    total: null,
    failed: null,
    share: proof.share,
    baselineTotal: null,
    baselineFailed: null,
    detail: proof.detail,
    query: proof.query,
    answer: { wanted: share, ...(beside === null ? {} : { wantedBaseline: beside }), answer: proof.answer },
  };
}

/**
 * Asks Prometheus and stores the verdicts, whatever they are, with query and raw answer. The log of the execution
 * gets a line when a verdict changes; the measurements hold every one.
 */
export async function measureStaged(
  run: Execution,
  recorded: StagedRecorded,
  questions: readonly Question[],
): Promise<void> {
  const asked = await Promise.all(
    questions.map(async (question) => ({ question, row: await ask(run, recorded, question) })),
  );
  await transaction(async (tx) => {
    const { now } = await holdChange(tx, run);
    for (const { question, row } of asked) {
      const { n, analysis } = question;
      const proves = question.kind === 'prove';
      const { answer, detail, ...columns } = row;
      await tx.measurement.create({
        data: {
          ...columns,
          changeNumber: run.number,
          step: n,
          proves,
          region: analysis.region,
          takenAt: now,
          detail: detail.slice(0, 500),
          ...(answer === null ? {} : { answer }),
        },
      });
      const last = recorded.measurements.findLast(
        (one) => one.region === analysis.region && one.proves === proves,
      );
      if (last?.verdict === row.verdict) continue;
      const what = proves ? 'Share' : 'Analysis';
      await observe(
        tx,
        run.number,
        n,
        'reading',
        `${what} in ${analysis.region} ${verdictWords[row.verdict]}: ${detail}`,
      );
    }
  }, run.db);
}
