import type { Fields } from './contract';
import type { ObjectFact } from './facts';
import { hasFields } from './fields';

/** What an object should be now: its baseline, with our settled writes over it. */
export function expectedOf({ object, writes }: Pick<ObjectFact, 'object' | 'writes'>): Fields {
  const expected: Fields = { ...object.baseline };
  for (const { desired } of writes) Object.assign(expected, desired);
  return expected;
}

/** Every state that the object has had by the plan or by our hand; only these are overwritten without a person. */
export function isKnownState(fact: Pick<ObjectFact, 'object' | 'writes'>, live: Fields): boolean {
  let fields = fact.object.baseline;
  if (hasFields(live, fields)) return true;
  for (const { desired } of fact.writes) {
    fields = { ...fields, ...desired };
    if (hasFields(live, fields)) return true;
  }
  return false;
}

const nouns: Partial<Record<string, string>> = {
  template: 'the pod template',
  replicas: 'the number of pods',
  paused: 'the pause',
  strategy: 'the rollout strategy',
  selector: 'the selector',
  http: 'the routes',
  rules: 'the rules',
  minReplicas: 'the fewest pods',
};

/** `VirtualService fraiseql-api in us-east-1`. */
export const objectName = ({ object }: Pick<ObjectFact, 'object'>): string =>
  `${object.kind} ${object.name} in ${object.region}`;

/** An autoscaler that is gone takes no pods away: there is nothing to hold, and nothing to put back. */
export const isMoot = ({ object, gone }: Pick<ObjectFact, 'object' | 'gone'>): boolean =>
  object.part === 'autoscaler' && gone;

export type Drift = { fact: ObjectFact; live: Fields; sentence: string };

/** What differs from our last settled write, as a sentence that names the writer; null when nothing does. */
export function driftOf(fact: ObjectFact): Drift | null {
  const { live } = fact;
  if (live === null) return null;
  const expected = expectedOf(fact);
  const changed = Object.keys(expected).filter((member) => {
    const wanted = expected[member];
    return wanted !== undefined && !hasFields(live, { [member]: wanted });
  });
  if (changed.length === 0) return null;
  // An autoscaler's number of pods is its own business, unless we set it.
  const set = fact.writes.some(({ desired }) => desired['replicas'] !== undefined);
  if (changed.every((member) => member === 'replicas') && fact.rollout?.scaledByAutoscaler === true && !set)
    return null;
  const who = fact.writer === null ? 'Somebody else' : `“${fact.writer}”`;
  const what = changed.map((member) => nouns[member] ?? member).join(' and ');
  return { fact, live, sentence: `${who} changed ${what} of ${objectName(fact)}.` };
}
