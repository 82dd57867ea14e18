import { z } from 'zod';
import { type JsonObject, JsonObjectSchema, normaliseTemplate } from './template';

const Containers = z.array(JsonObjectSchema);
const Variables = z.array(JsonObjectSchema).default([]);

const sources: Record<string, string> = {
  secretKeyRef: 'Secret',
  configMapKeyRef: 'ConfigMap',
  fieldRef: 'field of the pod',
  resourceFieldRef: 'resource of the container',
};

export type FoundEnv =
  | { kind: 'value'; value: string }
  | { kind: 'absent' }
  /** `from`: what it refers to, in words. */
  | { kind: 'reference'; from: string };

/** A variable as the container declares it; what `envFrom` brings is not looked into. The last one of a name counts. */
export function readEnv(template: unknown, container: string, name: string): FoundEnv {
  const { containers } = partsOf(template);
  const own = containers.find((one) => one['name'] === container);
  const variable = Variables.parse(own?.['env']).findLast((one) => one['name'] === name);
  if (variable === undefined) return { kind: 'absent' };
  const reference = JsonObjectSchema.safeParse(variable['valueFrom']).data;
  if (reference !== undefined) {
    const [source] = Object.keys(reference);
    return { kind: 'reference', from: sources[source ?? ''] ?? 'reference' };
  }
  return { kind: 'value', value: String(variable['value'] ?? '') };
}

/** The template with one variable of one container set; it keeps its place, a new one is the last. */
export function withEnv(template: unknown, container: string, name: string, value: string): JsonObject {
  const { copy, spec, containers } = partsOf(template);
  const set = (one: JsonObject): JsonObject => {
    const variables = Variables.parse(one['env']);
    const entry = { name, value };
    const has = variables.some((variable) => variable['name'] === name);
    const env = has
      ? variables.map((variable) => (variable['name'] === name ? entry : variable))
      : [...variables, entry];
    return { ...one, env };
  };
  return {
    ...copy,
    spec: { ...spec, containers: containers.map((one) => (one['name'] === container ? set(one) : one)) },
  };
}

function partsOf(template: unknown) {
  const copy = normaliseTemplate(template);
  const spec = JsonObjectSchema.parse(copy['spec']);
  return { copy, spec, containers: Containers.parse(spec['containers']) };
}

/** A name that says its value is secret: such a value would stand in the plan, the record and the cluster's log. */
const SECRET = /(PASSWORD|PASSWD|SECRET|TOKEN|CREDENTIAL|PRIVATE|API_?KEY|ACCESS_?KEY)/i;

export const looksSecret = (name: string): boolean => SECRET.test(name);
