import { expect, test } from 'vitest';
import { Config } from '@/lib/config/schema';
import { testConfigInput } from '@/worker/testing/config';
import { BackupData } from '../contract';
import { dataProblem } from './data-problem';

const plan = { service: 'fraiseql-api', environment: 'production', region: 'us-east-1' };
const signed = (more: object = {}) =>
  BackupData.parse({
    do: 'backup',
    database: 'shop',
    name: 'Shop',
    serverVersion: '15.18',
    server: null,
    serverDatabase: 'shop',
    tool: { name: 'pg_dump', version: null },
    level: 3,
    ...more,
  });
/** signalbox.yaml of now, with this in the backup of the database. */
const now = (backup: object = {}) =>
  Config.parse({
    ...testConfigInput({ kubeconfig: '/none', prometheus: 'http://127.0.0.1:9' }),
    databases: [
      {
        id: 'shop',
        name: 'Shop',
        ...plan,
        url: { env: 'SHOP' },
        tier: 2,
        backup: { url: { env: 'SHOP' }, folder: '/copies', ...backup },
      },
    ],
  });
const job = { namespace: 'backup', cronJob: 'shop-backup' };
const way = 'us-east-1/backup/shop-backup';

test.each<[string, object, object, string | null]>([
  ['a worker, as signed', {}, {}, null],
  ['Jobs, as signed', { job }, { job: way }, null],
  ['Jobs, and a worker was signed', { job }, {}, `by Jobs of ${way} now, and the plan says a worker.`],
  ['a worker, and Jobs were signed', {}, { job: way }, `by a worker now, and the plan says Jobs of ${way}.`],
  [
    'Jobs of another CronJob',
    { job: { ...job, cronJob: 'x' } },
    { job: way },
    'by Jobs of us-east-1/backup/x now',
  ],
  ['no scratch server any more', {}, { level: 4 }, 'no scratch server any more'],
])('copies are made by %s', (_, backup, data, says) => {
  const problem = dataProblem(now(backup), plan, signed(data));
  if (says === null) expect(problem).toBe(null);
  else expect(problem).toContain(says);
});
