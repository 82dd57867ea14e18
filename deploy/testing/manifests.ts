import fs from 'node:fs';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

export const root = path.resolve(import.meta.dirname, '../..');
export const base = 'deploy/kubernetes';
export const overlay = 'deploy/overlays/example';

/** What every object of a manifest has; the rest is read where a rule needs it. */
export const Manifest = z.looseObject({
  apiVersion: z.string().min(1),
  kind: z.string().min(1),
  metadata: z.looseObject({
    name: z.string().min(1),
    namespace: z.string().optional(),
    labels: z.record(z.string(), z.string()).default({}),
  }),
});
/** `file` is where it stands, for the message of a failing test. */
export type Placed = { file: string; object: z.infer<typeof Manifest> };

export const Kustomization = z.strictObject({
  apiVersion: z.literal('kustomize.config.k8s.io/v1beta1'),
  kind: z.literal('Kustomization'),
  resources: z.array(z.string()),
  configMapGenerator: z
    .array(z.strictObject({ name: z.string(), namespace: z.string(), files: z.array(z.string()) }))
    .default([]),
  images: z.array(z.strictObject({ name: z.string(), newName: z.string(), newTag: z.string() })).default([]),
  replicas: z.array(z.strictObject({ name: z.string(), count: z.int().positive() })).default([]),
  patches: z
    .array(
      z.strictObject({
        path: z.string(),
        target: z.strictObject({ kind: z.string(), labelSelector: z.string() }),
      }),
    )
    .default([]),
});

export const readText = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');

/** The documents of a YAML file; throws with the position of the first mistake, warnings included. */
export function readDocuments(file: string): unknown[] {
  return parseAllDocuments(readText(file), { version: '1.2' }).map((document) => {
    const problem = document.errors[0] ?? document.warnings[0];
    if (problem) throw new Error(`${file}: ${problem.message}`);
    return document.toJS();
  });
}

export const readKustomization = (folder: string): z.infer<typeof Kustomization> =>
  Kustomization.parse(readDocuments(`${folder}/kustomization.yaml`)[0]);

export const yamlFiles = (folder: string): string[] =>
  fs.readdirSync(path.join(root, folder)).filter((name) => /\.ya?ml$/.test(name));

/** Every object that the files of a kustomization hold, without those of folders it builds upon. */
export function readObjects(folder: string): Placed[] {
  const files = readKustomization(folder).resources.filter((name) => name.endsWith('.yaml'));
  return files.flatMap((name) =>
    readDocuments(`${folder}/${name}`).map((document) => ({
      file: `${folder}/${name}`,
      object: Manifest.parse(document),
    })),
  );
}

export const objects: Placed[] = [...readObjects(base), ...readObjects(overlay)];

/** The objects of a kind, read with what a rule needs of them. */
export function ofKind<Shape extends z.ZodType>(kind: string, shape: Shape): z.output<Shape>[] {
  return objects.filter(({ object }) => object.kind === kind).map(({ object }) => shape.parse(object));
}

const Labels = z.record(z.string(), z.string());
const Port = z.union([z.string(), z.int()]);
const Probe = z.looseObject({ httpGet: z.strictObject({ path: z.string(), port: Port }) });

export const Container = z.looseObject({
  name: z.string(),
  image: z.string(),
  ports: z.array(z.strictObject({ name: z.string(), containerPort: z.int() })).default([]),
  env: z
    .array(
      z.strictObject({ name: z.string(), value: z.string().optional(), valueFrom: z.unknown().optional() }),
    )
    .default([]),
  startupProbe: Probe.optional(),
  livenessProbe: Probe.optional(),
  readinessProbe: Probe.optional(),
  resources: z.strictObject({
    requests: z.strictObject({ cpu: z.string(), memory: z.string() }),
    limits: z.strictObject({ cpu: z.string(), memory: z.string() }),
  }),
  securityContext: z.unknown().optional(),
  volumeMounts: z
    .array(z.strictObject({ name: z.string(), mountPath: z.string(), readOnly: z.boolean().default(false) }))
    .default([]),
});

export const Deployment = z.looseObject({
  metadata: z.looseObject({ name: z.string(), namespace: z.string(), labels: Labels }),
  spec: z.looseObject({
    replicas: z.int(),
    strategy: z.unknown().optional(),
    selector: z.strictObject({ matchLabels: Labels }),
    template: z.looseObject({
      metadata: z.looseObject({ labels: Labels, annotations: Labels.default({}) }),
      spec: z.looseObject({
        serviceAccountName: z.string(),
        terminationGracePeriodSeconds: z.int(),
        securityContext: z.unknown().optional(),
        initContainers: z.array(Container).default([]),
        containers: z.array(Container).length(1),
        volumes: z.array(z.looseObject({ name: z.string() })),
      }),
    }),
  }),
});
export type Deployment = z.infer<typeof Deployment>;

export const deployments: Deployment[] = ofKind('Deployment', Deployment);
export const allContainers = ({ spec }: Deployment): z.infer<typeof Container>[] => [
  ...spec.template.spec.initContainers,
  ...spec.template.spec.containers,
];
/** Whether labels fall under a selector. */
export const selects = (selector: Record<string, string>, labels: Record<string, string>): boolean =>
  Object.entries(selector).every(([key, value]) => labels[key] === value);
