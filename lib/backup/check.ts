import type { Evidence } from './contract';
import type { CheckResult, CopyLevel } from './model';

/** A look at one level, before it is stored. */
export type CheckToKeep = {
  level: CopyLevel;
  result: CheckResult;
  tool: string;
  toolVersion: string;
  sentence: string;
  evidence: Evidence[];
  seconds: number;
};

/** Passed when nothing that was judged is wrong; the first thing that is wrong is the sentence. */
export function judged(check: Omit<CheckToKeep, 'result' | 'sentence'>, whenPassed: string): CheckToKeep {
  const wrong = check.evidence.find(({ isRight }) => isRight === false);
  if (wrong === undefined) return { ...check, result: 'passed', sentence: whenPassed };
  const should = wrong.expected === null ? '' : `, and should be ${wrong.expected}`;
  return { ...check, result: 'failed', sentence: `${wrong.what}: is ${wrong.found}${should}.` };
}

export const fact = (what: string, expected: string | null, found: string): Evidence => ({
  what,
  expected,
  found,
  isRight: expected === null ? null : expected === found,
});
