import 'server-only';
import { z } from 'zod';
import { mergePatch } from '@/lib/actuators/kubernetes/merge-patch';
import { patchObject } from '@/lib/actuators/kubernetes/object';
import type { Execution } from '../../execute/execution';
import type { IntentOf, IntentRow } from '../../execute/intents';
import type { Target } from '../../execute/write-target';
import { JsonObjectSchema } from '../../template';
import type { Fields, PlannedObject } from '../contract';
import { isKnownState } from '../expected';
import type { WriteFact } from '../facts';
import { hasFields, pickFields } from '../fields';
import { observeObject } from './observe';

export const StagedVerb = z.enum(['write', 'restore', 'create']);
export type StagedIntent = IntentOf<Fields, z.infer<typeof StagedVerb>>;

const FieldsSchema = z.record(z.string(), z.json());

/** Throws ZodError for a row that this version of the code did not write. */
export const parseStagedIntent = (row: IntentRow): StagedIntent => ({
  ...row,
  verb: StagedVerb.parse(row.verb),
  before: FieldsSchema.parse(row.before),
  desired: FieldsSchema.parse(row.desired),
});

/** One object of the plan as a target of fenced writes; only the members that a write names are compared. */
export function objectTarget(
  run: Execution,
  object: PlannedObject,
  writes: readonly WriteFact[],
): Target<Fields> {
  const client = run.cluster(object.cluster);
  const { kind, namespace, name } = object;
  const noun = `${kind} ${name} in ${object.region}`;
  return {
    key: object.key,
    noun,
    look: () => observeObject(client, object, null),
    patch: async (seen, write, made) => {
      const live = JsonObjectSchema.parse(pickFields(seen.subset, Object.keys(write.desired)));
      const patch = mergePatch(live, JsonObjectSchema.parse(write.desired));
      const { object: written, auditId } = await patchObject(client, {
        ref: { kind, namespace, name },
        spec: patch ?? {},
        resourceVersion: seen.resourceVersion,
        ...made,
      });
      return { resourceVersion: written.metadata.resourceVersion, auditId };
    },
    same: hasFields,
    startsFrom: (seen) => isKnownState({ object, writes }, seen.subset),
    parse: parseStagedIntent,
    done: ({ verb, desired }) =>
      verb === 'restore' && hasFields(object.baseline, desired)
        ? `${noun} is back as it was.`
        : `${noun} is written.`,
  };
}
