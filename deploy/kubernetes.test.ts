import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { checkType } from '@/sandbox/kubernetes/schema/field-types';
import { JsonObject } from './testing/json';
import {
  allContainers,
  base,
  type Deployment,
  deployments,
  objects,
  ofKind,
  overlay,
  readDocuments,
  readKustomization,
  readText,
  root,
  selects,
  yamlFiles,
} from './testing/manifests';

const models: Record<string, string> = {
  Namespace: 'V1Namespace',
  ServiceAccount: 'V1ServiceAccount',
  ClusterRole: 'V1ClusterRole',
  ClusterRoleBinding: 'V1ClusterRoleBinding',
  RoleBinding: 'V1RoleBinding',
  PersistentVolumeClaim: 'V1PersistentVolumeClaim',
  Deployment: 'V1Deployment',
  Service: 'V1Service',
  PodDisruptionBudget: 'V1PodDisruptionBudget',
  NetworkPolicy: 'V1NetworkPolicy',
  Ingress: 'V1Ingress',
};
const podLabels = deployments.map(({ spec }) => spec.template.metadata.labels);
const named = (kind: string) =>
  objects.filter(({ object }) => object.kind === kind).map((one) => one.object.metadata.name);

describe('objects', () => {
  test('the files were read', () => {
    expect(objects.length).toBeGreaterThan(20);
    expect(deployments.map(({ metadata }) => metadata.name)).toEqual(['signalbox-web', 'signalbox-worker']);
  });

  test.each(objects)(
    '$file: $object.kind $object.metadata.name has the fields that Kubernetes knows',
    ({ object }) => {
      const model = models[object.kind];
      expect(model, `no rule for kind ${object.kind}`).toBeDefined();
      expect(checkType(JsonObject.parse(structuredClone(object)), model ?? '', object.kind)).toEqual([]);
    },
  );

  test('a field that Kubernetes does not know would be found', () => {
    const wrong = { apiVersion: 'v1', kind: 'Service', spec: { ports: [{ port: '80' }], selectors: {} } };
    expect(checkType(JsonObject.parse(wrong), 'V1Service', 'Service')).toEqual([
      expect.objectContaining({ path: expect.stringContaining('port'), kind: 'type' }),
      expect.objectContaining({ path: expect.stringContaining('selectors'), kind: 'unknown' }),
    ]);
  });

  test('names are DNS labels, unique per kind and namespace', () => {
    const keys = objects.map(
      ({ object: { kind, metadata } }) => `${kind}/${metadata.namespace ?? ''}/${metadata.name}`,
    );
    expect(new Set(keys).size).toBe(keys.length);
    for (const { object } of objects)
      expect(object.metadata.name).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
  });

  test('everything with a namespace names it, and our own is the one that is made', () => {
    const clusterWide = ['Namespace', 'ClusterRole', 'ClusterRoleBinding'];
    for (const { object } of objects) {
      expect(object.metadata.namespace === undefined, object.metadata.name).toBe(
        clusterWide.includes(object.kind),
      );
      if (!/^Role|^Cluster|^Namespace/.test(object.kind)) expect(object.metadata.namespace).toBe('signalbox');
    }
    expect(named('Namespace')).toEqual(['signalbox']);
  });

  test('no manifest holds a secret or asks for one to be made', () => {
    expect(named('Secret')).toEqual([]);
    const texts = [base, overlay].flatMap((folder) =>
      yamlFiles(folder).map((name) => readText(`${folder}/${name}`)),
    );
    for (const text of texts)
      expect(text).not.toMatch(/secretGenerator|postgres(ql)?:\/\/|password:\s*\S*[^}\s]|BEGIN/i);
    const reserved = /DATABASE_URL|SECRET|OIDC/;
    for (const { env } of deployments.flatMap(allContainers)) {
      for (const { name, value } of env.filter((one) => reserved.test(one.name))) {
        expect(value, `${name} must come from a Secret`).toBeUndefined();
      }
    }
  });
});

describe('kustomize', () => {
  test('the base lists every file of its folder, once', () => {
    const { resources, configMapGenerator } = readKustomization(base);
    const used = [...resources, ...configMapGenerator.flatMap(({ files }) => files), 'kustomization.yaml'];
    expect(used.toSorted()).toEqual(yamlFiles(base).toSorted());
  });

  test('the overlay stands on the base and uses every file of its folder', () => {
    const { resources, patches, images, replicas } = readKustomization(overlay);
    const [below, ...own] = resources;
    expect(path.posix.join(overlay, below ?? '')).toBe(base);
    const used = [...own, ...patches.map((patch) => patch.path), 'kustomization.yaml'];
    expect(used.toSorted()).toEqual(yamlFiles(overlay).toSorted());
    const bare = deployments.flatMap(allContainers).map(({ image }) => image.replace(/:[^:]*$/, ''));
    expect(images.map(({ name }) => name).toSorted()).toEqual([...new Set(bare)].toSorted());
    for (const { name } of replicas) expect(named('Deployment')).toContain(name);
  });

  test('the patch of the address fits what it patches', () => {
    const Patch = z.array(
      z.strictObject({ op: z.enum(['test', 'replace']), path: z.string(), value: z.string() }),
    );
    const operations = readKustomization(overlay).patches.flatMap((patch) =>
      Patch.parse(readDocuments(`${overlay}/${patch.path}`)[0]),
    );
    for (const deployment of deployments) {
      for (const { op, path: pointer, value } of operations) {
        const found = pointer
          .slice(1)
          .split('/')
          .reduce<unknown>(
            (at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined),
            deployment,
          );
        expect(typeof found, `${deployment.metadata.name} ${pointer}`).toBe('string');
        if (op === 'test') expect(found).toBe(value);
      }
    }
  });
});

