import { describe, expect, test } from 'vitest';
import { autoscalers, disruptionBudget, quota, rights } from './check-cluster';
import { gitops } from './check-gitops';
import { both, route, set, world } from './testing/checked';

describe('the cluster', () => {
  test('rights are asked for each object with its own group', async () => {
    const { work, written, calls } = await world();
    expect(
      await rights(
        work,
        written.map(({ object }) => object),
        { user: 'a@b.c', attempt: 'plan' },
      ),
    ).toMatchObject({ result: 'pass' });
    const asked = calls.filter(({ method }) => method === 'POST').map(({ body }) => JSON.stringify(body));
    expect(asked).toEqual([
      expect.stringContaining('"group":"apps","resource":"deployments"'),
      expect.stringContaining('"group":"gateway.networking.k8s.io","resource":"httproutes"'),
    ]);
  });

  test('a quota must have room for both colours at once', async () => {
    const { work, staged, objects } = await world();
    const put = (pods: string) =>
      objects.set('/api/v1/namespaces/shop/resourcequotas/q', {
        metadata: { name: 'q' },
        status: { hard: { pods }, used: { pods: '3' } },
      });
    put('6');
    expect(await quota(work, staged.capacity[0])).toMatchObject({ result: 'pass' });
    put('5');
    expect(await quota(work, staged.capacity[0])).toMatchObject({
      result: 'fail',
      detail: expect.stringContaining('3 extra pods'),
    });
  });

  test('an autoscaler of either colour is named', async () => {
    const { work, objects } = await world();
    expect(await autoscalers(work)).toMatchObject({ result: 'pass' });
    const target = { scaleTargetRef: { kind: 'Deployment', name: 'api' }, minReplicas: 2, maxReplicas: 9 };
    objects.set('/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers/h', {
      metadata: { name: 'h' },
      spec: target,
    });
    expect(await autoscalers(work)).toMatchObject({
      result: 'warn',
      detail: expect.stringContaining('h keeps 2 to 9 pods of api (blue)'),
    });
  });

  test.each([
    [1, 'h keeps 1 to 9 pods of api (blue); until the watch is over the change lets it take none of the 3.'],
    [3, 'h keeps 3 to 9 pods of api (blue), and takes none of those that the way back needs.'],
  ])('one of the old colour that may leave %i pods is no trouble', async (minReplicas, detail) => {
    const { work } = await world((objects) =>
      objects.set('/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers/h', {
        metadata: { name: 'h', uid: 'h', resourceVersion: '1' },
        spec: { scaleTargetRef: { kind: 'Deployment', name: 'api' }, minReplicas, maxReplicas: 9 },
      }),
    );
    expect(await autoscalers(work)).toEqual({ result: 'pass', detail });
  });

  test('a disruption budget counts where it selects the new pods', async () => {
    const { work, objects } = await world();
    expect(await disruptionBudget(work)).toMatchObject({
      result: 'warn',
      detail: expect.stringContaining('None covers'),
    });
    const put = (color: string, minAvailable: number) =>
      objects.set('/apis/policy/v1/namespaces/shop/poddisruptionbudgets/b', {
        metadata: { name: 'b' },
        spec: { minAvailable, selector: { matchLabels: { color } } },
      });
    put('blue', 2);
    expect(await disruptionBudget(work)).toMatchObject({ result: 'warn' });
    put('green', 2);
    expect(await disruptionBudget(work)).toMatchObject({ result: 'pass' });
    put('green', 3);
    expect(await disruptionBudget(work)).toMatchObject({
      result: 'warn',
      detail: expect.stringContaining('no node could be drained'),
    });
  });
});

