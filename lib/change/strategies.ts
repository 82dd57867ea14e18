import type { deployStrategies } from './plan-contract';

export type DeployStrategy = (typeof deployStrategies)[number];
/** What sends the requests to one colour or the other, as signalbox.yaml names it. */
export type TrafficKind = 'service' | 'virtual-service' | 'http-route' | 'replicas';

/** Why a new version cannot be brought in this way where requests are sent so; null when it can (DEP-02). */
export function strategyProblem(strategy: DeployStrategy, traffic: TrafficKind | null): string | null {
  if (strategy === 'rolling') return null;
  if (traffic === null) return 'This place has no pair of colours in signalbox.yaml.';
  switch (strategy) {
    case 'blue-green':
    case 'big-bang':
      return traffic === 'replicas'
        ? 'One Service selects the pods of both colours here, so there is nothing to switch.'
        : null;
    case 'canary':
    case 'gradual':
      return traffic === 'service'
        ? 'A selector sends all requests to one colour; a part of them needs weights or a share of pods.'
        : null;
  }
}

/** Why requests cannot be sent to a colour with this weight; null when they can. */
export function weightProblem(weight: number, traffic: TrafficKind | null): string | null {
  if (traffic === null) return 'This place has no pair of colours in signalbox.yaml.';
  if (weight === 100 || traffic !== 'service') return null;
  return 'A selector sends all requests to one colour: 100 is the only share there is here.';
}

/** How a change brings its version in, as people say it. */
export const strategyNames: Record<DeployStrategy | 'shift', string> = {
  rolling: 'Rolling',
  'blue-green': 'Blue-green',
  canary: 'Canary',
  gradual: 'Gradual',
  'big-bang': 'Big bang',
  shift: 'Traffic shift',
};

/** What speaks for a way and against it, how much is at risk, and how the way back is (DEP-02). */
export const strategyCards: Record<DeployStrategy, { says: string; risk: string; back: string }> = {
  rolling: {
    says: 'Pods of the one Deployment are replaced in turn. No second set of pods is needed, and both versions mix.',
    risk: 'medium',
    back: 'another rollout, as long as the first',
  },
  'blue-green': {
    says: 'The other colour starts with all its pods, then takes all requests at once. Twice the pods meanwhile.',
    risk: 'low',
    back: 'one write, to pods that are still warm',
  },
  canary: {
    says: 'A small part of the requests goes first and is judged against the old version. Few see a bad release.',
    risk: 'low',
    back: 'one write, to pods that are still warm',
  },
  gradual: {
    says: 'Growing parts of the requests move over, each judged. More see a bad release than in a canary.',
    risk: 'medium',
    back: 'one write, to pods that are still warm',
  },
  'big-bang': {
    says: 'All requests of all regions move at once. The shortest, and everyone sees a bad release.',
    risk: 'high',
    back: 'one write a region, to pods that are still warm',
  },
};

/** How the way back is: where one Service selects the pods of both colours, the old ones are gone by then. */
export const wayBackWords = (strategy: DeployStrategy, traffic: TrafficKind | null): string =>
  traffic === 'replicas' && strategy !== 'rolling'
    ? 'the old pods start again first'
    : strategyCards[strategy].back;
