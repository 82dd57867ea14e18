import { describe, expect, test } from 'vitest';
import { countPlaywright, countVitest } from './counts';

const assertion = (status: string, fullName = 'a test', failureMessages: string[] = []) => ({
  status,
  fullName,
  failureMessages,
});
const vitest = (testResults: object[], success = true) => JSON.stringify({ success, testResults });
const file = (name: string, assertionResults: object[], more: object = {}) => ({
  name: `/repo/${name}`,
  status: 'passed',
  startTime: 1_000,
  endTime: 1_250.5,
  assertionResults,
  ...more,
});

describe('vitest', () => {
  test('passed and failed tests are counted, with names, reasons and times of files', () => {
    const results = [
      file('lib/a.test.ts', [assertion('passed'), assertion('failed', 'adds up', ['expected 1 to be 2'])]),
      file('lib/b.test.ts', [assertion('passed')]),
    ];
    expect(countVitest(vitest(results, false), '/repo')).toEqual({
      passed: 2,
      failed: 1,
      failures: ['lib/a.test.ts > adds up\nexpected 1 to be 2'],
      secondAttempts: [],
      files: [
        { file: 'lib/a.test.ts', ms: 250.5 },
        { file: 'lib/b.test.ts', ms: 250.5 },
      ],
    });
  });

  test('a test that passed at its second attempt is passed and named, with why its first one failed', () => {
    const again = assertion('passed', 'adds up', ['expected 1 to be 2']);
    expect(countVitest(vitest([file('a.test.ts', [assertion('passed'), again])]), '/repo')).toMatchObject({
      passed: 2,
      failed: 0,
      failures: [],
      secondAttempts: ['a.test.ts > adds up\nexpected 1 to be 2'],
    });
  });

  test.each(['skipped', 'pending', 'todo', 'disabled'])('a test that is %s counts as failed', (status) => {
    expect(countVitest(vitest([file('a.test.ts', [assertion(status)])]), '/repo')).toMatchObject({
      passed: 0,
      failed: 1,
    });
  });

  test('a file that does not load counts as one failure', () => {
    const broken = file('a.test.ts', [], { status: 'failed', message: 'Cannot find module' });
    expect(countVitest(vitest([broken], false), '/repo')).toMatchObject({
      failed: 1,
      failures: ['a.test.ts\nCannot find module'],
    });
  });

  test('an empty file and a failure outside of tests count as one each', () => {
    expect(countVitest(vitest([file('a.test.ts', [])]), '/repo').failed).toBe(1);
    expect(countVitest(vitest([file('a.test.ts', [assertion('passed')])], false), '/repo').failed).toBe(1);
  });

  test('another text is no report', () => {
    expect(() => countVitest('{}', '/repo')).toThrow();
    expect(() => countVitest('Segmentation fault', '/repo')).toThrow();
  });
});

describe('playwright', () => {
  const spec = (title: string, status: string, errors: { message: string }[] = []) => ({
    title,
    file: 'deploy.e2e.ts',
    tests: [{ status, projectName: 'chromium', results: [{ duration: 1_500, errors }], annotations: [] }],
  });
  const playwright = (specs: object[], inner: object[] = [], errors: object[] = []) =>
    JSON.stringify({
      suites: [{ title: 'deploy', specs, suites: [{ title: 'inner', specs: inner }] }],
      errors,
    });

  test('specs of nested suites are counted, and their file gets the sum of their times', () => {
    const report = playwright(
      [spec('one', 'expected')],
      [spec('two', 'unexpected', [{ message: 'no button' }])],
    );
    expect(countPlaywright(report)).toEqual({
      passed: 1,
      failed: 1,
      failures: ['deploy.e2e.ts > two (chromium: unexpected)\nno button'],
      secondAttempts: [],
      files: [{ file: 'e2e/deploy.e2e.ts', ms: 3_000 }],
    });
  });

  test('a test that passed at its second attempt is passed and named, with why its first one failed', () => {
    const flaky = spec('one', 'flaky', [{ message: 'no button' }]);
    expect(countPlaywright(playwright([flaky, spec('two', 'expected')]))).toMatchObject({
      passed: 2,
      failed: 0,
      secondAttempts: ['deploy.e2e.ts > one\nno button'],
    });
  });

  test.each(['skipped', 'unexpected'])('a test that is %s counts as failed', (status) => {
    expect(countPlaywright(playwright([spec('one', status)]))).toMatchObject({ passed: 0, failed: 1 });
  });

  test('an error outside of tests counts', () => {
    expect(countPlaywright(playwright([], [], [{ message: 'global set-up failed' }])).failed).toBe(1);
  });
});
