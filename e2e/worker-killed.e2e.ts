import { writesTo } from './cluster';
import { expect, expectState, pushVersion, requestDeploy, signAs, test } from './fixtures';
import { parts } from './stack';

test('a worker that is killed in mid-rollout finishes the change when it starts again, writing nothing twice', async ({
  pageAs,
}) => {
  test.setTimeout(300_000);
  const sre = await pageAs('sre');
  const before = (await writesTo('us-east-1', 'fraiseql-observers', 'fraiseql')).length;
  const version = await pushVersion('fraiseql-observers', '8.1');
  const change = await requestDeploy(sre, { service: 'fraiseql-observers', region: 'us-east-1', version });
  await signAs(pageAs, change, ['engineering_lead', 'devops_lead']);
  await expect(sre.getByText(new RegExp(`[1-9] of 3 on ${version}`))).toBeVisible({ timeout: 60_000 });
  await parts.kill('worker');
  try {
    await expectState(sre, 'Running');
  } finally {
    await parts.start('worker');
  }
  await expectState(sre, 'Watching', 150_000);
  await expectState(sre, 'Succeeded', 150_000);
  const writes = (await writesTo('us-east-1', 'fraiseql-observers', 'fraiseql'))
    .slice(before)
    .filter((write) => write.status < 300);
  const images = writes.filter((write) =>
    JSON.stringify(write.body).includes(`fraiseql-observers:${version}`),
  );
  expect(images).toHaveLength(1);
  // Every write that took effect started from a state that no other write of ours started from.
  const seen = writes.map((write) => `${write.resourceVersionBefore}`);
  expect(new Set(seen).size).toBe(seen.length);
});
