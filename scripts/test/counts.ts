import path from 'node:path';
import { z } from 'zod';

/** What one runner found. A skipped test counts as failed: its name is among `failures`. */
export type Counts = {
  passed: number;
  failed: number;
  /** One line or more per failure: which test, and why. */
  failures: string[];
  /** Tests that passed at their second attempt only. */
  secondAttempts: string[];
  /** How long each file took, in milliseconds. */
  files: { file: string; ms: number }[];
};

const VitestReport = z.object({
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      startTime: z.number(),
      endTime: z.number(),
      message: z.string().default(''),
      assertionResults: z.array(
        z.object({
          status: z.string(),
          fullName: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

/**
 * Counts of vitest's JSON reporter; a test that passed only when repeated is named. Throws when the text is none of
 * its reports.
 */
export function countVitest(json: string, root: string): Counts {
  const report = VitestReport.parse(JSON.parse(json));
  const counts: Counts = { passed: 0, failed: 0, failures: [], secondAttempts: [], files: [] };
  const fail = (text: string) => {
    counts.failed += 1;
    counts.failures.push(text);
  };
  for (const result of report.testResults) {
    const file = path.relative(root, result.name);
    counts.files.push({ file, ms: Math.max(0, result.endTime - result.startTime) });
    const before = counts.failed;
    for (const { status, fullName, failureMessages } of result.assertionResults) {
      if (status === 'passed') {
        counts.passed += 1;
        // What failed first and passed when it was repeated keeps why it failed.
        const [first] = failureMessages ?? [];
        if (first !== undefined) counts.secondAttempts.push(`${file} > ${fullName}\n${first}`);
      } else if (status === 'failed') fail(`${file} > ${fullName}\n${(failureMessages ?? []).join('\n')}`);
      else fail(`${file} > ${fullName}\nnot run (${status}): a skipped test counts as failed`);
    }
    if (result.status === 'failed' && counts.failed === before) fail(`${file}\n${result.message}`);
    if (result.status !== 'failed' && result.assertionResults.length === 0) fail(`${file}\nholds no test`);
  }
  if (!report.success && counts.failed === 0)
    fail('The run failed outside of its tests; see its output above.');
  return counts;
}

const PlaywrightTest = z.object({
  status: z.string(),
  projectName: z.string().default(''),
  results: z.array(
    z.object({
      duration: z.number(),
      errors: z.array(z.object({ message: z.string().default('') })).default([]),
    }),
  ),
  annotations: z.array(z.object({ type: z.string(), description: z.string().optional() })).default([]),
});
const PlaywrightSpec = z.object({ title: z.string(), file: z.string(), tests: z.array(PlaywrightTest) });
const PlaywrightSuite = z.object({
  title: z.string(),
  specs: z.array(PlaywrightSpec).default([]),
  get suites() {
    return z.array(PlaywrightSuite).default([]);
  },
});
const PlaywrightReport = z.object({
  suites: z.array(PlaywrightSuite),
  errors: z.array(z.object({ message: z.string().default('') })).default([]),
});

/** Counts of Playwright's JSON reporter. A test that passed only when repeated is named, so that it does not stay so. */
export function countPlaywright(json: string): Counts {
  const report = PlaywrightReport.parse(JSON.parse(json));
  const counts: Counts = { passed: 0, failed: 0, failures: [], secondAttempts: [], files: [] };
  const durations = new Map<string, number>();
  const visit = (suite: z.infer<typeof PlaywrightSuite>) => {
    for (const spec of suite.specs) {
      for (const test of spec.tests) {
        const ms = test.results.reduce((sum, result) => sum + result.duration, 0);
        durations.set(spec.file, (durations.get(spec.file) ?? 0) + ms);
        const errors = test.results.flatMap((result) => result.errors.map((error) => error.message));
        const why = test.annotations.map((note) => note.description ?? note.type);
        const reasons = [...errors, ...why].join('\n');
        const { status, projectName } = test;
        if (status === 'expected' || status === 'flaky') counts.passed += 1;
        else {
          counts.failed += 1;
          const said = reasons || 'not run: a skipped test counts as failed';
          counts.failures.push(`${spec.file} > ${spec.title} (${projectName}: ${status})\n${said}`);
        }
        if (status === 'flaky') counts.secondAttempts.push(`${spec.file} > ${spec.title}\n${reasons}`);
      }
    }
    for (const inner of suite.suites) visit(inner);
  };
  for (const suite of report.suites) visit(suite);
  for (const error of report.errors) {
    counts.failed += 1;
    counts.failures.push(error.message);
  }
  counts.files = [...durations].map(([file, ms]) => ({ file: path.join('e2e', file), ms }));
  return counts;
}
