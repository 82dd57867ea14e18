import { expect, test } from 'vitest';
import { changeStates, isTerminal } from '@/lib/change/model';
import { OpsError } from '@/lib/core/errors';
import { ChangeAnswer, type PlanAnswer } from './change-answers';
import { answered, exitCodeOf, planLines, resultOf, UNKNOWN, unknownLines } from './change-text';

test('each way to end has its exit code, and one that is not known is no success', () => {
  expect(changeStates.filter(isTerminal).map((state) => `${state} ${exitCodeOf(state)}`)).toEqual([
    'Succeeded 0',
    'BackedOut 3',
    'Failed 1',
    'Rejected 4',
    'Voided 4',
    'Expired 4',
    'Cancelled 4',
  ]);
  expect([exitCodeOf('Superseded'), exitCodeOf('constructor'), exitCodeOf('')]).toEqual([1, 1, 1]);
});

const plan: PlanAnswer = {
  state: 'answered',
  planHash: 'a',
  plan: {
    diff: [
      { path: 'spec.replicas', before: '3', after: '4' },
      { path: 'metadata.annotations.a', before: null, after: 'x\ny' },
    ],
    steps: [
      { n: 1, title: 'Set', usualSeconds: 65 },
      { n: 2, title: 'Watch', usualSeconds: null },
    ],
    policy: { signOffs: ['cto', 'a_role_of_tomorrow'] },
  },
  prechecks: [
    { title: 'Room', result: 'pass', detail: 'There is.' },
    { title: 'Image', result: 'warn', detail: 'Not verified.' },
    { title: 'Right', result: 'fail', detail: 'None.' },
    { title: 'New', result: 'maybe', detail: 'Who knows.' },
  ],
  problem: null,
  blocked: null,
  sentence: 'Four pods instead of three.',
};

test('a plan of a restore tells what it costs, and of no dry run', () => {
  const restore = {
    ...plan.plan,
    diff: [],
    steps: [],
    policy: { signOffs: [] },
    data: { do: 'restore', safetyCopy: false, sessions: 21, rows: { copy: 100, now: 140, tables: 3 } },
  };
  expect(planLines({ ...plan, prechecks: [], plan: restore })).toEqual([
    'Four pods instead of three.',
    '',
    'What this costs',
    '  Rows: 100 in the copy, 140 now, of 3 tables. What is not in it is lost.',
    '  Sessions that are ended: 21',
    '  No safety copy is made before.',
    '',
    'Steps',
    '',
    'To be signed by: nobody',
  ]);
  const newer = { ...restore, data: { do: 'restore' } };
  expect(planLines({ ...plan, prechecks: [], plan: newer })).not.toContain('  Sessions that are ended: 0');
});

test('a plan is told in lines: sentence, checks, diff, steps, who signs', () => {
  expect(planLines(plan)).toEqual([
    'Four pods instead of three.',
    '',
    'Checks',
    '  ✓ Room: There is.',
    '  ! Image: Not verified.',
    '  ✗ Right: None.',
    '  ? New: Who knows.',
    '',
    'What the dry run changes',
    '  spec.replicas',
    '    - 3',
    '    + 4',
    '  metadata.annotations.a',
    '    + x',
    '    + y',
    '',
    'Steps',
    '  1. Set (usually 1 min 5 s)',
    '  2. Watch',
    '',
    'To be signed by: CTO / VP Engineering, a_role_of_tomorrow',
  ]);
  expect(planLines({ ...plan, plan: null, prechecks: [], sentence: null })).toEqual([]);
  const nothing = { diff: [], steps: [], policy: { signOffs: [] } };
  expect(planLines({ ...plan, plan: nothing })).toEqual(
    expect.arrayContaining(['The dry run changes nothing.', 'To be signed by: nobody']),
  );
});

