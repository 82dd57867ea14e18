import type { Forged } from './forged';
import { Story } from './story';

const passed = { verdict: 'PASS' };

const begun = (kind = 'deploy') => new Story().byPods().approved({ kind }).started();

/** One new pod, all four of them, none of the old: each on the ground of a PASS where `passes`. */
export function gradual({ passes = true, upTo = 3 }: { passes?: boolean; upTo?: 1 | 2 | 3 } = {}): Story {
  const story = begun();
  const steps = [() => story.pods('new', 1), () => story.pods('new', 4), () => story.pods('old', 0)];
  for (const step of steps.slice(0, upTo)) {
    step();
    if (passes) story.entry('change.measured', passed);
  }
  return upTo === 3 ? story.entry('change.watching').ended('change.succeeded', passed) : story;
}

/** From all old pods to all new ones by two writes, without a look between them. */
export const atOnce = (kind: string): Story =>
  begun(kind).pods('new', 4).pods('old', 0).entry('change.watching').ended('change.succeeded', passed);

/** Back by pods, from where all requests were on the new ones. */
export const back = (ready: { old?: number; new?: number } = {}): Story =>
  gradual({ upTo: 2 })
    .pods('old', 0)
    .entry('change.undo_started')
    .pods('old', 4)
    .pods('new', 0, ready)
    .ended('change.backed_out');

/** Where the pods are the share: what a Deployment's number of pods says of requests. */
export const forgedByPods: readonly Forged[] = [
  {
    invariant: 'I4',
    what: 'more new pods without a PASS',
    story: () => gradual({ passes: false, upTo: 2 }),
    says: /^Write 2 of us deployments.apps shop\/api-green advances without a stored PASS\.$/,
  },
  {
    invariant: 'I4',
    what: 'old pods that are stopped without a PASS, which sends the new ones all requests',
    story: () => gradual({ upTo: 1 }).pods('new', 4).pods('old', 0),
    says: /^Write 3 of us deployments.apps shop\/api advances without a stored PASS\.$/,
  },
  {
    invariant: 'I4',
    what: 'more new pods with a PASS from before the first one',
    story: () => begun().entry('change.measured', passed).pods('new', 1).pods('new', 4),
    says: /advances without a stored PASS/,
  },
  {
    invariant: 'I4',
    what: 'more new pods without a PASS, with a write between that moves no share',
    story: () => begun().pods('new', 1).pods('new', 1).pods('new', 4),
    says: /^Write 3 of .* advances without a stored PASS\.$/,
  },
  {
    invariant: 'I4',
    what: 'a deploy of all pods at once',
    story: () => atOnce('deploy'),
    says: /advances without a stored PASS/,
  },
  {
    invariant: 'I4',
    what: 'a rollback over weights that goes in parts without a PASS: one write would do',
    story: () => new Story().approved({ kind: 'rollback' }).started().weights(5).weights(25),
    says: /advances without a stored PASS/,
  },
  {
    invariant: 'I5',
    what: 'fewer pods of both together than carry the requests',
    story: () => gradual({ upTo: 1 }).pods('old', 2),
    says: /leaves 3 pods wanted in all of api and api-green, and 4 carry the requests/,
  },
  {
    invariant: 'I5',
    what: 'old pods that are stopped while a new one is missing',
    story: () => gradual({ upTo: 2 }).pods('old', 0, { new: 3 }),
    says: /leaves 3 pods available in all of api and api-green, and 4 carry the requests/,
  },
  {
    invariant: 'I5',
    what: 'new pods that are stopped on the way back before the old ones are there',
    story: () => back({ old: 1 }),
    says: /leaves 1 pods available in all/,
  },
  {
    invariant: 'I5',
    what: 'old pods that are stopped when the new Deployment is gone',
    story: () => gradual({ upTo: 2 }).pods('old', 0, { new: null }),
    says: /leaves 0 pods wanted in all/,
  },
];
