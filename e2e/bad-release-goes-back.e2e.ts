import type { Page } from '@playwright/test';
import { leadRoles } from '../lib/access/model';
import { api, paths } from '../lib/core/paths';
import { LedgerView } from '../lib/slo/ledger/contract';
import { failuresUnseen, trafficOf, writesTo } from './cluster';
import { expect, expectState, requestDeploy, signAs, test } from './fixtures';
import { pretend } from './stack';

const place = { service: 'architect-api', cluster: 'us-east-1', namespace: 'architect-production' } as const;

/** RBK-01 with the six of APR-01: the new version errs at 8 %, the guard acts while old pods still serve. */
test('a bad release, signed by six people, goes back by itself', async ({ pageAs }) => {
  test.setTimeout(360_000);
  await pretend.scenario('bad-release');
  const sre = await pageAs('sre');
  const before = (await writesTo('us-east-1', 'architect-api')).length;
  const change = await requestDeploy(sre, {
    service: 'architect-api',
    region: 'us-east-1',
    version: 'v3.2.0',
  });
  await signAs(pageAs, change, leadRoles);
  await expectState(sre, 'Backed out', 300_000);
  await expect(sre.getByText(/guard failed/i).first()).toBeVisible();

  const writes = (await writesTo('us-east-1', 'architect-api'))
    .slice(before)
    .filter((write) => write.status < 300 && write.verb === 'patch');
  const brings = (version: string) =>
    writes.find((write) => new RegExp(`architect-api:${version}["@]`).test(JSON.stringify(write.body)));
  const forth = brings('v3.2.0');
  const back = brings('v3.1.0');
  expect(forth).toBeDefined();
  expect(back).toBeDefined();
  const started = (forth?.atMs ?? 0) / 1000;
  const acted = (back?.atMs ?? 0) / 1000;
  expect(acted).toBeGreaterThan(started);
  const old = await trafficOf({ ...place, version: 'v3.1.0', from: Math.floor(acted) - 2, to: acted });
  expect(old.requests - old.failures, 'old pods served when the guard acted').toBeGreaterThan(0);
  const bad = await trafficOf({ ...place, version: 'v3.2.0', from: started, to: acted });
  expect(bad.requests).toBeGreaterThanOrEqual(50);
  expect(bad.failures).toBeGreaterThan(0);

  await sre.goto('/services/architect-api?environment=production&region=us-east-1&tab=workloads');
  await expect(sre.getByRole('cell', { name: 'v3.1.0' }).first()).toBeVisible();
  await expect(sre.getByRole('cell', { name: 'v3.2.0' })).toHaveCount(0, { timeout: 60_000 });
  await expectPrice(sre, change);
});

/** The change stands in the ledger of its objective with what the traffic itself says that it cost. */
async function expectPrice(page: Page, change: string): Promise<void> {
  const ledger = api.sloLedger('architect-api-availability', { environment: 'production' });
  const read = async () => {
    const view = LedgerView.parse(await (await page.request.get(ledger)).json());
    return view.lines.find((line) => line.change === change);
  };
  // Counts of the last minute are on their way; once the same line comes twice, they are there.
  let line = await read();
  await expect(async () => {
    const before = line;
    line = await read();
    expect(line?.gross.failed).toBeGreaterThan(0);
    // Shares of the budget move with the window; what was counted does not.
    expect([line?.to, line?.requests, line?.gross.failed]).toEqual([
      before?.to,
      before?.requests,
      before?.gross.failed,
    ]);
  }).toPass({ intervals: [20_000], timeout: 120_000 });
  if (line === undefined) throw new Error('The change is not in the ledger.');
  const span = { from: Date.parse(line.from) / 1000, to: Date.parse(line.to) / 1000 };
  const truth = await trafficOf({ ...place, ...span });
  const usual = (line.background?.failed ?? 0) / Math.max(1, line.background?.requests ?? 0);
  const excess = truth.failures - usual * truth.requests;
  // Two scrapes of 5 s: the second may come as late as the pod's last moment.
  const unseen = await failuresUnseen({ ...place, ...span, version: 'v3.2.0' }, 10);
  expect(line.low.failed).toBeLessThanOrEqual(excess);
  expect(line.high.failed + unseen).toBeGreaterThanOrEqual(excess);

  await page.goto(paths.slo('architect-api-availability'));
  const spent = page.getByRole('table', { name: /spent/i });
  await expect(spent.getByRole('link', { name: /v3.1.0 → v3.2.0/ }).first()).toBeVisible();
}
