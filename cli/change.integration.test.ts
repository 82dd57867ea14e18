import fs from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { stringify } from 'yaml';
import { createToken, revokeToken } from '@/lib/access/tokens';
import { cancelChange } from '@/lib/change/cancel-change';
import { rejectChange } from '@/lib/change/reject-change';
import { signChange } from '@/lib/change/sign-change';
import { viewChange } from '@/lib/change/view-change';
import { changeId } from '@/lib/core/ids';
import { closeClusters } from '@/lib/sources/kubernetes/clusters';
import { bundledProgram } from '@/scripts/testing/program';
import { change, quick, reaches, signed, testWorld, until, type World } from '@/worker/testing/world';
import { type RunningWorker, startWorker } from '@/worker/worker';
import { type ConsoleServer, consoleServer, type Trouble } from './testing/console-server';
import { type Run, runCommand } from './testing/run-command';

const root = path.resolve(import.meta.dirname, '..');
const installed = bundledProgram('cli/main.ts');
/** As a clone has it: its sources, through the file that people start. */
const clone = () => [path.join(root, 'bin/signalbox.mjs')];
const place = ['--environment', 'production', '--region', 'us-east-1', '--interval', '200ms'];
const why = ['--reason', 'The new version fixes the slow query.'];
const operator = { kind: 'cli', id: 'test' } as const;

let world: World;
let worker: RunningWorker;
let server: ConsoleServer;
let token: string;
let trouble: (asked: string) => Trouble;

/** The world has one database and one worker for all tests; each starts from a service that runs 1.8.0 again. */
beforeAll(async () => {
  world = await testWorld(quick);
  const file = path.join(world.folder, 'signalbox.yaml');
  fs.writeFileSync(file, stringify(world.configInput));
  vi.stubEnv('DATABASE_URL', world.url);
  vi.stubEnv('SIGNALBOX_CONFIG', file);
  vi.stubEnv('LOG_LEVEL', 'warn');
  worker = await startWorker({ config: world.config, connectionString: world.url });
  const owner = world.people.sre.email;
  const made = {
    name: 'deploys',
    owner,
    scopes: ['read', 'plan'],
    roles: ['sre'],
    expiresSeconds: 3600,
  } as const;
  const input = { ...made, scopes: [...made.scopes], roles: [...made.roles] };
  token = (await createToken({ db: world.db, actor: operator }, input)).text;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await worker.stop();
  await closeClusters();
  await globalThis.signalboxAttempts?.end();
  await world.stop();
});
beforeEach(async () => {
  trouble = () => 'none';
  server = await consoleServer(0, (asked) => trouble(asked));
});
afterEach(() => server.stop());

const signalbox = (args: string[], program = installed): Run =>
  runCommand(program(), args, { url: server.url, token });
const idIn = (text: string): string => /c-\d+/.exec(text)?.[0] ?? 'none';
const sent = (run: Run) =>
  until(`${run.out}${run.err} names a change`, () => idIn(run.out + run.err) !== 'none');
const lead = (id: string) => ({ actor: world.people.devops, config: world.config, id });
const lastChange = () => world.db.change.findFirstOrThrow({ orderBy: { number: 'desc' } });

