import { describe, expect, test } from 'vitest';
import { back, both, brief, deploy, draft, three, twoRegions } from './testing/draft';
import type { Kind, PairSpec } from './testing/pair';

describe('blue-green', () => {
  test('prepares the idle colour, switches, proves and watches', async () => {
    const found = await draft({ ...both, kind: 'service' }, deploy('blue-green'));
    expect(brief(found)).toEqual([
      'write us-east-1 api-green template=2.0.0 replicas=3 paused=false',
      'ready us-east-1 api-green 3 api-green',
      'write us-east-1 api color=green',
      'prove us-east-1 1',
      'watch 1800',
    ]);
    expect(back(found)).toEqual([
      'ready us-east-1 Deployment api 3',
      'write us-east-1 Service api',
      'drain us-east-1 Deployment api-green 30',
      'write us-east-1 Deployment api-green',
    ]);
    expect(found.staged.capacity).toEqual([{ region: 'us-east-1', need: 3, lowest: 3, highest: 6 }]);
    expect(found.staged.shares).toEqual([{ region: 'us-east-1', before: 0, after: 1 }]);
    expect(found.planned.map(({ title }) => title)).toEqual([
      'us-east-1: start 3 pods of 2.0.0 on green',
      'us-east-1: 3 pods of 2.0.0 ready on green',
      'us-east-1: send all requests to 2.0.0 on green',
      'us-east-1: 100 % of the requests reach 2.0.0',
      'Watch 2.0.0 in us-east-1 for 30 min',
    ]);
  });

  test('its list shows the seven steps of the guide with their times', async () => {
    const { planned } = await draft({ ...both, kind: 'service' }, deploy('blue-green'));
    const told = planned.map(({ detail }) => detail).join(' ');
    for (const time of ['60 min', '30 min', '15 min', '5 min', '1 min']) expect(told).toContain(`(${time})`);
    expect(told.match(/of 7/g)).toHaveLength(4);
  });

  test('takes regions in their order with a soak between them, and goes back in the other', async () => {
    const found = await draft({ ...both, kind: 'service' }, deploy('blue-green', twoRegions));
    expect(found.staged.regions).toEqual(['eu-west-1', 'us-east-1']);
    expect(brief(found).filter((text) => /^(hold|prove|watch)/.test(text))).toEqual([
      'prove eu-west-1 1',
      'hold eu-west-1 1 600',
      'prove us-east-1 1',
      'watch 1800',
    ]);
    expect(back(found).map((text) => text.split(' ').slice(0, 3).join(' '))).toEqual([
      'ready us-east-1 Deployment',
      'write us-east-1 Service',
      'ready eu-west-1 Deployment',
      'write eu-west-1 Service',
      'drain us-east-1 Deployment',
      'write us-east-1 Deployment',
      'drain eu-west-1 Deployment',
      'write eu-west-1 Deployment',
    ]);
  });

  test('warm pods of the idle colour are replaced with a surge on top', async () => {
    const found = await draft({ ...both, kind: 'service', green: three, share: 0 }, deploy('blue-green'));
    expect(found.staged.capacity[0]).toMatchObject({ lowest: 3, highest: 7 });
  });

  test('goes to blue when green has the requests', async () => {
    const found = await draft({ ...both, kind: 'service', green: three, share: 100 }, deploy('blue-green'));
    expect(brief(found).slice(0, 3)).toEqual([
      'write us-east-1 api template=2.0.0 replicas=3 paused=false',
      'ready us-east-1 api 3 api-blue',
      'write us-east-1 api color=blue',
    ]);
  });
});

