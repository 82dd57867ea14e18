import type { invariants } from './checker/history';
import { forgedByPods } from './forged-pods';
import { Story } from './story';

/** A history that breaks one invariant in one way, and what the checker has to say of it. */
export type Forged = {
  invariant: (typeof invariants)[number];
  what: string;
  story: () => Story;
  says: RegExp;
};

/** Up by evidence: 5 %, 25 %, 100 %. */
export function canary({ upTo = 100, passes = true }: { upTo?: number; passes?: boolean } = {}): Story {
  const story = begun();
  for (const weight of [5, 25, 100].filter((one) => one <= upTo)) {
    story.weights(weight);
    if (passes) story.entry('change.measured', { verdict: 'PASS' });
  }
  return upTo === 100 ? story.entry('change.watching').ended('change.succeeded', { verdict: 'PASS' }) : story;
}

const begun = () => new Story().approved().started();
const passed = { verdict: 'PASS' };

const fences: readonly Forged[] = [
  {
    invariant: 'I1',
    what: 'a write without a fence',
    story: () => begun().intent().write({ fence: null }),
    says: /carries no fence/,
  },
  {
    invariant: 'I1',
    what: 'an epoch that goes down',
    story: () =>
      begun()
        .intent({ epoch: 1 })
        .claimed(2)
        .intent({ epoch: 2, attempt: 2 })
        .write({ epoch: 2, attempt: 2 })
        .write({ epoch: 1 }),
    says: /has epoch 1 after epoch 2/,
  },
  {
    invariant: 'I1',
    what: 'a request after the lease has gone, although it was refused',
    story: () => begun().intent().claimed(2).write({ status: 409 }),
    says: /under epoch 1 after epoch 2 had begun/,
  },
  {
    invariant: 'I1',
    what: 'an epoch that nobody was given',
    story: () => begun().intent({ epoch: 7 }).write({ epoch: 7 }),
    says: /which nobody was ever given/,
  },
];

const intents: readonly Forged[] = [
  {
    invariant: 'I2',
    what: 'a write that names no intent',
    story: () => begun().intent().write({ silent: true }),
    says: /names no intent/,
  },
  {
    invariant: 'I2',
    what: 'a write without an intent',
    story: () => begun().write(),
    says: /was never announced/,
  },
  {
    invariant: 'I2',
    what: 'an intent of another epoch',
    story: () => begun().intent({ epoch: 1 }).claimed(2).write({ epoch: 2 }),
    says: /not announced under its epoch/,
  },
  {
    invariant: 'I2',
    what: 'an intent that came after its write',
    story: () => begun().write().intent(),
    says: /was sent before it was announced/,
  },
  {
    invariant: 'I2',
    what: 'the fence of another change',
    story: () => begun().intent().write({ fenceOf: 2 }),
    says: /the fence of another change/,
  },
  {
    invariant: 'I2',
    what: 'another object than announced',
    story: () => begun().intent({ object: 'deployment/shop/till' }).write(),
    says: /of another object than announced/,
  },
  {
    invariant: 'I2',
    what: 'one intent carried out twice',
    story: () => begun().intent().write().write(),
    says: /repeats write 1/,
  },
  {
    invariant: 'I2',
    what: 'a change that nobody asked for',
    story: () => new Story().signed().started().intent().write(),
    says: /that nobody asked for/,
  },
  {
    invariant: 'I2',
    what: 'another plan than the one asked for',
    story: () => begun().intent({ planHash: 'other' }).write(),
    says: /under another plan hash/,
  },
  {
    invariant: 'I2',
    what: 'a change that had not started',
    story: () => new Story().approved().claimed(1).intent().write(),
    says: /before its change had started/,
  },
  {
    invariant: 'I2',
    what: 'a plan that only who asked has signed',
    story: () => new Story().approved({ signer: 'requester' }).started().intent().write(),
    says: /nobody else has signed/,
  },
  {
    invariant: 'I2',
    what: 'a signature on another plan',
    story: () => new Story().approved({ planHash: 'other' }).started().intent().write(),
    says: /nobody else has signed/,
  },
  {
    invariant: 'I2',
    what: 'a signature that came after the start',
    story: () =>
      new Story().entry('change.requested', {}, { actor: 'requester' }).started().signed().intent().write(),
    says: /nobody else has signed/,
  },
  {
    invariant: 'I2',
    what: 'fewer signatures than the policy wants',
    story: () => new Story().approved({ needed: 2 }).started().intent().write(),
    says: /1 of 2 people have signed/,
  },
  {
    invariant: 'I2',
    what: 'a signature that was taken back',
    story: () =>
      new Story()
        .approved()
        .entry('change.sign_off_withdrawn', { role: 'engineering_lead' })
        .started()
        .intent()
        .write(),
    says: /nobody else has signed/,
  },
];

