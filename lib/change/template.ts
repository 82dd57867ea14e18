import { z } from 'zod';
import { canonicalHash, canonicalJson } from '@/lib/audit/canonical';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** The part of a pod template that we look into; everything else is carried along untouched. */
export const PodTemplate = z
  .looseObject({
    metadata: z.looseObject({ labels: z.record(z.string(), z.string()).optional() }).optional(),
    spec: z.looseObject({
      containers: z.array(z.looseObject({ name: z.string(), image: z.string() })),
    }),
  })
  .describe('spec.template of a Deployment or ReplicaSet');

export const JsonObjectSchema: z.ZodType<JsonObject> = z.record(z.string(), z.json());

const HASH_LABEL = 'pod-template-hash';

/**
 * A pod template as two objects may share it: without the label that a ReplicaSet adds and without nulls
 * (`creationTimestamp: null`). Throws ZodError when it is none.
 */
export function normaliseTemplate(template: unknown): JsonObject {
  PodTemplate.parse(template);
  const copy = withoutNulls(JsonObjectSchema.parse(template));
  const metadata = JsonObjectSchema.safeParse(copy['metadata']).data;
  const labels = JsonObjectSchema.safeParse(metadata?.['labels']).data;
  if (metadata === undefined || labels === undefined) return copy;
  const { [HASH_LABEL]: _, ...rest } = labels;
  return { ...copy, metadata: { ...metadata, labels: rest } };
}

function withoutNulls(value: JsonObject): JsonObject {
  const clean = (item: Json): Json => {
    if (Array.isArray(item)) return item.map(clean);
    return item !== null && typeof item === 'object' ? withoutNulls(item) : item;
  };
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([key, item]) => [key, clean(item)]),
  );
}

/** The identity of a template: canonical JSON of its normal form. */
export const templateKey = (template: unknown): string => canonicalJson(normaliseTemplate(template));

/** The image of one container; null when the template has no container of that name. */
export function imageOf(template: unknown, container: string): string | null {
  const parsed = PodTemplate.safeParse(template);
  return parsed.data?.spec.containers.find(({ name }) => name === container)?.image ?? null;
}

/** The template with one container's image replaced and nothing else (never a second container: captures 12). */
export function withImage(template: unknown, container: string, image: string): JsonObject {
  const copy = normaliseTemplate(template);
  const spec = JsonObjectSchema.parse(copy['spec']);
  const containers = z.array(JsonObjectSchema).parse(spec['containers']);
  return {
    ...copy,
    spec: {
      ...spec,
      containers: containers.map((one) => (one['name'] === container ? { ...one, image } : one)),
    },
  };
}

/** The template with one annotation of its own set: the pods are replaced, and nothing else about them changes. */
export function withAnnotation(template: unknown, name: string, value: string): JsonObject {
  const copy = normaliseTemplate(template);
  const metadata = JsonObjectSchema.safeParse(copy['metadata']).data ?? {};
  const annotations = JsonObjectSchema.safeParse(metadata['annotations']).data ?? {};
  return { ...copy, metadata: { ...metadata, annotations: { ...annotations, [name]: value } } };
}

/** The tag of an image reference; `latest` when it has none, as a container runtime reads it. */
export function versionOf(image: string): string {
  const reference = image.split('@')[0] ?? image;
  const colon = reference.lastIndexOf(':');
  return colon > reference.lastIndexOf('/') ? reference.slice(colon + 1) : 'latest';
}

type Material = { template: unknown; strategy: unknown; selector: unknown };

/** The material part of a Deployment that a plan is made from (change-engine.md 2.4): not replicas, not status. */
export const materialOf = ({ template, strategy, selector }: Material) => ({
  template: normaliseTemplate(template),
  strategy,
  selector,
});

export const baselineHash = (spec: Material): string => canonicalHash(materialOf(spec));
