import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { changeNumber } from '@/lib/core/ids';
import { type AnswerServer, answerServer } from '@/lib/sources/testing/answer-server';
import { stagedPlan } from '../testing/staged-plan';
import { ask, config, db, openVerbWorld, people, plan, sign } from '../testing/verbs';
import { incidentBeforeMigration, incidentProblem } from './incident-problem';
import { viewIncidents } from './view-incidents';

openVerbWorld();

let server: AnswerServer;
let number: number;
/** When the first and the second lead signed. */
const [first, second] = [new Date('2026-01-01T10:00:00Z'), new Date('2026-01-01T11:00:00Z')];
const before = '2026-01-01T09:59:00.000Z';
const between = '2026-01-01T10:30:00.000Z';

beforeAll(async () => {
  server = await answerServer(() => ({ body: '[]' }));
});
afterAll(() => server.stop());
beforeEach(async () => {
  server.seen.length = 0;
  server.answer = () => ({ body: '[]' });
  await db.statusMessage.deleteMany();
  const id = await ask();
  number = changeNumber(id);
  await sign(people.engineering, id, 'engineering_lead');
  await sign(people.devops, id, 'devops_lead');
  const at = (role: string, createdAt: Date) =>
    db.signOff.updateMany({ where: { changeNumber: number, role }, data: { createdAt } });
  await at('engineering_lead', first);
  await at('devops_lead', second);
});

const critical = { alertname: 'Down', severity: 'critical', service: 'fraiseql-api' };
function firing(startsAt: string, labels: object = critical, state = 'active') {
  const alert = { fingerprint: 'f', labels, startsAt, endsAt: startsAt, status: { state } };
  server.answer = ({ url }) => ({ body: url.pathname.endsWith('alerts') ? JSON.stringify([alert]) : '[]' });
}
const configured = () => {
  const source = { id: 'alerts', url: server.url, headers: {}, timeout: 1 };
  return { ...config, sources: { ...config.sources, alertmanager: [source] } };
};
const asked = (change = plan) => incidentProblem(configured(), db, { number, plan: change });
const held = { problem: expect.stringContaining('was opened since the plan was signed'), unknown: null };
const free = { problem: null, unknown: null };

test('a critical alert that fires since a sign-off ends the approval, in words that say what to do', async () => {
  firing(between);
  expect(await asked()).toEqual({
    problem:
      'An incident of FraiseQL API was opened since the plan was signed: the critical alert Down fires since 2026-01-01 10:30:00 UTC, ' +
      `and ${people.engineering.name} signed at 2026-01-01 10:00:00 UTC. End it first, or ask for a new plan and have it signed in the knowledge of it. A rollback is not held up by it.`,
    unknown: null,
  });
});

test('one that fired before anybody signed was known to all who did', async () => {
  firing(before);
  expect(await asked()).toEqual(free);
});

test.each([
  ['of another service', { ...critical, service: 'other' }, 'active'],
  ['of another environment', { ...critical, environment: 'staging' }, 'active'],
  ['that is silenced', critical, 'suppressed'],
  ['that is a warning', { ...critical, severity: 'warning' }, 'active'],
])('an alert %s is no incident of it', async (_, labels, state) => {
  firing(between, labels, state);
  expect(await asked()).toEqual(free);
});

const announced = (impact: string, createdAt: string, more: object = {}) =>
  db.statusMessage.create({
    data: {
      title: 'Slow answers',
      impact,
      state: 'investigating',
      components: ['fraiseql-api/us-east-1'],
      createdAt,
      ...more,
    },
  });

test('what the status page says of the service counts until it is resolved; maintenance does not', async () => {
  await announced('major', before);
  await announced('maintenance', between);
  await announced('critical', between, { components: ['another/us-east-1'] });
  await announced('critical', between, { resolvedAt: second });
  expect(await asked()).toEqual(free);
  await announced('minor', between);
  expect(await asked()).toEqual(held);
  expect((await asked()).problem).toContain(
    'the status page says “Slow answers” since 2026-01-01 10:30:00 UTC',
  );
});

test('going back and what is done about an incident are not held up, and ask nobody', async () => {
  firing(between);
  await announced('critical', between);
  const goesBack = { reverts: null, sentence: 'Puts back 1.8.0.' };
  for (const kind of [
    'rollback',
    'scale',
    'restart',
    'set-env',
    'backup',
    'restore',
    'end-session',
  ] as const) {
    expect(await asked({ ...plan, kind })).toEqual(free);
  }
  expect(await asked({ ...plan, kind: 'shift', goesBack })).toEqual(free);
  expect(server.seen).toEqual([]);
  expect(await asked({ ...plan, kind: 'shift' })).toEqual(held);
});

test('an Alertmanager that does not answer holds nothing up, and that is told', async () => {
  const unknown = expect.stringMatching(/^Whether an incident was opened since the sign-offs is not known: /);
  server.answer = () => ({ status: 503, body: '' });
  expect(await asked()).toEqual({ problem: null, unknown });
  server.answer = () => 'hang';
  expect(await asked()).toEqual({ problem: null, unknown });
});

test('in its own maintenance a service alarms, and its migration is not sent back for that', async () => {
  firing(between);
  const before = (change = stagedPlan) => incidentBeforeMigration(configured(), db, { number, plan: change });
  expect(await before()).toContain('was opened since');
  const [object] = stagedPlan.staged.objects;
  if (object === undefined) throw new Error('The plan has no object.');
  const objects = [...stagedPlan.staged.objects, { ...object, part: 'maintenance' as const }];
  expect(await before({ ...stagedPlan, staged: { ...stagedPlan.staged, objects } })).toBeNull();
});

test('while a deploy waits its page names what is open, and whether a sign-off was given before', async () => {
  await announced('major', between);
  const view = (state: 'InReview' | 'Running', firstSigned: Date | null, change = plan) =>
    viewIncidents(config, db, { state, plan: change }, firstSigned);
  const open = { what: 'the status page says “Slow answers”', since: between };
  expect(await view('InReview', null)).toEqual([{ ...open, endsApproval: false }]);
  expect(await view('InReview', first)).toEqual([{ ...open, endsApproval: true }]);
  expect(await view('InReview', second)).toEqual([{ ...open, endsApproval: false }]);
  expect(await view('Running', first)).toEqual([]);
  expect(await view('InReview', first, { ...plan, kind: 'rollback' })).toEqual([]);
});
