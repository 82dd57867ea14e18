import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  changeBackup,
  changeDeploy,
  changeEndSession,
  changeRestart,
  changeRestore,
  changeRollback,
  changeScale,
  changeSetEnv,
  changeShift,
  changeWait,
} from './change';
import { type Command, UsageError } from './command';

const place = ['--environment', 'production', '--region', 'us-east-1'];
const copy = '00000000-0000-4000-8000-000000000001';
const started = '2026-11-22T07:00:00.123456Z';
const why = ['--reason', 'The new version fixes the slow query.'];

/** Nothing answers there: a command that asked anything would go on trying for minutes. */
beforeEach(() => {
  vi.stubEnv('SIGNALBOX_URL', 'http://127.0.0.1:9');
  vi.stubEnv('SIGNALBOX_TOKEN', 'sbx_1');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const refused = async (command: Command, args: string[]): Promise<string> => {
  const error = await command.run(args).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  return error instanceof UsageError ? `${error.message} ${error.next}` : '';
};

const wrong: [Command, string[], string][] = [
  [changeDeploy, ['fraiseql-api', '2.0.0'], '--environment is missing'],
  [changeDeploy, ['fraiseql-api', '2.0.0', '--environment', 'production'], '--region is missing'],
  [changeDeploy, ['fraiseql-api', '2.0.0', ...place], '--reason is missing'],
  [changeDeploy, ['fraiseql-api', ...place, ...why], 'Expected 2 arguments.'],
  [changeDeploy, ['fraiseql-api', 'a b', ...place, ...why], 'must be an image tag'],
  [changeDeploy, ['Fraise QL', '2.0.0', ...place, ...why], 'The service is not valid'],
  [
    changeDeploy,
    ['fraiseql-api', '2.0.0', ...place, '--plan-only', '--wait'],
    'nothing that could be waited',
  ],
  [
    changeScale,
    ['fraiseql-api', '3', ...place, ...why, '--redeploy'],
    '--redeploy is for change deploy alone',
  ],
  [
    changeScale,
    ['fraiseql-api', '3', ...place, ...why, '--maintenance'],
    '--maintenance is for change deploy alone',
  ],
  [
    changeScale,
    ['fraiseql-api', '3', ...place, ...why, '--regions', 'a,b'],
    '--regions is for change deploy, change rollback, change shift alone',
  ],
  [
    changeDeploy,
    ['fraiseql-api', '2.0.0', ...place, ...why, '--regions', 'a,b'],
    '--region is not given beside it',
  ],
  [
    changeDeploy,
    ['fraiseql-api', '2.0.0', '--environment', 'p', ...why, '--regions', 'a,'],
    'The regions.1 is not valid',
  ],
  [
    changeDeploy,
    ['fraiseql-api', '2.0.0', ...place, ...why, '--strategy', 'hope'],
    'The strategy is not valid',
  ],
  [
    changeDeploy,
    ['fraiseql-api', '2.0.0', ...place, ...why, '--migration', 'hope'],
    'The migration is not valid',
  ],
  [
    changeDeploy,
    ['fraiseql-api', '2.0.0', ...place, ...why, '--on-failure', 'hope'],
    'The onFailure is not valid',
  ],
  [changeShift, ['fraiseql-api', 'red', '5', ...place, ...why], 'The colour is not valid'],
  [changeShift, ['fraiseql-api', 'blue', '0', ...place, ...why], 'The weight is not valid'],
  [changeScale, ['fraiseql-api', 'many', ...place, ...why], 'The replicas is not valid'],
  [changeScale, ['fraiseql-api', '0', ...place, ...why], 'only the idle colour of a pair can be scaled to 0'],
  [changeScale, ['fraiseql-api', '3', ...place, ...why, '--colour', 'red'], 'The colour is not valid'],
  [
    changeShift,
    ['fraiseql-api', 'blue', '5', ...place, ...why, '--colour', 'green'],
    '--colour is for change scale alone',
  ],
  [changeSetEnv, ['fraiseql-api', '1A', 'x', ...place, ...why], 'must be the name of a variable'],
  [changeRestore, ['fraiseql-api', 'fraiseql-us', copy, ...place, ...why], 'Say it with --confirm'],
  [
    changeRestore,
    ['fraiseql-api', 'fraiseql-us', copy, ...place, ...why, '--confirm', 'architect-api'],
    'is not the name of the service: fraiseql-api',
  ],
  [
    changeRestore,
    ['fraiseql-api', 'fraiseql-us', 'newest', ...place, ...why, '--confirm', 'fraiseql-api'],
    'The copy is not valid',
  ],
  [changeRestore, ['fraiseql-api', 'fraiseql-us', ...place, ...why], 'Expected 3 arguments.'],
  [
    changeScale,
    ['fraiseql-api', '3', ...place, ...why, '--no-safety-copy'],
    '--no-safety-copy is for change restore alone',
  ],
  [
    changeScale,
    ['fraiseql-api', '3', ...place, ...why, '--confirm', 'fraiseql-api'],
    '--confirm is for change restore alone',
  ],
  [changeBackup, ['fraiseql-api', ...place, ...why], 'Expected 2 arguments.'],
  [changeBackup, ['fraiseql-api', 'shop', ...place], '--reason is missing'],
  [changeBackup, ['fraiseql-api', 'The Shop', ...place, ...why], 'The database is not valid'],
  [
    changeBackup,
    ['fraiseql-api', 'shop', ...place, ...why, '--redeploy'],
    '--redeploy is for change deploy alone',
  ],
  [changeEndSession, ['fraiseql-api', 'shop', '4711', ...place, ...why], 'Expected 4 arguments.'],
  [changeEndSession, ['fraiseql-api', 'shop', '0', started, ...place, ...why], 'The pid is not valid'],
  [changeEndSession, ['fraiseql-api', 'shop', 'all', started, ...place, ...why], 'The pid is not valid'],
  [
    changeEndSession,
    ['fraiseql-api', 'shop', '4711', 'yesterday', ...place, ...why],
    'The startedAt is not valid',
  ],
  [changeRollback, ['fraiseql-api', ...place, ...why], 'Expected 2 arguments.'],
  [changeRollback, ['fraiseql-api', '1.8.0', '--last-known-good', ...place, ...why], 'Expected 1 argument.'],
  [
    changeRestart,
    ['fraiseql-api', '--last-known-good', ...place, ...why],
    '--last-known-good is for change rollback alone',
  ],
  [changeWait, ['c-1', '--timeout', 'soon'], '--timeout must be a duration'],
  [changeWait, ['c-1', '--token-file', '/nowhere'], 'The token file cannot be read'],
  [changeWait, ['c-1', '--token', 'sbx_1'], 'Unknown option'],
  [changeWait, [], 'Expected 1 argument.'],
];
test.each(wrong)(
  'what is called wrongly is told with the usage, and nothing is sent (%#)',
  async (command, args, message) => {
    const told = await refused(command, args);
    expect(told).toContain(message);
    expect(told).toContain(`Usage: ${command.usage}`);
  },
);

test.each([
  ['SIGNALBOX_URL', '', 'SIGNALBOX_URL is not set.'],
  ['SIGNALBOX_URL', 'ops.example.com', 'SIGNALBOX_URL is not an address'],
  ['SIGNALBOX_URL', 'file:///etc/passwd', 'SIGNALBOX_URL is not an address'],
  ['SIGNALBOX_TOKEN', ' ', 'There is no token'],
])('with %s %j the sentence is: %s', async (name, value, message) => {
  vi.stubEnv(name, value);
  expect(await refused(changeWait, ['c-1'])).toContain(message);
});
