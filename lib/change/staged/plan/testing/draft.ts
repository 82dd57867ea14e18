import { findTargets } from '@/lib/change/plan/find-target';
import { RequestPlan } from '@/lib/change/plan-contract';
import { type Draft, draftOf } from '../draft';
import { readRegion } from '../read-region';
import { wantsOf } from '../wants';
import { configOf, IMAGE, type PairSpec, pairCluster } from './pair';

export const place = { service: 'api', environment: 'production', region: 'us-east-1' };
export const three = { version: '1.0.0', replicas: 3 };
export const idle = { version: '0.9.0', replicas: 0 };
export const both: PairSpec = { kind: 'virtual-service', blue: three, green: idle, share: 0 };

export async function draft(spec: PairSpec, asked: object, more: object = {}): Promise<Draft> {
  const input = RequestPlan.parse({ ...place, ...asked });
  const config = configOf(spec.kind, more, spec.baseline !== undefined);
  const targets = findTargets(config, input);
  const regions = await Promise.all(
    targets.map((target) => {
      const { region } = target.placement;
      return readRegion(pairCluster({ ...spec, region }).client, target, wantsOf(input));
    }),
  );
  const image = input.kind === 'deploy' ? { image: `${IMAGE}:${input.version}` } : null;
  const budget = { requestsPerSecond: 20, regionsPerSecond: {}, budget: { events: 1000, remaining: 500 } };
  return draftOf(regions, { config, input, planId: 'p', image, budget });
}

/** Steps as short words; routes as `route green 25 header green`. */
export function brief({ staged }: Draft): string[] {
  const nameOf = (key: string): string => {
    const object = staged.objects.find((one) => one.key === key);
    return `${object?.region} ${object?.name}`;
  };
  return staged.steps.map((step): string => {
    if (step.do === 'write') {
      const members = Object.entries(step.set).map(([name, value]) => member(name, value));
      return `write ${nameOf(step.object)} ${members.join(' ')}`;
    }
    if (step.do === 'ready') return `ready ${nameOf(step.object)} ${step.pods} ${step.service}`;
    if (step.do === 'prove') return `prove ${step.region} ${round(step.share)}`;
    if (step.do === 'hold') return `hold ${step.region} ${round(step.share)} ${step.seconds}`;
    if (step.do === 'drain') return `drain ${nameOf(step.object)} ${step.seconds}`;
    return step.do === 'watch' ? `watch ${step.seconds}` : step.do;
  });
}

const round = (share: number): number => Math.round(share * 1000) / 1000;

function member(name: string, value: unknown): string {
  const text = JSON.stringify(value);
  if (name === 'template') return `template=${/api:([^"]*)"/.exec(text)?.[1]}`;
  if (name === 'selector') return `color=${/"color":"(\w+)"/.exec(text)?.[1]}`;
  if (name === 'http' || name === 'rules') {
    const weights = [
      ...text.matchAll(/api-(blue|green|baseline)"[^{}]*(?:\{[^{}]*\}\})?[^{}]*"weight":(\d+)/g),
    ];
    return weights.map(([, colour, weight]) => `${colour}=${weight}`).join(' ');
  }
  return `${name}=${text}`;
}

/** The way back: `ready us-east-1 api 3`, `write us-east-1 api`. */
export const back = ({ staged }: Draft): string[] =>
  staged.back.map((step) => {
    const object = staged.objects.find(({ key }) => key === step.object);
    const amount = step.do === 'ready' ? ` ${step.pods}` : step.do === 'drain' ? ` ${step.seconds}` : '';
    return `${step.do} ${object?.region} ${object?.kind} ${object?.name}${amount}`;
  });

export const deploy = (strategy: string, more: object = {}) => ({
  kind: 'deploy',
  version: '2.0.0',
  strategy,
  ...more,
});
export const twoRegions = { regions: ['eu-west-1', 'us-east-1'] };