describe('who keeps the objects', () => {
  const tracked = (objects: Map<string, object>) =>
    set(objects, route, 'metadata.annotations', {
      'argocd.argoproj.io/tracking-id': 'shop:gateway.networking.k8s.io/HTTPRoute:shop/api',
    });
  const application = (objects: Map<string, object>, spec: object) =>
    objects.set('/apis/argoproj.io/v1alpha1/applications', {
      items: [{ metadata: { name: 'shop', namespace: 'argocd' }, spec }],
    });
  const healing = { automated: { selfHeal: true } };
  const respecting = { ...healing, syncOptions: ['RespectIgnoreDifferences=true'] };
  const ignoring = (path: string) => [
    { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', jqPathExpressions: [path] },
  ];

  test.each([
    [
      'self-heal without a rule',
      { syncPolicy: healing },
      'fail',
      /Application shop keeps HTTPRoute api, and none of its ignoreDifferences names \.spec\.rules\[\]\.backendRefs: its self-heal/,
    ],
    ['no self-heal', { syncPolicy: {} }, 'warn', /its next sync/],
    [
      'a rule that is not respected',
      { syncPolicy: healing, ignoreDifferences: ignoring('.spec.rules[].backendRefs') },
      'warn',
      /without RespectIgnoreDifferences/,
    ],
    [
      'a rule for the weights alone',
      { syncPolicy: respecting, ignoreDifferences: ignoring('.spec.rules[].backendRefs[].weight') },
      'warn',
      /not where the header rule sends to/,
    ],
    [
      'a rule for the destinations',
      { syncPolicy: respecting, ignoreDifferences: ignoring('.spec.rules[].backendRefs') },
      'pass',
      /leaves what the plan writes alone/,
    ],
    [
      'our writes ignored whole',
      { syncPolicy: respecting, ignoreDifferences: [{ kind: '*', managedFieldsManagers: ['signalbox'] }] },
      'pass',
      /leaves/,
    ],
    [
      'a rule for another object',
      {
        syncPolicy: healing,
        ignoreDifferences: [{ kind: 'HTTPRoute', name: 'x', jsonPointers: ['/spec/rules'] }],
      },
      'fail',
      /none of its/,
    ],
  ] as const)('Argo CD with %s', async (_, spec, result, detail) => {
    const { work, written } = await world((objects) => {
      tracked(objects);
      application(objects, spec);
    });
    expect(await gitops(work, written)).toMatchObject({ result, detail: expect.stringMatching(detail) });
  });

  test('an application that cannot be read is a warning', async () => {
    const { work, written } = await world(tracked);
    expect(await gitops(work, written)).toMatchObject({
      result: 'warn',
      detail: expect.stringContaining('is not known'),
    });
  });

  test("Helm's label alone says nothing, and Flux is named", async () => {
    const mark = (labels: object) => world((objects) => set(objects, route, 'metadata.labels', labels));
    const helm = await mark({ 'app.kubernetes.io/instance': 'shop' });
    expect(await gitops(helm.work, helm.written)).toMatchObject({ result: 'pass' });
    const flux = await mark({ 'kustomize.toolkit.fluxcd.io/name': 'apps' });
    expect(await gitops(flux.work, flux.written)).toMatchObject({
      result: 'warn',
      detail: expect.stringContaining("Flux's apps keeps HTTPRoute api"),
    });
  });
});

describe('the cluster of a canary beside a baseline', () => {
  const spec = { ...both, baseline: { version: '0.9.0', replicas: 0 } };
  const name = 'api-baseline';

  test('room is asked for its pods too', async () => {
    const { work, staged, objects } = await world(() => {}, spec);
    objects.set('/api/v1/namespaces/shop/resourcequotas/q', {
      metadata: { name: 'q' },
      status: { hard: { pods: '7' }, used: { pods: '3' } },
    });
    expect(await quota(work, staged.capacity[0])).toMatchObject({
      result: 'fail',
      detail: expect.stringContaining('5 extra pods'),
    });
  });

  test('an autoscaler of it is named', async () => {
    const { work, objects } = await world(() => {}, spec);
    objects.set('/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers/h', {
      metadata: { name: 'h' },
      spec: { scaleTargetRef: { kind: 'Deployment', name }, minReplicas: 1, maxReplicas: 9 },
    });
    expect(await autoscalers(work)).toMatchObject({
      result: 'warn',
      detail: expect.stringContaining('1 to 9 pods of api-baseline (baseline)'),
    });
  });

  test('its Deployment is written, so its GitOps controller is asked for, and the right to write it', async () => {
    const { work, written } = await world(
      (objects) =>
        set(objects, `/apis/apps/v1/namespaces/shop/deployments/${name}`, 'metadata.labels', {
          'kustomize.toolkit.fluxcd.io/name': 'shop',
        }),
      spec,
    );
    expect(written.map(({ object }) => object.name)).toContain(name);
    expect(await gitops(work, written)).toMatchObject({
      result: 'warn',
      detail: expect.stringContaining(`Flux's shop keeps Deployment ${name}`),
    });
  });
});