describe('canary', () => {
  test.each<Kind>(['virtual-service', 'http-route'])(
    'by weights of a %s, with the header rule',
    async (kind) => {
      const found = await draft(
        { ...both, kind, blue: { version: '1.0.0', replicas: 10 } },
        deploy('canary'),
      );
      const header = kind === 'http-route' ? 'green=1' : 'green=100';
      expect(brief(found)).toEqual([
        'write us-east-1 api-green template=2.0.0 replicas=2 paused=false',
        'ready us-east-1 api-green 2 api-green',
        `write us-east-1 api ${header} blue=95 green=5`,
        'prove us-east-1 0.05',
        'hold us-east-1 0.05 600',
        'write us-east-1 api-green replicas=3',
        'ready us-east-1 api-green 3 api-green',
        `write us-east-1 api ${header} blue=75 green=25`,
        'prove us-east-1 0.25',
        'hold us-east-1 0.25 1200',
        'write us-east-1 api-green replicas=10',
        'ready us-east-1 api-green 10 api-green',
        `write us-east-1 api ${header} blue=0 green=100`,
        'prove us-east-1 1',
        'watch 1800',
      ]);
      expect(found.staged.capacity).toEqual([{ region: 'us-east-1', need: 10, lowest: 10, highest: 20 }]);
    },
  );

  test('a hold says how long its evidence takes, and lasts as long', async () => {
    const found = await draft(both, deploy('canary'));
    const holds = found.planned.filter(({ step }) => step.do === 'hold');
    expect(holds.map(({ usualSeconds }) => usualSeconds)).toEqual([600, 1200]);
    expect(holds[0]?.detail).toContain('300 requests take about 5 min');
    expect(found.staged.forecast.worst).toBeGreaterThan(0);
  });

  test('never has more pods than the requests need', async () => {
    const found = await draft({ ...both, blue: { version: '1.0.0', replicas: 1 } }, deploy('canary'));
    expect(brief(found)[0]).toBe('write us-east-1 api-green template=2.0.0 replicas=1 paused=false');
    expect(brief(found).filter((text) => text.includes('replicas='))).toHaveLength(1);
  });
});

describe('gradual', () => {
  test('by weights where there is a router', async () => {
    const found = await draft(both, deploy('gradual'));
    expect(brief(found).filter((text) => text.startsWith('prove'))).toEqual([
      'prove us-east-1 0.1',
      'prove us-east-1 0.5',
      'prove us-east-1 1',
    ]);
  });

  test('by pods where there is none: the reachable share is told, and the old pods go last', async () => {
    const spec: PairSpec = { ...both, kind: 'replicas', blue: { version: '1.0.0', replicas: 4 } };
    const found = await draft(spec, deploy('gradual'));
    expect(brief(found)).toEqual([
      'write us-east-1 api-green template=2.0.0 replicas=1 paused=false',
      'ready us-east-1 api-green 1 api-green',
      'prove us-east-1 0.2',
      'hold us-east-1 0.2 300',
      'write us-east-1 api-green replicas=4',
      'ready us-east-1 api-green 4 api-green',
      'prove us-east-1 0.5',
      'hold us-east-1 0.5 600',
      'drain us-east-1 api 30',
      'write us-east-1 api replicas=0',
      'prove us-east-1 1',
      'watch 1800',
    ]);
    expect(found.planned[2]?.detail).toContain('10 % were asked for; pods reach 20 %.');
    expect(back(found)).toEqual([
      'write us-east-1 Deployment api',
      'ready us-east-1 Deployment api 4',
      'drain us-east-1 Deployment api-green 30',
      'write us-east-1 Deployment api-green',
    ]);
    expect(found.staged.objects.map(({ part }) => part)).toEqual(['new', 'old']);
    expect(Object.keys(found.staged.objects[1]?.baseline ?? {})).toEqual(['template', 'paused', 'replicas']);
    expect(found.staged.capacity).toEqual([{ region: 'us-east-1', need: 4, lowest: 4, highest: 8 }]);
  });

  test('is refused where pods cannot come near the wish', async () => {
    const spec: PairSpec = { ...both, kind: 'replicas', blue: { version: '1.0.0', replicas: 2 } };
    await expect(draft(spec, deploy('gradual'))).rejects.toThrow(
      /10 % cannot be reached by pods in us-east-1: 1 of 3 pods are 33.3 %/,
    );
  });
});

test('big bang: ready everywhere before the first switch, then proof of each', async () => {
  const found = await draft(both, deploy('big-bang', twoRegions));
  expect(brief(found).map((text) => text.split(' ').slice(0, 3).join(' '))).toEqual([
    'write eu-west-1 api-green',
    'write us-east-1 api-green',
    'ready eu-west-1 api-green',
    'ready us-east-1 api-green',
    'write eu-west-1 api',
    'write us-east-1 api',
    'prove eu-west-1 1',
    'prove us-east-1 1',
    'watch 1800',
  ]);
});

