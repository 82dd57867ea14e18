import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { CronJobSeen, JsonObject } from './cluster';
import { parseJobText } from './cluster';
import { containerOf, jobFrom, jobName } from './template';

const pod: JsonObject = {
  serviceAccountName: 'copier',
  restartPolicy: 'OnFailure',
  volumes: [{ name: 'copies', persistentVolumeClaim: { claimName: 'copies' } }],
  containers: [
    { name: 'sidecar', image: 'proxy:1' },
    {
      name: 'pg-dump',
      image: 'postgres:16',
      command: ['sh', '-ec', 'exec pg_dump'],
      envFrom: [{ secretRef: { name: 'copier' } }],
      env: [
        { name: 'COPIES', value: '/copies' },
        { name: 'SIGNALBOX_FILE', value: 'mine' },
      ],
    },
  ],
};

const cronJob = (spec: JsonObject = {}, metadata: JsonObject = {}): CronJobSeen & { name: string } => ({
  name: 'shop-backup',
  uid: 'u-1',
  annotations: {},
  spec: {
    schedule: '0 2 * * *',
    suspend: true,
    jobTemplate: {
      metadata: { labels: { app: 'shop-backup' }, annotations: { team: 'data' } },
      spec: { backoffLimit: 4, template: { metadata, spec: pod }, ...spec },
    },
  },
});

const told = {
  id: '0b8f5a52-6d4c-4a4e-9a39-2f1f0c3f4d11',
  installation: 'i-1',
  change: 7,
  snapshot: '00000003-0000001B-1',
  file: '.shop.dump.part',
  appName: 'signalbox-copy-x',
  lockTimeoutMs: 30_000,
  timeoutSeconds: 7200,
};

const Job = z.object({
  kind: z.literal('Job'),
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({
    activeDeadlineSeconds: z.number(),
    ttlSecondsAfterFinished: z.number().optional(),
    template: z.looseObject({
      spec: z.looseObject({
        restartPolicy: z.string(),
        containers: z.array(z.looseObject({ name: z.string(), env: z.array(z.unknown()) })),
      }),
    }),
  }),
});
const made = (seen = cronJob()) => Job.parse(jobFrom('shop-backup-1', seen, told));

describe('the Job of a CronJob', () => {
  test('is its template, tried once, and says which copy and whose it is', () => {
    const { metadata, spec } = made();
    expect(metadata).toEqual({
      name: 'shop-backup-1',
      labels: { app: 'shop-backup', 'signalbox.dev/change': 'c-7' },
      annotations: {
        team: 'data',
        'cronjob.kubernetes.io/instantiate': 'manual',
        'signalbox.dev/copy': told.id,
        'signalbox.dev/console': 'i-1',
      },
      ownerReferences: [
        { apiVersion: 'batch/v1', kind: 'CronJob', name: 'shop-backup', uid: 'u-1', controller: true },
      ],
    });
    expect(spec).toMatchObject({
      backoffLimit: 0,
      parallelism: 1,
      completions: 1,
      suspend: false,
      activeDeadlineSeconds: 7200,
    });
    expect(spec.template.spec).toMatchObject({
      serviceAccountName: 'copier',
      restartPolicy: 'Never',
      volumes: pod['volumes'],
    });
  });

  test('tells every container what to dump, and its own variables stay but for ours', () => {
    const [sidecar, dump] = made().spec.template.spec.containers;
    const ours = [
      { name: 'SIGNALBOX_SNAPSHOT', value: told.snapshot },
      { name: 'SIGNALBOX_FILE', value: told.file },
      { name: 'SIGNALBOX_FORMAT', value: 'custom' },
      { name: 'SIGNALBOX_LOCK_TIMEOUT', value: '30000' },
      { name: 'PGAPPNAME', value: told.appName },
    ];
    expect(sidecar?.env).toEqual(ours);
    expect(dump?.env).toEqual([...ours, { name: 'COPIES', value: '/copies' }]);
    expect(dump).toMatchObject({ command: ['sh', '-ec', 'exec pg_dump'], image: 'postgres:16' });
  });

  test.each([
    [{ activeDeadlineSeconds: 600 }, 600],
    [{ activeDeadlineSeconds: 90_000 }, 7200],
  ])('keeps a deadline that is shorter than ours: %j', (spec, seconds) => {
    expect(made(cronJob(spec)).spec.activeDeadlineSeconds).toBe(seconds);
  });

  test('does not vanish before its end is seen, and selects no pods of others', () => {
    const { spec } = made(cronJob({ ttlSecondsAfterFinished: 0, manualSelector: true, selector: {} }));
    expect(spec.ttlSecondsAfterFinished).toBe(600);
    expect(Object.keys(spec)).not.toContain('selector');
    expect(Object.keys(spec)).not.toContain('manualSelector');
  });

  test.each([
    ['no jobTemplate', { schedule: '0 2 * * *' }],
    ['no container', { jobTemplate: { spec: { template: { spec: { containers: [] } } } } }],
  ])('cannot be made of a template with %s', (_, spec) => {
    const seen = { name: 'x', uid: '', annotations: {}, spec };
    expect(jobFrom('x-1', seen, told)).toBe(null);
    expect(containerOf(seen)).toBe(null);
  });
});

test('the container that counts is the one that kubectl takes', () => {
  expect(containerOf(cronJob())).toEqual({ name: 'sidecar', image: 'proxy:1' });
  const annotations = { 'kubectl.kubernetes.io/default-container': 'pg-dump' };
  expect(containerOf(cronJob({}, { annotations }))).toEqual({ name: 'pg-dump', image: 'postgres:16' });
});

test('each attempt has a name of its own, as long as a Job may have', () => {
  const startedAt = new Date('2026-11-22T08:00:00.000Z');
  const first = jobName('a'.repeat(52), { id: told.id, startedAt });
  expect(first).toHaveLength(63);
  expect(jobName('a'.repeat(52), { id: told.id, startedAt })).toBe(first);
  expect(jobName('a'.repeat(52), { id: told.id, startedAt: new Date(startedAt.getTime() + 1) })).not.toBe(
    first,
  );
});

test.each([
  ['us-east-1/backup/x-1', { cluster: 'us-east-1', ref: { namespace: 'backup', name: 'x-1' } }],
  ['backup/x-1', null],
  ['a/b/c/d', null],
])('%s names a Job, or none', (text, expected) => {
  expect(parseJobText(text)).toEqual(expected);
});
