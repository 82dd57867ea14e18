import { expect, test } from 'vitest';
import { lacksHeader, noHeader } from './check-header';
import { both, deploy, draft } from './testing/draft';
import type { Kind } from './testing/pair';

const workOf = async (kind: Kind) => (await draft({ ...both, kind }, deploy('canary'))).works[0];

test.each(['virtual-service', 'http-route'] as const)(
  'a pair by %s without the rule is told of',
  async (kind) => {
    const work = await workOf(kind);
    expect(lacksHeader(work)).toBe(false);
    expect(noHeader(work).result).toBe('pass');
    const { pair } = work.region;
    const { traffic } = pair;
    if (traffic.kind !== 'virtual-service' && traffic.kind !== 'http-route')
      throw new Error('It has weights.');
    const bare =
      traffic.kind === 'virtual-service'
        ? { ...traffic, headerRoute: undefined }
        : { ...traffic, headerRule: undefined };
    const region = { ...work.region, pair: { ...pair, traffic: bare } };
    expect(noHeader({ ...work, region })).toMatchObject({
      result: 'warn',
      detail: expect.stringContaining('nobody can try 2.0.0 before its first part'),
    });
  },
);

test('where pods are the share no header is missed', async () => {
  const work = (await draft({ ...both, kind: 'replicas' }, deploy('gradual'))).works[0];
  expect(lacksHeader(work)).toBe(false);
});