describe('shift', () => {
  const warm: PairSpec = { ...both, green: { version: '2.0.0', replicas: 3 }, share: 25 };

  test('between two weights the header rule stays, at 100 % it follows', async () => {
    const half = await draft(warm, { kind: 'shift', colour: 'green', weight: 50 });
    expect(brief(half)).toEqual([
      'ready us-east-1 api-green 2 api-green',
      'write us-east-1 api blue=100 blue=50 green=50',
      'prove us-east-1 0.5',
      'watch 1800',
    ]);
    expect(half.staged.shares).toEqual([{ region: 'us-east-1', before: 0.25, after: 0.5 }]);
    const whole = await draft(warm, { kind: 'shift', colour: 'green' });
    expect(brief(whole).slice(0, 2)).toEqual([
      'ready us-east-1 api-green 3 api-green',
      'write us-east-1 api green=100 blue=0 green=100',
    ]);
  });

  test('the way back waits for the old pods that it needs, and leaves pods alone that nobody wrote', async () => {
    const found = await draft(warm, { kind: 'shift', colour: 'green', weight: 50 });
    expect(back(found)).toEqual(['ready us-east-1 Deployment api 3', 'write us-east-1 VirtualService api']);
    expect(found.staged.objects.map(({ part, baseline }) => [part, ...Object.keys(baseline)])).toEqual([
      ['new', 'template', 'paused'],
      ['old', 'template', 'paused'],
      ['router', 'http'],
    ]);
  });

  test('pods that are too few are made enough first', async () => {
    const few: PairSpec = { ...both, green: { version: '2.0.0', replicas: 1 }, share: 0 };
    expect(brief(await draft(few, { kind: 'shift', colour: 'green', weight: 5 }))).toEqual([
      'write us-east-1 api-green replicas=2',
      'ready us-east-1 api-green 2 api-green',
      'write us-east-1 api green=100 blue=95 green=5',
      'prove us-east-1 0.05',
      'watch 1800',
    ]);
  });
});

describe('rollback to the other colour', () => {
  const after: PairSpec = { ...both, kind: 'service', green: { version: '2.0.0', replicas: 3 }, share: 100 };
  test('warm pods take the requests at once', async () => {
    const found = await draft(after, { kind: 'rollback' });
    expect(brief(found)).toEqual([
      'ready us-east-1 api 3 api-blue',
      'write us-east-1 api color=blue',
      'prove us-east-1 1',
      'watch 1800',
    ]);
    expect(found.works[0].to.version).toBe('1.0.0');
  });

  test('no region waits for the figures of another one', async () => {
    const found = await draft(after, { kind: 'rollback', ...twoRegions });
    expect(brief(found)).toEqual([
      'ready eu-west-1 api 3 api-blue',
      'write eu-west-1 api color=blue',
      'ready us-east-1 api 3 api-blue',
      'write us-east-1 api color=blue',
      'prove eu-west-1 1',
      'prove us-east-1 1',
      'watch 1800',
    ]);
  });

  test('pods that were stopped are started first', async () => {
    const found = await draft({ ...after, blue: { version: '1.0.0', replicas: 0 } }, { kind: 'rollback' });
    expect(brief(found).slice(0, 3)).toEqual([
      'write us-east-1 api replicas=3',
      'ready us-east-1 api 3 api-blue',
      'write us-east-1 api color=blue',
    ]);
  });
});

test('a redeploy marks the template, so that the same image makes new pods', async () => {
  const found = await draft(both, { ...deploy('blue-green'), version: '1.0.0', redeploy: true });
  expect(JSON.stringify(found.staged.steps[0])).toContain('"signalbox.dev/restart":"p"');
});

test('versions that are equal are told apart by their pods', async () => {
  const found = await draft(both, { ...deploy('blue-green'), version: '1.0.0', redeploy: true });
  const { candidate, baseline } = found.staged.analysis[0]?.queries ?? {};
  expect(candidate?.total).not.toBe(baseline?.total);
});
