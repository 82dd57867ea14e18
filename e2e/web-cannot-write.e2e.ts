import { z } from 'zod';
import { expect, test } from './fixtures';
import { deployment, patchAs } from './kube';
import { pretend } from './stack';

const Refused = z.looseObject({ kind: z.literal('Status'), reason: z.string(), message: z.string() });
const Log = z.object({
  entries: z.array(z.looseObject({ account: z.string(), status: z.number(), name: z.string().nullable() })),
});

for (const cluster of ['us-east-1', 'eu-west-1'] as const) {
  test(`the credential of the web process cannot write in ${cluster}`, async () => {
    const answer = await patchAs('web', cluster, deployment('fraiseql', 'fraiseql-api'), {
      spec: { replicas: 0 },
    });
    expect(answer.status).toBe(403);
    expect(Refused.parse(answer.body)).toMatchObject({ reason: 'Forbidden' });
    const scaled = await patchAs('web', cluster, `${deployment('fraiseql', 'fraiseql-api')}/scale`, {
      spec: { replicas: 0 },
    });
    expect(scaled.status).toBe(403);
    const { entries } = Log.parse(await pretend.get(`/writes?cluster=${cluster}`));
    const byWeb = entries.filter((entry) => entry.account === 'signalbox-web');
    expect(byWeb.length).toBeGreaterThanOrEqual(2);
    expect(byWeb.every((entry) => entry.status === 403)).toBe(true);
  });
}
