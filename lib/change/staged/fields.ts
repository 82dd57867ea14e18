import type { ClusterObject } from '@/lib/actuators/kubernetes/object';
import { canonicalJson } from '@/lib/audit/canonical';
import { type JsonObject, JsonObjectSchema, normaliseTemplate } from '../template';
import type { Fields, ObjectKind, PlannedObject } from './contract';

/** The members of spec that a staged plan may write, by kind: lists in them are one value (change-engine.md 1.7). */
export const ownMembers: Record<ObjectKind, readonly string[]> = {
  Deployment: ['template', 'replicas', 'paused', 'strategy'],
  Service: ['selector'],
  VirtualService: ['http'],
  HTTPRoute: ['rules'],
  // One key of its data, which each plan names.
  ConfigMap: [],
  HorizontalPodAutoscaler: ['minReplicas'],
};

/** Kinds that the end of a plan leaves as they were: what is written is for the time of the change. */
export const isForTheTime = (kind: ObjectKind): kind is 'ConfigMap' | 'HorizontalPodAutoscaler' =>
  kind === 'ConfigMap' || kind === 'HorizontalPodAutoscaler';

/** What counts as the plan's own of one of its objects. */
export const membersOf = ({ kind, baseline }: Pick<PlannedObject, 'kind' | 'baseline'>): readonly string[] =>
  kind === 'ConfigMap' ? Object.keys(baseline) : ownMembers[kind];

/** What is filled in where the API server leaves a member out. */
const defaults: Partial<Record<ObjectKind, JsonObject>> = {
  Deployment: { replicas: 1, paused: false },
  HorizontalPodAutoscaler: { minReplicas: 1 },
};

/** The named members of an object's spec, or of a ConfigMap's data, in the form in which two reads of the same thing are equal. */
export function readFields(kind: ObjectKind, object: ClusterObject, members = ownMembers[kind]): Fields {
  const holder = kind === 'ConfigMap' ? object.data : object.spec;
  const spec: JsonObject = { ...defaults[kind], ...JsonObjectSchema.parse(holder) };
  const entries = members.flatMap((member) => {
    const value = spec[member];
    if (value === undefined) return [];
    return [[member, member === 'template' ? normaliseTemplate(value) : value] as const];
  });
  return Object.fromEntries(entries);
}

/** Equal in the members of `wanted`; others are nobody's business here. */
export const hasFields = (live: Fields, wanted: Fields): boolean =>
  Object.entries(wanted).every(
    ([member, value]) => live[member] !== undefined && canonicalJson(live[member]) === canonicalJson(value),
  );

/** Only these members. */
export const pickFields = (fields: Fields, members: Iterable<string>): Fields =>
  Object.fromEntries(
    [...members].flatMap((member) => {
      const value = fields[member];
      return value === undefined ? [] : [[member, value] as const];
    }),
  );