describe('a deploy that a pipeline asks for', () => {
  test('is planned, signed by people, followed through a restart of the web, and succeeds with 0', async () => {
    const port = Number(new URL(server.url).port);
    const run = signalbox([
      'change',
      'deploy',
      'fraiseql-api',
      '2.0.0',
      ...place,
      ...why,
      '--ticket',
      'OPS-7',
      '--wait',
      '--json',
    ]);
    await sent(run);
    const id = changeId((await lastChange()).number);
    const asked = await change(world, id);
    expect(asked).toMatchObject({
      requesterName: 'pipeline deploys',
      requesterId: world.people.sre.id,
      ticket: 'OPS-7',
      state: 'InReview',
    });
    await server.stop();
    await until('the command misses the console', () => run.err.includes('The console does not answer'));
    server = await consoleServer(port);
    await until('it is back', () => run.err.includes('The console answers again.'));
    await signed(world, id);
    expect(await run.ended).toBe(0);
    expect(JSON.parse(run.out)).toMatchObject({
      id,
      url: `${server.url}/changes/${id}`,
      state: 'Succeeded',
      ended: true,
      exitCode: 0,
    });
    expect(run.out.trim().split('\n')).toHaveLength(1);
    expect(run.err).toContain('Replaces 3 pods of FraiseQL API in production, us-east-1: 1.8.0 → 2.0.0');
    expect(run.err).toContain('To be signed by: Engineering Lead, DevOps Lead');
    expect(run.err).toContain('What the dry run changes');
    expect(run.err).toContain('+ registry.example.com/fraiseql/fraiseql-api:2.0.0');
    expect(run.err).toContain(`${id} ended: Succeeded.`);
    // The worker moves what is staged into the sequence meanwhile.
    const found = { by: '' };
    await until('the request is in the record', async () => {
      const rows = [...(await world.db.auditEntry.findMany()), ...(await world.db.auditStaged.findMany())];
      const entries = rows.map(({ body }) => JSON.parse(body));
      const asking = entries.find(({ action, result }) => action === 'change.requested' && result === 'ok');
      found.by = `${asking?.actor.kind}: ${asking?.actor.name}`;
      return asking !== undefined;
    });
    expect(found.by).toBe('pipeline: pipeline deploys');
    const shown = signalbox(['change', 'show', id]);
    expect([await shown.ended, shown.out.split('\n')[0]]).toEqual([
      0,
      `${id}: Deploy FraiseQL API 1.8.0 → 2.0.0`,
    ]);
  });

  test('that goes back by itself ends with 3', async () => {
    world.prometheus.set('2.1.0', { total: 300, failed: 90 });
    const run = signalbox(['change', 'deploy', 'fraiseql-api', '2.1.0', ...place, ...why, '--wait']);
    await sent(run);
    await signed(world, changeId((await lastChange()).number));
    expect(await run.ended).toBe(3);
    expect(run.out).toMatch(/c-\d+ ended: BackedOut\./);
  });
});

describe('a change that a pipeline asks for', () => {
  const ask = (...more: string[]) =>
    signalbox(['change', 'scale', 'fraiseql-api', '4', ...place, ...why, ...more]);

  test('cannot be signed by who answers for the token, and ends with 4 when it is rejected', async () => {
    const run = ask('--wait');
    await sent(run);
    const { number, planHash } = await lastChange();
    const id = changeId(number);
    await world.db.roleGrant.create({
      data: { userId: world.people.sre.id, role: 'devops_lead', grantedBy: 'test' },
    });
    await expect(
      signChange(
        { actor: world.people.sre, config: world.config, id, input: { role: 'devops_lead', planHash } },
        world.db,
      ),
    ).rejects.toThrow('A pipeline asked for this change with a token of yours');
    await world.db.roleGrant.deleteMany({ where: { userId: world.people.sre.id, role: 'devops_lead' } });
    const { you } = await viewChange({ actor: world.people.sre, config: world.config, id }, world.db);
    expect([you.isRequester, you.signRoles, you.refusals.cancel]).toEqual([true, [], null]);
    await rejectChange(
      { ...lead(id), input: { role: 'devops_lead', planHash, reason: 'Not on Friday.' } },
      world.db,
    );
    expect(await run.ended).toBe(4);
    expect(run.out).toContain(`${id} ended: Rejected.`);
  });

  test('that does not end in time ends the command with 5; an interrupt with 130; neither touches it', async () => {
    const run = ask();
    expect(await run.ended).toBe(0);
    const id = idIn(run.out.split('Sent for sign-off')[1] ?? '');
    const late = signalbox(['change', 'wait', id, '--timeout', '1s', '--interval', '200ms']);
    expect([await late.ended, late.out]).toEqual([
      5,
      expect.stringContaining(`${id} has not ended in time (InReview)`),
    ]);
    const stopped = signalbox(['change', 'wait', id], clone);
    await until('it waits', () => stopped.out.includes('Next:'));
    stopped.child.kill('SIGINT');
    expect([await stopped.ended, stopped.out]).toEqual([
      130,
      expect.stringContaining(`Stopped waiting for ${id}. The change was not touched`),
    ]);
    expect((await change(world, id)).state).toBe('InReview');
    await cancelChange({ actor: world.people.sre, config: world.config, id, reason: 'Enough.' }, world.db);
    const cancelled = signalbox(['change', 'wait', id]);
    expect(await cancelled.ended).toBe(4);
  });

  test('is asked for once when the answer is lost and the console is away', async () => {
    const before = await world.db.change.count();
    const troubles = new Map<string, Trouble[]>([
      ['POST /api/v1/plans', ['bad-gateway', 'lost-answer']],
      ['POST /api/v1/changes', ['lost-answer', 'bad-gateway']],
    ]);
    trouble = (asked) => troubles.get(asked)?.shift() ?? 'none';
    const plans = await world.db.planRequest.count();
    const run = ask();
    expect(await run.ended).toBe(0);
    expect([...troubles.values()].flat()).toEqual([]);
    expect(await world.db.change.count()).toBe(before + 1);
    expect(await world.db.planRequest.count()).toBe(plans + 1);
    const { number } = await lastChange();
    await cancelChange(
      { actor: world.people.sre, config: world.config, id: changeId(number), reason: 'Enough.' },
      world.db,
    );
  });
});

