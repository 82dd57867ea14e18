import { messageOf } from '@/lib/core/errors';
import type { DeployPlan, Precheck } from '../../contract';

export type Result = Precheck['result'];
/** What one region says to one question. */
export type Finding = { result: Result; detail: string };

export const pass = (detail: string): Finding => ({ result: 'pass', detail });
export const warn = (detail: string): Finding => ({ result: 'warn', detail });
export const fail = (detail: string): Finding => ({ result: 'fail', detail });

/** A read that fails is a warning that says so, never a pass. */
export async function attempt(run: () => Promise<Finding>): Promise<Finding> {
  try {
    return await run();
  } catch (error) {
    return warn(`Could not be checked: ${messageOf(error)}`);
  }
}

const rank: Record<Result, number> = { pass: 0, warn: 1, fail: 2 };

/** The worst of several findings, with every sentence that is not a mere pass; all of them when all pass. */
export function worst(findings: readonly Finding[], otherwise: Finding): Finding {
  const result = findings.reduce<Result>(
    (found, one) => (rank[one.result] > rank[found] ? one.result : found),
    'pass',
  );
  const told = result === 'pass' ? findings : findings.filter((one) => one.result !== 'pass');
  const details = [...new Set(told.map(({ detail }) => detail))];
  return findings.length === 0 ? otherwise : { result, detail: details.join(' ') };
}

/** One question asked in every region: the regions are named where their answers differ. */
export function joined(
  id: string,
  title: string,
  regions: readonly { region: string; finding: Finding }[],
): Precheck {
  const said = new Set(regions.map(({ finding }) => finding.detail));
  const named = said.size > 1;
  const { result, detail } = worst(
    regions.map(({ region, finding }) => ({
      ...finding,
      detail: named ? `${region}: ${finding.detail}` : finding.detail,
    })),
    pass(''),
  );
  return { id, title, result, detail };
}

/** What speaks against a change, and is no reason to stay with what is worse. */
const advisoryForRollback = ['probes'];

/** A rollback is told what was wrong with what ran before already, and is not held up by it (change-engine.md 2.2, 14). */
export const forKind = ({ kind }: Pick<DeployPlan, 'kind'>, checks: readonly Precheck[]): Precheck[] =>
  checks.map((check) =>
    kind === 'rollback' && check.result === 'fail' && advisoryForRollback.includes(check.id)
      ? { ...check, result: 'warn' }
      : check,
  );
