import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findTargets } from '../../plan/find-target';
import { type DeployPlan, RequestPlan } from '../../plan-contract';
import { plan as rolling } from '../../testing/plan';
import { draftOf } from './draft';
import { outerPlan } from './outer';
import { readRegion } from './read-region';
import { backOutScript } from './script';
import { configOf, IMAGE, type Kind, pairCluster } from './testing/pair';

const folder = mkdtempSync(path.join(os.tmpdir(), 'script-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function planned(kind: Kind, asked: object): Promise<DeployPlan> {
  const config = configOf(kind);
  const place = { service: 'api', environment: 'production', region: 'us-east-1' };
  const input = RequestPlan.parse({ ...place, ...asked });
  const blue = { version: '1.0.0', replicas: 3, env: [{ name: 'GREETING', value: "it's $HOME `id`" }] };
  const green = { version: '0.9.0', replicas: 0, env: [{ name: 'GREETING', value: "it's $HOME `id`\n\\" }] };
  const regions = await Promise.all(
    findTargets(config, input).map((target) =>
      readRegion(
        pairCluster({ kind, blue, green, share: 0, region: target.placement.region }).client,
        target,
      ),
    ),
  );
  const budget = { requestsPerSecond: null, regionsPerSecond: {}, budget: null };
  const image = { image: `${IMAGE}:2.0.0` };
  const draft = draftOf(regions, { config, input, planId: 'p', image, budget });
  return outerPlan({ config, input, ...draft, diff: [], gate: null, goesBack: null });
}

const canary = { kind: 'deploy', version: '2.0.0', strategy: 'canary', regions: ['us-east-1', 'eu-west-1'] };

/** Runs a script with a kubectl that notes its arguments, one call per entry. */
function run(
  script: string,
  more: { fails?: boolean; force?: boolean; ready?: number | '' } = {},
): { calls: string[][]; code: number } {
  const log = path.join(folder, 'log');
  const tool = path.join(folder, 'kubectl');
  const file = path.join(folder, 'script.sh');
  writeFileSync(log, '');
  const fail = more.fails ? '[ "$5" = rollout ] && exit 1' : ':';
  writeFileSync(
    tool,
    `#!/bin/sh\nfor word; do printf '%s\\0' "$word"; done >> '${log}'\nprintf '\\001' >> '${log}'\n${fail}\n[ "$5" = get ] && printf '%s' '${more.ready ?? 10}'\nexit 0\n`,
  );
  chmodSync(tool, 0o755);
  writeFileSync(file, script.replaceAll(/^sleep .*$/gm, ':'));
  const env = {
    NODE_ENV: 'test' as const,
    PATH: '/usr/bin:/bin',
    KUBECTL: tool,
    ...(more.force ? { FORCE: '1' } : {}),
  };
  let code = 0;
  try {
    execFileSync('sh', [file], { env, stdio: 'pipe' });
  } catch (error) {
    code = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : -1;
  }
  const calls = readFileSync(log, 'utf8')
    .split('\u0001')
    .filter((text) => text !== '');
  return { calls: calls.map((text) => text.split('\0').slice(0, -1)), code };
}

test('the script of a canary in two regions', async () => {
  const script = backOutScript(await planned('virtual-service', canary));
  await expect(script).toMatchFileSnapshot('./golden/canary.sh');
});

test('the script of a rolling deploy', async () => {
  await expect(backOutScript(rolling)).toMatchFileSnapshot('./golden/rolling.sh');
});

test('a shell reads it as it is meant: every value arrives whole', async () => {
  const plan = await planned('http-route', canary);
  const { calls, code } = run(backOutScript(plan));
  expect(code).toBe(0);
  expect(calls.map((words) => [words[1], words[4], words[5], words[6]])).toEqual([
    ['eu-west-1', 'rollout', 'status', 'deployment/api'],
    ['eu-west-1', 'get', 'deployments.apps', 'api'],
    ['eu-west-1', 'patch', 'httproutes.gateway.networking.k8s.io', 'api'],
    ['us-east-1', 'rollout', 'status', 'deployment/api'],
    ['us-east-1', 'get', 'deployments.apps', 'api'],
    ['us-east-1', 'patch', 'httproutes.gateway.networking.k8s.io', 'api'],
    ['eu-west-1', 'patch', 'deployments.apps', 'api-green'],
    ['us-east-1', 'patch', 'deployments.apps', 'api-green'],
  ]);
  for (const words of calls.filter((one) => one[4] === 'patch')) {
    const kind = words[5]?.startsWith('deploy') ? 'Deployment' : 'HTTPRoute';
    const object = plan.staged?.objects.find(
      (one) => one.kind === kind && one.name === words[6] && one.cluster === words[1],
    );
    const [test, ...operations] = JSON.parse(words.at(-1) ?? '');
    expect(test).toEqual({ op: 'test', path: '/metadata/uid', value: object?.uid });
    for (const { path: member, value } of operations) {
      expect(value).toEqual(object?.baseline[member.slice('/spec/'.length)]);
    }
    expect(operations.length).toBe(Object.keys(object?.baseline ?? {}).length);
  }
});

test('it stops before requests go to pods that are not ready, unless it is told not to', async () => {
  const script = backOutScript(await planned('service', { ...canary, strategy: 'blue-green' }));
  expect(run(script, { fails: true })).toMatchObject({
    code: 1,
    calls: [expect.arrayContaining(['rollout'])],
  });
  expect(run(script, { fails: true, force: true })).toMatchObject({ code: 0, calls: { length: 6 } });
});

test.each([2, 0, ''] as const)(
  'a rollout that is complete with %s ready pods of 3 is not enough',
  async (ready) => {
    const script = backOutScript(await planned('service', { ...canary, strategy: 'blue-green' }));
    const stopped = run(script, { ready });
    expect(stopped.code).toBe(1);
    expect(stopped.calls.some((words) => words.includes('patch'))).toBe(false);
    expect(run(script, { ready, force: true }).code).toBe(0);
  },
);

test('names and versions cannot leave their place in the script', () => {
  const evil = '1\n$(touch x) `id` \' "';
  const script = backOutScript({
    ...rolling,
    undo: { ...rolling.undo, version: evil, template: JSON.stringify({ evil }) },
  });
  const { calls, code } = run(script);
  expect(code).toBe(0);
  expect(JSON.parse(calls[0]?.at(-1) ?? '')[1].value).toEqual({ evil });
});
