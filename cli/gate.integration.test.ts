import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { parseDocument } from 'yaml';
import { loadConfig } from '@/lib/config/load';
import { createDatabase, type Database } from '@/lib/db/client';
import { record } from '@/lib/slo/fleet/testing/recorded';
import { GateView } from '@/lib/slo/gate/contract';
import { type TestDatabase, testDatabase } from '@/scripts/testing/database';
import { disconnect } from './connect';
import { gate } from './gate';

const example = path.resolve(import.meta.dirname, '../signalbox.example.yaml');
let folder: string;
let file: string;
let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gate-'));
  file = path.join(folder, 'signalbox.yaml');
  // The example with one objective of plain counters, so that what is recorded is easy to say.
  const document = parseDocument(fs.readFileSync(example, 'utf8'));
  document.set('slos', [
    {
      id: 'fraiseql-api-availability',
      service: 'fraiseql-api',
      name: 'Availability',
      objective: '99.9',
      window: '7d',
    },
  ]);
  fs.writeFileSync(file, document.toString());
  database = await testDatabase();
  db = createDatabase(database.url);
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('SIGNALBOX_CONFIG', file);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await disconnect();
  await db.$disconnect();
  await database.drop();
  fs.rmSync(folder, { recursive: true, force: true });
});

async function ask(...args: string[]) {
  const out: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out.push(String(text));
    return true;
  });
  try {
    return { code: await gate.run(args), out: out.join('') };
  } finally {
    write.mockRestore();
  }
}
const spend = (share: number) =>
  record(db, loadConfig(file), 8, [
    { labels: { region: 'us-east-1' }, at: () => ({ good: 1000 - share, bad: share, total: 1000 }) },
  ]);

test('the exit code says how the gate stands, and the first line is the verdict', async () => {
  const before = await ask('fraiseql-api', '--environment', 'production');
  expect([before.code, before.out.split('\n')[0]]).toEqual([3, 'sign-offs']);
  expect(before.out).toContain('The recorder has not counted this objective yet.');
  await spend(0.5);
  const open = await ask('fraiseql-api', '--environment', 'production');
  expect([open.code, open.out.split('\n').slice(0, 2)]).toEqual([
    0,
    ['open', 'Availability: 50.0 % of its error budget is left.'],
  ]);
  await spend(0.8);
  const low = await ask('fraiseql-api', '--environment', 'production', '--json');
  expect(low.code).toBe(3);
  expect(GateView.parse(JSON.parse(low.out))).toMatchObject({
    open: false,
    verdict: 'sign-offs',
    signOffs: ['cto'],
    usualSignOffs: ['engineering_lead', 'devops_lead'],
    objectives: [{ id: 'fraiseql-api-availability', below: '25', state: 'ok', away: null }],
  });
  await spend(1.1);
  expect((await ask('fraiseql-api', '--environment', 'production')).code).toBe(4);
  expect((await ask('fraiseql-api', '--environment', 'production', '--action', 'rollback')).code).toBe(0);
  const shift = await ask('fraiseql-api', '--environment', 'production', '--action', 'shift');
  expect([shift.code, shift.out.split('\n')[1]]).toEqual([
    4,
    expect.stringMatching(/^Traffic shifts are refused\. /),
  ]);
});

test('what is asked wrongly is said', async () => {
  await expect(gate.run(['nowhere'])).rejects.toMatchObject({ code: 'not-found' });
  await expect(gate.run(['fraiseql-api', '--environment', 'mars'])).rejects.toMatchObject({
    code: 'not-found',
  });
  await expect(gate.run(['fraiseql-api', '--action', 'dance'])).rejects.toThrow('There is no action dance.');
  await expect(gate.run([])).rejects.toThrow('Expected 1 argument.');
});
