import { z } from 'zod';
import type { KubeObject, Store } from '../store';
import type { Identity } from './identity';

/** A question to the authoriser: may this identity do that there? Resource ones and plain URL paths. */
export type Attributes = {
  verb: string;
  group: string;
  resource: string;
  subresource: string | null;
  namespace: string | null;
  name: string | null;
};

export type Decision = { allowed: boolean; reason: string };

export type PolicyRule = z.infer<typeof ruleSchema>;

const ruleSchema = z.object({
  verbs: z.array(z.string()).default([]),
  apiGroups: z.array(z.string()).default([]),
  resources: z.array(z.string()).default([]),
  resourceNames: z.array(z.string()).default([]),
  nonResourceURLs: z.array(z.string()).default([]),
});

const bindingSchema = z.object({
  roleRef: z.object({ kind: z.string(), name: z.string() }),
  subjects: z
    .array(z.object({ kind: z.string(), name: z.string(), namespace: z.string().optional() }))
    .default([]),
});

const GROUP = 'rbac.authorization.k8s.io';
const DENIED: Decision = { allowed: false, reason: '' };

/** Rights that every API server grants to all who are signed in (system:basic-user, system:discovery). */
const BASIC_RULES: PolicyRule[] = [
  {
    verbs: ['create'],
    apiGroups: ['authorization.k8s.io'],
    resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
    resourceNames: [],
    nonResourceURLs: [],
  },
  {
    verbs: ['create'],
    apiGroups: ['authentication.k8s.io'],
    resources: ['selfsubjectreviews'],
    resourceNames: [],
    nonResourceURLs: [],
  },
];

/**
 * Evaluates the Role, ClusterRole and binding objects in the store as the RBAC authoriser does: rights
 * only add up, a RoleBinding grants inside its namespace, group system:masters may do everything.
 */
export function authorize(store: Store, identity: Identity, wanted: Attributes): Decision {
  if (identity.groups.includes('system:masters')) return { allowed: true, reason: '' };
  for (const binding of bindingsFor(store, identity, wanted.namespace)) {
    if (binding.rules.some((rule) => ruleAllows(rule, wanted)))
      return { allowed: true, reason: binding.reason };
  }
  if (
    identity.groups.includes('system:authenticated') &&
    BASIC_RULES.some((rule) => ruleAllows(rule, wanted))
  ) {
    const reason =
      'RBAC: allowed by ClusterRoleBinding "system:basic-user" of ClusterRole "system:basic-user" to Group "system:authenticated"';
    return { allowed: true, reason };
  }
  return DENIED;
}

/** All rules that hold for the identity in a namespace, for SelfSubjectRulesReview. */
export function rulesFor(store: Store, identity: Identity, namespace: string): PolicyRule[] {
  return [...BASIC_RULES, ...bindingsFor(store, identity, namespace).flatMap((binding) => binding.rules)];
}

type EffectiveBinding = { rules: PolicyRule[]; reason: string };

function bindingsFor(store: Store, identity: Identity, namespace: string | null): EffectiveBinding[] {
  const cluster = store.list(`clusterrolebindings.${GROUP}`);
  const local = namespace === null ? [] : store.list(`rolebindings.${GROUP}`, namespace);
  return [...cluster, ...local].flatMap((object) => effective(store, identity, object));
}

function effective(store: Store, identity: Identity, object: KubeObject): EffectiveBinding[] {
  const binding = bindingSchema.safeParse(object);
  if (!binding.success) return [];
  const { roleRef, subjects } = binding.data;
  const namespace = object.metadata.namespace ?? null;
  const subject = subjects.find((candidate) => isSubject(candidate, identity, namespace));
  if (!subject) return [];
  const role =
    roleRef.kind === 'ClusterRole'
      ? store.get(`clusterroles.${GROUP}`, null, roleRef.name)
      : store.get(`roles.${GROUP}`, namespace, roleRef.name);
  const rules = z.array(ruleSchema).safeParse(role?.['rules']);
  if (!rules.success) return [];
  const where = namespace === null ? object.metadata.name : `${object.metadata.name}/${namespace}`;
  const whom =
    subject.kind === 'ServiceAccount' ? `${subject.name}/${subject.namespace ?? namespace}` : subject.name;
  const reason = `RBAC: allowed by ${object.kind} "${where}" of ${roleRef.kind} "${roleRef.name}" to ${subject.kind} "${whom}"`;
  return [{ rules: rules.data, reason }];
}

type Subject = { kind: string; name: string; namespace?: string | undefined };

function isSubject(subject: Subject, identity: Identity, bindingNamespace: string | null): boolean {
  if (subject.kind === 'User') return subject.name === identity.user;
  if (subject.kind === 'Group') return identity.groups.includes(subject.name);
  return (
    identity.user === `system:serviceaccount:${subject.namespace ?? bindingNamespace ?? ''}:${subject.name}`
  );
}

function ruleAllows(rule: PolicyRule, wanted: Attributes): boolean {
  const { subresource } = wanted;
  const full = subresource === null ? wanted.resource : `${wanted.resource}/${subresource}`;
  return (
    has(rule.verbs, wanted.verb) &&
    has(rule.apiGroups, wanted.group) &&
    (has(rule.resources, full) || (subresource !== null && rule.resources.includes(`*/${subresource}`))) &&
    (rule.resourceNames.length === 0 || (wanted.name !== null && rule.resourceNames.includes(wanted.name)))
  );
}

function has(list: string[], value: string): boolean {
  return list.includes('*') || list.includes(value);
}
