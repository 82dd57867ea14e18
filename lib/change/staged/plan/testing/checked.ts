import { findTargets } from '@/lib/change/plan/find-target';
import { RequestPlan } from '@/lib/change/plan-contract';
import { draftOf } from '../draft';
import { writesOf } from '../objects';
import { readRegion } from '../read-region';
import { wantsOf } from '../wants';
import { configOf, IMAGE, type PairSpec, pairCluster } from './pair';

export const shop = '/apis/apps/v1/namespaces/shop';
export const both: PairSpec = {
  kind: 'http-route',
  blue: { version: '1.0.0', replicas: 3 },
  green: { version: '0.9.0', replicas: 0 },
  share: 0,
};
export const canary = { kind: 'deploy', version: '2.0.0', strategy: 'canary' };

/** What the checks see of a cluster, whose objects `change` may alter before they are read. */
export async function world(
  change: (objects: Map<string, object>) => void = () => {},
  spec: PairSpec = both,
  asked: object = canary,
) {
  const place = { service: 'api', environment: 'production', region: 'us-east-1' };
  const input = RequestPlan.parse({ ...place, ...asked });
  const config = configOf(spec.kind, {}, spec.baseline !== undefined);
  const cluster = pairCluster(spec);
  change(cluster.objects);
  const [target] = findTargets(config, input);
  if (target === undefined) throw new Error('There is no target.');
  const image = input.kind === 'deploy' ? { image: `${IMAGE}:${input.version}` } : null;
  const budget = { requestsPerSecond: null, regionsPerSecond: {}, budget: null };
  const region = await readRegion(cluster.client, target, wantsOf(input));
  const { works, staged } = draftOf([region], { config, input, planId: 'p', image, budget });
  const [work] = works;
  const written = staged.objects
    .map((object) => ({
      object,
      members: writesOf(staged.steps, object.key).flatMap(({ set }) => Object.keys(set)),
    }))
    .filter(({ members }) => members.length > 0);
  return { work, staged, written, objects: cluster.objects, calls: cluster.calls };
}

type Tree = { [key: string]: Tree };
/** Sets a member of an object by its dotted path. */
export function set(objects: Map<string, object>, path: string, member: string, value: unknown): void {
  const copy: Tree = JSON.parse(JSON.stringify(objects.get(path)));
  const names = member.split('.');
  const last = names.pop() ?? '';
  const parent = names.reduce<Tree>((tree, name) => {
    tree[name] ??= {};
    return tree[name];
  }, copy);
  parent[last] = JSON.parse(JSON.stringify(value ?? null));
  objects.set(path, copy);
}

export const route = '/apis/gateway.networking.k8s.io/v1/namespaces/shop/httproutes/api';
