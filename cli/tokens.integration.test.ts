import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readToken } from '@/lib/access/token-door';
import { createDatabase, type Database } from '@/lib/db/client';
import { type TestDatabase, testDatabase } from '@/scripts/testing/database';
import { person } from '@/worker/testing/people';
import { disconnect } from './connect';
import { tokensCreate, tokensList, tokensRevoke } from './tokens';

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await testDatabase();
  db = createDatabase(database.url);
  vi.stubEnv('DATABASE_URL', database.url);
  await person(db, 'Sam Reyes', ['sre']);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await disconnect();
  await db.$disconnect();
  await database.drop();
});

async function run(command: typeof tokensList, ...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((text) => void out.push(String(text)));
  const error = vi.spyOn(console, 'error').mockImplementation((text) => void err.push(String(text)));
  try {
    return { code: await command.run(args), out: out.join('\n'), err: err.join('\n') };
  } finally {
    log.mockRestore();
    error.mockRestore();
  }
}
const owner = ['--owner', 'Sam.Reyes@example.com'];

test('a token goes alone to standard output, is listed without it, and ends when revoked', async () => {
  expect((await run(tokensList)).out).toContain('There is no token yet.');
  const made = await run(
    tokensCreate,
    'deploys',
    ...owner,
    '--scopes',
    'read,plan',
    '--expires',
    '90d',
    '--as-role',
    'sre',
  );
  expect([made.code, made.out]).toEqual([0, expect.stringMatching(/^sbx_[0-9a-f]{32}_[\w-]{43}$/)]);
  expect(made.err).toContain('It is shown only now');
  expect(await readToken(db, made.out)).toMatchObject({
    cause: null,
    pipeline: { name: 'pipeline deploys' },
  });
  const listed = await run(tokensList);
  expect(listed.out).toMatch(/^deploys +sam\.reyes@example\.com +read, plan +sre +good +\d{4}-/m);
  const json = await run(tokensList, '--json');
  expect(JSON.parse(json.out)).toMatchObject([{ name: 'deploys', state: 'good' }]);
  expect(`${listed.out}${json.out}`).not.toContain(made.out.slice(-43));
  expect((await run(tokensRevoke, 'deploys')).out).toBe(
    'Revoked deploys; it counts for nothing from now on.',
  );
  expect(await readToken(db, made.out)).toMatchObject({ cause: 'revoked' });
  await expect(run(tokensRevoke, 'deploys')).rejects.toMatchObject({ code: 'not-found' });
});

const wrong: [string, string[], RegExp][] = [
  ['no owner', ['x', '--scopes', 'read', '--expires', '1d'], /--owner is missing/],
  ['no scopes', ['x', ...owner, '--expires', '1d'], /--scopes is missing/],
  ['no end', ['x', ...owner, '--scopes', 'read'], /--expires is missing/],
  ['an end that is none', ['x', ...owner, '--scopes', 'read', '--expires', 'never'], /must be a duration/],
  ['too late an end', ['x', ...owner, '--scopes', 'read', '--expires', '2000d'], /at most 366 days/],
  [
    'a scope that is none',
    ['x', ...owner, '--scopes', 'read,sign', '--expires', '1d'],
    /There is no scope sign/,
  ],
  [
    'a role that is none',
    ['x', ...owner, '--scopes', 'read', '--expires', '1d', '--as-role', 'king'],
    /no role king/,
  ],
];
test.each(wrong)('%s is refused', async (_, args, message) => {
  await expect(run(tokensCreate, ...args)).rejects.toThrow(message);
  expect(await db.apiToken.count({ where: { name: 'x' } })).toBe(0);
});
