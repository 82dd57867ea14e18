import { writesTo } from './cluster';
import { expect, expectState, requestDeploy, signAs, test } from './fixtures';
import { deployment, patchAs } from './kube';

test('a plan is voided when somebody changed the Deployment after it was made', async ({ pageAs }) => {
  const sre = await pageAs('sre');
  const before = (await writesTo('us-east-1', 'fraiseql-api', 'fraiseql-staging')).length;
  const change = await requestDeploy(sre, {
    service: 'fraiseql-api',
    environment: 'staging',
    region: 'us-east-1',
    version: '2.0.7',
  });
  const touched = await patchAs('admin', 'us-east-1', deployment('fraiseql-staging', 'fraiseql-api'), {
    spec: { template: { metadata: { annotations: { 'example.com/touched-by': 'somebody-else' } } } },
  });
  expect(touched.status).toBe(200);
  await signAs(pageAs, change, ['engineering_lead']);
  await expectState(sre, 'Voided', 60_000);
  await expect(sre.getByText(/changed the Deployment since the plan was made/).first()).toBeVisible();
  expect((await writesTo('us-east-1', 'fraiseql-api', 'fraiseql-staging')).length).toBe(before);
});