test('the way back is named by a version that the cluster still has, and never guessed', async () => {
  const ask = (wanted: string) =>
    signalbox(['change', 'rollback', 'fraiseql-api', wanted, ...place, '--plan-only']);
  const back = ask('1.8.0');
  expect([await back.ended, back.err]).toEqual([0, '']);
  expect(back.out).toContain('2.0.0 → 1.8.0');
  const unknown = ask('0.1.0');
  expect(await unknown.ended).toBe(1);
  expect(unknown.err).toMatch(
    /^There is no earlier revision 0\.1\.0\.\nThere are: .*1\.8\.0 \(fraiseql-api-\w+\)/,
  );
});

describe('what is refused', () => {
  test('a plan that cannot be, a short reason and a place that is not there end with 1, and nothing is asked for', async () => {
    const before = await world.db.change.count();
    const now = world.deployment();
    const replicas = String(JSON.parse(JSON.stringify(now)).spec.replicas);
    const same = signalbox(['change', 'scale', 'fraiseql-api', replicas, ...place, ...why]);
    const soon = signalbox(['change', 'restart', 'fraiseql-api', ...place, '--reason', 'soon']);
    const nowhere = signalbox(['change', 'restart', 'nothing', ...place, ...why]);
    const colour = signalbox(['change', 'scale', 'fraiseql-api', '0', '--colour', 'green', ...place, ...why]);
    expect([await same.ended, same.err]).toEqual([1, expect.stringContaining('already')]);
    expect([await soon.ended, soon.err]).toEqual([1, expect.stringContaining('at least 20')]);
    expect([await nowhere.ended, nowhere.err]).toEqual([1, expect.stringContaining('nothing')]);
    expect([await colour.ended, colour.err]).toEqual([1, expect.stringContaining('so there is no green.')]);
    expect(await world.db.change.count()).toBe(before);
  });

  test('a plan alone is printed and asks for nothing', async () => {
    const before = await world.db.change.count();
    const run = signalbox([
      'change',
      'set-env',
      'fraiseql-api',
      'POOL_SIZE',
      '40',
      ...place,
      '--plan-only',
      '--json',
    ]);
    expect(await run.ended).toBe(0);
    expect(JSON.parse(run.out)).toMatchObject({ state: 'answered', blocked: null });
    expect(await world.db.change.count()).toBe(before);
    expect(server.asked).not.toContain('POST /api/v1/changes');
  });

  test('a revoked token is 1, and what it asked for does not run', async () => {
    const owner = world.people.sre.email;
    const made = await createToken(
      { db: world.db, actor: operator },
      { name: 'leaked', owner, scopes: ['read', 'plan'], roles: ['sre'], expiresSeconds: 3600 },
    );
    const file = path.join(world.folder, 'token');
    fs.writeFileSync(file, `${made.text}\n`);
    const run = signalbox(['change', 'restart', 'fraiseql-api', ...place, ...why, '--token-file', file]);
    expect(await run.ended).toBe(0);
    const id = changeId((await lastChange()).number);
    expect(await revokeToken({ db: world.db, actor: operator }, 'LEAKED')).toEqual({
      name: 'leaked',
      open: [id],
    });
    const again = signalbox(['change', 'show', id, '--token-file', file]);
    expect([await again.ended, again.err.split('\n')[0]]).toEqual([1, 'This token was revoked.']);
    await signed(world, id);
    await reaches(world, id, 'Voided');
    const { outcome } = await change(world, id);
    expect(JSON.stringify(outcome)).toContain('The token that asked was revoked (pipeline leaked).');
  });
});
