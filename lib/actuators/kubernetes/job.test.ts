import { expect, test } from 'vitest';
import type { Call, ClusterClient } from './client';
import { createJob, isMadeFrom, JobObject, jobPhase, patchJob, readJobLog } from './job';

/** Answers by method and path, and keeps what was asked. */
function clusterWith(answers: Record<string, unknown>) {
  const calls: Call[] = [];
  const call = async (made: Call) => {
    calls.push(made);
    return { status: 200, body: answers[`${made.method} ${made.path}`], auditId: 'a1' };
  };
  const client: ClusterClient = {
    id: 'east',
    call,
    get: async (schema, path) => schema.parse((await call({ method: 'GET', path })).body),
    close: async () => {},
  };
  return { client, calls };
}

const ref = { namespace: 'shop', name: 'api-migrate-1' };
const onBehalfOf = { user: 'ada@example.com', attempt: 'c-7/3/1/x' };
const jobs = '/apis/batch/v1/namespaces/shop/jobs';
const withConditions = (...conditions: object[]) =>
  JobObject.parse({ metadata: { name: 'api-migrate-1' }, status: { conditions } });

test('a Job is created suspended, for a person, under the fence, with the hash of what was asked for', async () => {
  const { client, calls } = clusterWith({
    [`POST ${jobs}`]: { metadata: { name: ref.name, annotations: { 'signalbox.dev/spec-sha256': 'h' } } },
  });
  const fence = { change: 7, epoch: 2 };
  const { object, auditId } = await createJob(client, {
    ref,
    spec: { backoffLimit: 0 },
    specHash: 'h',
    fence,
    onBehalfOf,
  });
  expect(auditId).toBe('a1');
  expect([isMadeFrom(object, 'h'), isMadeFrom(object, 'other')]).toEqual([true, false]);
  expect(calls).toEqual([
    expect.objectContaining({
      method: 'POST',
      path: jobs,
      headers: expect.objectContaining({
        'impersonate-user': 'ada@example.com',
        'impersonate-group': 'signalbox-operators',
      }),
      body: expect.objectContaining({
        kind: 'Job',
        metadata: expect.objectContaining({
          name: ref.name,
          labels: { 'signalbox.dev/change': 'c-7' },
          annotations: { 'signalbox.dev/fence': 'c-7/2', 'signalbox.dev/spec-sha256': 'h' },
        }),
        spec: { backoffLimit: 0, suspend: true },
      }),
    }),
  ]);
});

test.each([
  ['release', { spec: { suspend: false } }, {}],
  ['seal', {}, { 'signalbox.dev/sealed': 'true' }],
] as const)('a %s is a patch of the version that was seen, under the fence', async (what, more, marks) => {
  const { client, calls } = clusterWith({ [`PATCH ${jobs}/${ref.name}`]: { metadata: { name: ref.name } } });
  const fence = { change: 7, epoch: 3 };
  await patchJob(client, { ref, what, resourceVersion: '41', fence, onBehalfOf });
  expect(calls).toEqual([
    expect.objectContaining({
      method: 'PATCH',
      headers: expect.objectContaining({
        'content-type': 'application/merge-patch+json',
        'impersonate-user': 'ada@example.com',
      }),
      body: {
        metadata: { resourceVersion: '41', annotations: { 'signalbox.dev/fence': 'c-7/3', ...marks } },
        ...more,
      },
    }),
  ]);
});

test('a Job that is suspended waits, unless it has ended', () => {
  const spec = { suspend: true };
  expect(jobPhase({ ...withConditions(), spec }).phase).toBe('suspended');
  expect(jobPhase({ ...withConditions({ type: 'Complete', status: 'True' }), spec }).phase).toBe('complete');
});

test('a Job runs until one of its two last conditions is true', () => {
  const announced = { type: 'FailureTarget', status: 'True', reason: 'BackoffLimitExceeded', message: '' };
  expect(jobPhase(withConditions()).phase).toBe('running');
  expect(jobPhase(withConditions(announced)).phase).toBe('running');
  expect(jobPhase(withConditions({ type: 'Complete', status: 'True' })).phase).toBe('complete');
  expect(
    jobPhase(
      withConditions(announced, {
        type: 'Failed',
        status: 'True',
        reason: 'DeadlineExceeded',
        message: 'too long',
      }),
    ),
  ).toEqual({
    phase: 'failed',
    detail: 'DeadlineExceeded: too long',
  });
});

test('the log is that of the pod of the Job, as text; a pod that is gone has none', async () => {
  const pods = '/api/v1/namespaces/shop/pods';
  const asked = { container: 'migrate', lines: 100, onBehalfOf };
  const { client, calls } = clusterWith({
    [`GET ${pods}`]: { items: [{ metadata: { name: 'api-migrate-1-x' }, spec: {} }] },
    [`GET ${pods}/api-migrate-1-x/log`]: 'done\n',
  });
  expect(await readJobLog(client, ref, asked)).toBe('done\n');
  expect(calls.at(-1)).toMatchObject({ isText: true, query: { container: 'migrate', tailLines: '100' } });
  expect(await readJobLog(clusterWith({ [`GET ${pods}`]: { items: [] } }).client, ref, asked)).toBeNull();
});