test('a change of a newer console, with states and fields of its own, can be read', () => {
  const answer = ChangeAnswer.parse({
    change: {
      id: 'c-7',
      title: 'Deploy API 1 → 2',
      state: 'CapacityHold',
      sentence: 'Waits for room.',
      requesterName: 'pipeline deploys',
      reason: 'Because.',
      planHash: 'h',
      createdAt: '2026-10-01T00:00:00.000Z',
      finishedAt: null,
      outcome: null,
      colour: 'green',
    },
    signOffs: [
      { roleName: 'CTO', state: 'missing', userName: null },
      { roleName: 'DevOps Lead', state: 'signed', userName: 'Dara' },
    ],
    observations: [],
    next: 'Goes on when there is room.',
    waves: [],
  });
  expect(answered(answer)).toEqual([
    'c-7: Deploy API 1 → 2',
    '  asked for by pipeline deploys: Because.',
    '  CapacityHold: Waits for room.',
    '  CTO: missing',
    '  DevOps Lead: signed by Dara',
    '  Next: Goes on when there is room.',
  ]);
  const known = { answer, readAt: new Date('2026-10-01T12:00:00Z'), awaySince: null };
  const url = 'https://ops/changes/c-7';
  expect(resultOf({ id: 'c-7', url, exitCode: 5 }, known)).toMatchObject({
    ended: false,
    exitCode: 5,
    asOf: '2026-10-01T12:00:00.000Z',
    awaySince: null,
  });
});

test('of a change that nobody knows the end of, the result claims nothing', () => {
  const url = 'https://ops/changes/c-7';
  const away = new Date('2026-10-01T12:00:00Z');
  expect(
    resultOf({ id: 'c-7', url, exitCode: UNKNOWN }, { answer: null, readAt: null, awaySince: away }),
  ).toEqual({
    id: 'c-7',
    url,
    state: null,
    ended: null,
    exitCode: 6,
    title: null,
    sentence: null,
    planHash: null,
    createdAt: null,
    finishedAt: null,
    asOf: null,
    awaySince: '2026-10-01T12:00:00.000Z',
  });
  const reason = new OpsError('unavailable', 'The console at https://ops does not answer: ECONNREFUSED', {
    next: 'Check SIGNALBOX_URL and the network.',
  });
  expect(unknownLines('c-7', { answer: null, readAt: null, awaySince: away }, reason)).toEqual([
    'How c-7 stands is not known. The console at https://ops does not answer: ECONNREFUSED',
    '  The console is away since 2026-10-01 12:00:00 UTC.',
    '  It has not told this command how the change stands.',
    '  The change was not touched by this; it goes on, or has ended.',
    '  Check SIGNALBOX_URL and the network.',
    'Go on waiting: npx signalbox change wait c-7',
  ]);
});

test('a plan of several steps says way, order, cost, object and way back', () => {
  const staged = {
    strategy: 'canary',
    regions: ['us-east-1', 'eu-west-1'],
    forecast: { sentence: 'At worst 420 failed requests.' },
    back: [{ title: 'us-east-1: send all requests to 1.8.0 on blue again' }],
  };
  const object = 'us-east-1/Deployment/api/api-green';
  const diff = [
    { object, path: 'spec.replicas', before: '0', after: '3' },
    { object, path: 'spec.paused', before: 'true', after: 'false' },
  ];
  const lines = planLines({
    ...plan,
    prechecks: [],
    plan: { diff, steps: [], policy: { signOffs: ['cto'] }, staged },
  });
  expect(lines).toEqual([
    'Four pods instead of three.',
    '',
    'Strategy: Canary, first us-east-1, then eu-west-1',
    'Cost: At worst 420 failed requests.',
    '',
    'What the dry run changes',
    `  ${object}`,
    '  spec.replicas',
    '    - 0',
    '    + 3',
    '  spec.paused',
    '    - true',
    '    + false',
    '',
    'Steps',
    '',
    'Way back',
    '  1. us-east-1: send all requests to 1.8.0 on blue again',
    '',
    'To be signed by: CTO / VP Engineering',
  ]);
  const later = { ...staged, strategy: 'of_tomorrow', regions: ['us-east-1'] };
  expect(
    planLines({ ...plan, plan: { diff, steps: [], policy: { signOffs: [] }, staged: later } }),
  ).toContain('Strategy: of_tomorrow, us-east-1');
});
