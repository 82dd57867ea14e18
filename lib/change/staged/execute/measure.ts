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

/** Shares are asked for at every scrape, figures at the analysis' own interval. */
export function questionsOf(facts: StagedFacts): Question[] {
  const step = facts.steps[facts.step.n - 1];
  if (step === undefined || facts.backingOut) return [];
  return facts.analysis.flatMap((analysis): Question[] => {
    const { region } = analysis;
    const routedAt = routedAtMs(facts, region);
    if (routedAt === null) return [];
    const proves = step.do === 'prove' && step.region === region;
    const last = facts.measurements.findLast((one) => one.region === region);
    if (last !== undefined && facts.nowMs - last.atMs < everyMs(step, analysis)) return [];
    const readyOf = (part: 'new' | 'baseline'): number | null => {
      const fact = [...facts.objects.values()].find(
        ({ object }) => object.part === part && object.region === region,
      );
      return fact?.rollout == null ? null : readyNewPods(fact.rollout);
    };
    return [
      {
        n: facts.step.n,
        analysis,
        kind: proves ? 'prove' : 'judge',
        share: step.do === 'prove' ? step.share : 0,
        beside: step.do === 'prove' ? (step.baseline ?? null) : null,
        sinceSeconds: (facts.nowMs - routedAt) / 1000,
        ready: { pods: readyOf('new'), baselinePods: readyOf('baseline') },
      },
    ];
  });
}

const everyMs = (step: StagedStep, { region, scrapeSeconds, intervalSeconds }: Analysis): number =>
  1000 * (step.do === 'prove' && step.region === region ? Math.max(1, scrapeSeconds) : intervalSeconds);

/** The next questions, and the end of a step that only takes its time. */
export function momentsOf({
  steps,
  step: { n, sinceMs },
  analysis,
  measurements,
}: StagedFacts): (number | null)[] {
  const step = steps[n - 1];
  if (step === undefined) return [];
  const questions = analysis.map((one) => {
    const last = measurements.findLast(({ region }) => region === one.region);
    return last === undefined ? null : last.atMs + everyMs(step, one);
  });
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
      const { answer, detail, ...columns } = row;
      await tx.measurement.create({
        data: {
          ...columns,
          changeNumber: run.number,
          step: n,
          region: analysis.region,
          takenAt: now,
          detail: detail.slice(0, 500),
          ...(answer === null ? {} : { answer }),
        },
      });
      const isProof = (step: number) => recorded.staged.steps[step - 1]?.do === 'prove';
      const last = recorded.measurements.findLast(
        (one) => one.region === analysis.region && isProof(one.step) === isProof(n),
      );
      if (last?.verdict === row.verdict) continue;
      const what = question.kind === 'prove' ? 'Share' : 'Analysis';
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
