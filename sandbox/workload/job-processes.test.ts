import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultBehaviour } from '../kubernetes/controllers/pod-behaviour';
import { ObjectStore } from '../kubernetes/object-store';
import type { JsonObject, KubeObject } from '../kubernetes/store';
import { backupNamespace, clientImage, seedBackupJob } from '../topology/backup-job';
import { JobProcesses } from './job-processes';

let folder = '';
let lines: string[] = [];
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'job-processes-'));
  lines = [];
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const store = new ObjectStore({ now: () => 0 });
seedBackupJob(store, { name: 'shop', folder: '/copies', url: 'postgresql://copier:s%40fe@db:5433/shop' });

const pod = (container: JsonObject, volumes: JsonObject[] = []): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'shop-1-abcde',
    namespace: backupNamespace,
    uid: 'u',
    resourceVersion: '1',
    creationTimestamp: '2026-11-22T08:00:00Z',
  },
  spec: { containers: [{ name: 'c', image: `${clientImage}:15`, ...container }], volumes },
});
const processes = () =>
  new JobProcesses({ image: clientImage, tools: folder, store, onLine: (_, line) => lines.push(line) });

/** Runs the container to its end; its exit code. */
const run = (container: JsonObject, volumes?: JsonObject[], stop?: 'SIGTERM' | 'SIGKILL') =>
  new Promise<number>((resolve) => {
    const start = processes().over(defaultBehaviour).process?.(pod(container, volumes));
    const running = start?.(resolve);
    if (stop !== undefined) running?.stop(stop);
  });

test('a container runs its command with the values of its template and its Secret, and the tools come first', async () => {
  fs.writeFileSync(
    path.join(folder, 'pg_dump'),
    '#!/bin/sh\necho "dumps $PGDATABASE as $PGUSER:$PGPASSWORD to $TO"; exit 3\n',
    {
      mode: 0o755,
    },
  );
  const code = await run({
    command: ['sh', '-ec'],
    args: ['pg_dump || exit 3'],
    envFrom: [{ secretRef: { name: 'shop' } }],
    env: [
      { name: 'FILE', value: 'x' },
      { name: 'TO', value: '/copies/$(FILE)$(NOBODY)' },
      { name: 'PGUSER', valueFrom: { secretKeyRef: { name: 'shop', key: 'PGUSER' } } },
    ],
  });
  expect(code).toBe(3);
  expect(lines).toEqual(['dumps shop as copier:s@fe to /copies/x$(NOBODY)']);
});

test.each<[string, JsonObject, JsonObject[], RegExp]>([
  [
    'a Secret that is not there',
    { command: ['true'], envFrom: [{ secretRef: { name: 'no' } }] },
    [],
    /secret "no" not found/,
  ],
  [
    'a key that is not there',
    { command: ['true'], env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'shop', key: 'no' } } }] },
    [],
    /couldn't find key no in Secret backup\/shop/,
  ],
  [
    'a folder under another name',
    { command: ['true'], volumeMounts: [{ name: 'v', mountPath: '/copies' }] },
    [{ name: 'v', hostPath: { path: '/srv' } }],
    /only under its own path/,
  ],
  ['a program that is not there', { command: ['no-such-program'] }, [], /ENOENT/],
  ['no command', {}, [], /no command/],
])('%s keeps the container from starting, and its log says so', async (_, container, volumes, says) => {
  expect(await run(container, volumes)).toBe(128);
  expect(lines.join('\n')).toMatch(says);
});

test('a signal ends the whole group', async () => {
  expect(await run({ command: ['sh', '-c', 'sleep 600 & sleep 600'] }, [], 'SIGTERM')).toBe(143);
});

test('only pods of the image are processes, and they fare as they are told', () => {
  const all = processes();
  const behaviour = all.over(defaultBehaviour);
  const other = pod({ image: 'registry.example.com/platform/postgres-clientele:15' });
  expect(behaviour.process?.(other)).toBe(null);
  all.fate = 'image-missing';
  expect([behaviour.outcome(pod({})), behaviour.outcome(other)]).toEqual(['image-missing', 'ok']);
});

test('the objects of a CronJob are corrected at the next start', () => {
  seedBackupJob(store, { name: 'shop', folder: '/elsewhere', url: 'postgresql://copier:new@db:5434/shop' });
  const cronJobs = store.list('cronjobs.batch', backupNamespace);
  expect(cronJobs).toHaveLength(1);
  expect(JSON.stringify(cronJobs[0]?.spec)).toContain('/elsewhere');
  const secret = store.get('secrets', backupNamespace, 'shop');
  expect(secret?.['data']).toMatchObject({ PGPORT: Buffer.from('5434').toString('base64') });
});