describe.each(deployments)('$metadata.name', (deployment: Deployment) => {
  const { spec } = deployment;
  const pod = spec.template.spec;
  const main = allContainers(deployment).at(-1);

  test('selects its own pods and no others', () => {
    expect(podLabels.filter((labels) => selects(spec.selector.matchLabels, labels))).toEqual([
      spec.template.metadata.labels,
    ]);
  });

  test('two of it run, and a rollout takes none away', () => {
    expect(spec.replicas).toBe(2);
    expect(spec.strategy).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
    });
  });

  test('runs as an account that exists and is its own', () => {
    expect(pod.serviceAccountName).toBe(deployment.metadata.name);
    expect(named('ServiceAccount')).toContain(pod.serviceAccountName);
  });

  test('cannot become more than it is', () => {
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 1000,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    for (const { name, securityContext } of allContainers(deployment)) {
      expect(securityContext, name).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
    for (const key of ['hostNetwork', 'hostPID', 'hostIPC']) expect(pod).not.toHaveProperty(key);
    expect(pod.volumes.filter((volume) => 'hostPath' in volume)).toEqual([]);
  });

  test('is probed at the paths that the process answers, on a port that it opens', () => {
    const paths = { startupProbe: '/health', livenessProbe: '/health', readinessProbe: '/ready' } as const;
    const ports = main?.ports.map(({ name }) => name);
    for (const kind of ['startupProbe', 'livenessProbe', 'readinessProbe'] as const) {
      expect(main?.[kind]?.httpGet).toEqual({ path: paths[kind], port: 'http' });
    }
    expect(ports).toEqual(['http']);
    expect(spec.template.metadata.annotations).toMatchObject({
      'prometheus.io/port': String(main?.ports[0]?.containerPort),
      'prometheus.io/path': '/metrics',
    });
  });

  test('mounts only volumes that it has, and every one of them', () => {
    const mounted = new Set(
      allContainers(deployment).flatMap((one) => one.volumeMounts.map(({ name }) => name)),
    );
    expect([...mounted].toSorted()).toEqual(pod.volumes.map(({ name }) => name).toSorted());
    const claims = pod.volumes.flatMap(
      (volume) => JSON.stringify(volume).match(/"claimName":"([^"]+)"/)?.[1] ?? [],
    );
    for (const claim of claims) expect(named('PersistentVolumeClaim')).toContain(claim);
    const maps = pod.volumes.flatMap(
      (volume) => JSON.stringify(volume).match(/"configMap":\{"name":"([^"]+)"/)?.[1] ?? [],
    );
    expect(maps).toEqual(readKustomization(base).configMapGenerator.map(({ name }) => name));
  });

  test('its images are pinned to the version of this repository', () => {
    const { version } = z.object({ version: z.string() }).parse(JSON.parse(readText('package.json')));
    const target = deployment.metadata.name.replace('signalbox-', '');
    for (const { image } of allContainers(deployment)) {
      expect(image).toBe(`registry.example.com/signalbox/${target}:${version}`);
    }
  });

  test('has a disruption budget that lets one go at a time', () => {
    const Budget = z.looseObject({
      spec: z.strictObject({
        maxUnavailable: z.literal(1),
        selector: z.strictObject({ matchLabels: z.record(z.string(), z.string()) }),
      }),
    });
    const mine = ofKind('PodDisruptionBudget', Budget).filter((one) =>
      selects(one.spec.selector.matchLabels, spec.template.metadata.labels),
    );
    expect(mine).toHaveLength(1);
  });
});

describe('worker', () => {
  const worker = deployments.find(({ metadata }) => metadata.name === 'signalbox-worker');

  test('has longer to drain than a lease lasts', () => {
    const { timing } = JsonObject.parse(readDocuments('signalbox.example.yaml')[0]);
    const { lease } = z.object({ lease: z.string().regex(/^\d+s$/) }).parse(timing);
    expect(worker?.spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(
      Number.parseInt(lease, 10),
    );
  });

  test('the migrations run before it, from the same image', () => {
    const [migrate] = worker?.spec.template.spec.initContainers ?? [];
    expect(migrate).toMatchObject({
      command: ['signalbox', 'db', 'migrate'],
      image: worker?.spec.template.spec.containers[0]?.image,
    });
    expect(fs.existsSync(path.join(root, 'cli/db.ts'))).toBe(true);
  });
});