const traffic: readonly Forged[] = [
  {
    invariant: 'I3',
    what: 'weights that add up to 105',
    story: () => begun().weights(5, { old: 100 }),
    says: /add up to 105/,
  },
  {
    invariant: 'I3',
    what: 'a weight that is left out',
    story: () => begun().backends([100, null]),
    says: /leaves the weight of api-green out/,
  },
  {
    invariant: 'I3',
    what: 'weights that are no numbers of parts',
    story: () => begun().backends([97.5, 2.5]),
    says: /no number of parts/,
  },
  {
    invariant: 'I3',
    what: 'traffic to what has no ready endpoint',
    story: () => begun().weights(5, { readyNew: 0 }),
    says: /has no ready endpoint/,
  },
  {
    invariant: 'I3',
    what: 'a selector that chooses no available pod',
    story: () => begun().select('none'),
    says: /none is available/,
  },
  {
    invariant: 'I4',
    what: 'a canary that goes on without a PASS',
    story: () => canary({ passes: false }),
    says: /advances without a stored PASS/,
  },
  {
    invariant: 'I4',
    what: 'a canary that goes on with a PASS from before its weights',
    story: () => begun().entry('change.measured', passed).weights(5).weights(25),
    says: /advances without a stored PASS/,
  },
  {
    invariant: 'I4',
    what: 'a canary whose PASS comes after it went on',
    story: () => begun().weights(5).weights(25).entry('change.measured', passed),
    says: /advances without a stored PASS/,
  },
  {
    invariant: 'I4',
    what: 'a canary that goes on with the PASS of another region',
    story: () =>
      begun()
        .weights(5)
        .entry('change.measured', { ...passed, region: 'eu' })
        .weights(25),
    says: /advances without a stored PASS/,
  },
  {
    invariant: 'I4',
    what: 'a success without a PASS',
    story: () => begun().intent().write().ended('change.succeeded', { verdict: 'ERROR' }),
    says: /succeeded without a stored PASS/,
  },
  {
    invariant: 'I5',
    what: 'fewer pods than the load needs',
    story: () => begun().intent().write({ replicas: 2 }),
    says: /2 pods wanted, and 4 carry/,
  },
  {
    invariant: 'I5',
    what: 'traffic to more than the new pods carry',
    story: () => begun().weights(100, { readyNew: 1 }),
    says: /1 pods available, and 4 carry/,
  },
];

const life: readonly Forged[] = [
  {
    invariant: 'I6',
    what: 'a change that runs on and on',
    story: () => begun().intent().write().later(3_600_000),
    says: /is in no hold/,
  },
  {
    invariant: 'I6',
    what: 'a hold that does not say why',
    story: () => begun().entry('change.held', { sentence: '' }),
    says: /nothing says why/,
  },
  {
    invariant: 'I6',
    what: 'an ended change that goes on',
    story: () => begun().ended('change.failed').entry('change.resumed').later(1),
    says: /went on after it had ended/,
  },
  {
    invariant: 'I8',
    what: 'two changes at once on one object',
    story: () => {
      const story = begun().intent().write();
      story.other(2).approved().started().intent().write().ended('change.succeeded', passed);
      return story.other(1).ended('change.succeeded', passed);
    },
    says: /were active on .* at once/,
  },
  {
    invariant: 'I8',
    what: 'a change that never took its place',
    story: () => new Story().approved().claimed(1).entry('change.started').intent().write(),
    says: /without having taken its place/,
  },
  {
    invariant: 'I8',
    what: 'a write before its place was taken',
    story: () => new Story().approved().intent().write().started(),
    says: /outside the life of its change/,
  },
  {
    invariant: 'I8',
    what: 'a write after the end',
    story: () => begun().intent().ended('change.failed').later(5).write(),
    says: /outside the life of its change/,
  },
];

export const breaches: readonly Forged[] = [...fences, ...intents, ...traffic, ...forgedByPods, ...life];
