import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { resolveFiles } from './files';
import { jobPlaceOf } from './job-place';
import { formatProblem } from './problem';
import { validateConfig } from './validate';

const example = fs.readFileSync(path.resolve(import.meta.dirname, '../../signalbox.example.yaml'), 'utf8');

const database = (more: object = {}) => ({
  id: 'fraiseql-us',
  name: 'FraiseQL',
  service: 'fraiseql-api',
  environment: 'production',
  region: 'us-east-1',
  url: { file: 'secrets/fraiseql.url' },
  tier: 2,
  ...more,
});
const { service: _, ...ofNoService } = database({ id: 'ledger' });

/** The example with these databases. */
function read(...databases: object[]) {
  const document = parseDocument(example);
  document.setIn(['databases'], databases);
  return validateConfig(document.toString(), 'signalbox.yaml');
}
const check = (...databases: object[]): string[] => read(...databases).problems.map(formatProblem);

test('one database of a service per environment and region, and any number of others', () => {
  const eu = database({ id: 'fraiseql-eu', region: 'eu-west-1' });
  expect(check(database(), eu, ofNoService, { ...ofNoService, id: 'archive' })).toEqual([]);
});

test.each<[string, object[], string]>([
  ['an unknown service', [database({ service: 'fraiseql-apo' })], 'the service fraiseql-apo does not exist.'],
  ['an unknown environment', [database({ environment: 'prod' })], 'the environment prod does not exist.'],
  ['an unknown region', [database({ region: 'mars' })], 'the region mars does not exist.'],
  [
    'a place where the service does not run',
    [database({ environment: 'staging', region: 'eu-west-1' })],
    'fraiseql-api does not run in staging, eu-west-1. It runs in: production, us-east-1; production, eu-west-1',
  ],
  [
    'one id twice',
    [database(), { ...ofNoService, id: 'fraiseql-us' }],
    'the database fraiseql-us is defined twice.',
  ],
  [
    'a second one of the same place',
    [database(), database({ id: 'fraiseql-2' })],
    'fraiseql-api already has the database fraiseql-us in production, us-east-1.',
  ],
])('%s is refused', (_case, databases, says) => {
  const problems = check(...databases);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(says);
});

test('a URL where the name of a secret belongs is refused and not repeated', () => {
  const url = 'postgresql://app:hunter2@db/shop';
  const said = check(database({ url }), {
    ...ofNoService,
    backup: { url: { url }, scratch: url, folder: 'copies' },
  });
  expect(said.filter((line) => line.includes('databases[0].url'))).toHaveLength(1);
  expect(said.filter((line) => line.includes('databases[1].backup.'))).not.toEqual([]);
  expect(said.join('\n')).not.toContain('hunter2');
});

test('files of a database start at the folder of signalbox.yaml', () => {
  const backup = { url: { env: 'SHOP_URL' }, scratch: { file: 'scratch.url' }, folder: 'copies' };
  const { config } = read(database({ backup }));
  if (config === null) throw new Error('the example is not valid');
  expect(resolveFiles(config, '/etc/signalbox').databases[0]).toMatchObject({
    url: { file: '/etc/signalbox/secrets/fraiseql.url' },
    backup: {
      url: { env: 'SHOP_URL' },
      scratch: { file: '/etc/signalbox/scratch.url' },
      folder: '/etc/signalbox/copies',
    },
  });
});

const copied = (job: object, more: object = {}) =>
  database({
    backup: {
      url: { file: 'secrets/x.url' },
      folder: '/copies',
      job: { namespace: 'backup', cronJob: 'shop', ...job },
    },
    ...more,
  });

test('a Job is made in the cluster of the service, in the only one of the region, or in the one that is named', () => {
  const place = (given: object) => {
    const { config } = read(given);
    const [known] = config?.databases ?? [];
    return config === null || known === undefined ? 'not valid' : jobPlaceOf(config, known);
  };
  const usual = { cluster: 'us-east-1', namespace: 'backup', cronJob: 'shop', startSeconds: 300 };
  expect(place(copied({}))).toEqual(usual);
  expect(place(copied({ cluster: 'eu-west-1', startTimeout: '1m' }))).toEqual({
    ...usual,
    cluster: 'eu-west-1',
    startSeconds: 60,
  });
  const { service: _service, ...alone } = copied({});
  expect(place(alone)).toEqual(usual);
  expect(place(database())).toBe(null);
});

test.each<[string, object, string]>([
  ['a cluster that is not there', { cluster: 'eu-west-2' }, 'the cluster eu-west-2 does not exist.'],
  ['a name that is too long for its Jobs', { cronJob: 'a'.repeat(53) }, 'at most 52'],
  ['no namespace', { namespace: 'Backup Space' }, 'must be lower-case letters'],
])('%s for Jobs is refused', (_case, job, says) => {
  const problems = check(copied(job));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(says);
});
