import { expect, test } from 'vitest';
import { z } from 'zod';
import { clusters } from '../topology';
import { seedCluster } from '../topology/seed';
import type { Json } from './store';
import { call, temporaryCluster, tokenFor } from './testing';

const deployment = '/apis/apps/v1/namespaces/architect-production/deployments/architect-api';
const route = '/apis/networking.istio.io/v1/namespaces/fraiseql/virtualservices/fraiseql-api';
const service = '/api/v1/namespaces/architect-production/services/architect-api';

const Entries = z.object({
  metadata: z.object({
    managedFields: z
      .array(
        z.object({
          manager: z.string(),
          operation: z.literal('Update'),
          apiVersion: z.string(),
          time: z.iso.datetime(),
          fieldsType: z.literal('FieldsV1'),
          fieldsV1: z.json(),
          subresource: z.string().optional(),
        }),
      )
      .default([]),
  }),
});

async function withCluster(
  use: (api: {
    patch: (path: string, body: Json, as?: Record<string, string>, type?: string) => Promise<number>;
    books: (path: string) => Promise<Record<string, Json>>;
    send: (method: string, path: string, body: Json) => Promise<{ status: number; body: Json }>;
  }) => Promise<void>,
): Promise<void> {
  const cluster = await temporaryCluster();
  const token = tokenFor(cluster, 'admin');
  seedCluster(cluster.store, clusters[0], Date.now());
  try {
    await use({
      patch: async (path, body, headers = {}, type = 'application/merge-patch+json') =>
        (
          await call(cluster, {
            method: 'PATCH',
            path,
            token,
            body,
            headers: { 'content-type': type, ...headers },
          })
        ).status,
      books: async (path) => {
        const { body } = await call(cluster, { method: 'GET', path, token });
        const { managedFields } = Entries.parse(body).metadata;
        return Object.fromEntries(
          managedFields.map(({ manager, subresource, fieldsV1 }) => [
            subresource === undefined ? manager : `${manager} ${subresource}`,
            fieldsV1,
          ]),
        );
      },
      send: (method, path, body) => call(cluster, { method, path, token, body }),
    });
  } finally {
    await cluster.dispose();
  }
}

const image = (version: string): Json => ({
  spec: { template: { spec: { containers: [{ name: 'architect-api', image: `x:${version}` }] } } },
});
const imageField = {
  'f:spec': {
    'f:template': {
      'f:spec': { 'f:containers': { 'k:{"name":"architect-api"}': { 'f:image': {} } } },
    },
  },
};
const strategic = 'application/strategic-merge-patch+json';

test('who changes a field owns it, and who repeats its value does not', () =>
  withCluster(async ({ patch, books }) => {
    expect(await patch(`${deployment}?fieldManager=signalbox`, image('2'), {}, strategic)).toBe(200);
    expect(await books(deployment)).toEqual({ signalbox: imageField });
    expect(await patch(`${deployment}?fieldManager=second`, image('2'), {}, strategic)).toBe(200);
    expect(await books(deployment)).toEqual({ signalbox: imageField });
    expect(await patch(`${deployment}?fieldManager=kubectl-edit`, image('3'), {}, strategic)).toBe(200);
    expect(await books(deployment)).toEqual({ 'kubectl-edit': imageField });
  }));

test('without a manager in the request it is the program of the user agent', () =>
  withCluster(async ({ patch, books }) => {
    const agent = { 'user-agent': 'argocd-controller/v3.1 (linux/amd64)' };
    expect(await patch(service, { spec: { selector: { color: 'green' } } }, agent)).toBe(200);
    expect(await books(service)).toEqual({ 'argocd-controller': { 'f:spec': { 'f:selector': {} } } });
  }));

test('one weight of a route takes all its rules: lists of custom resources are one value', () =>
  withCluster(async ({ patch, books, send }) => {
    const { body } = await send('GET', route, null);
    const { spec } = z
      .object({ spec: z.object({ http: z.array(z.record(z.string(), z.json())) }) })
      .parse(body);
    const http = spec.http.map((rule) => (rule['name'] === 'primary' ? { ...rule, timeout: '5s' } : rule));
    expect(await patch(`${route}?fieldManager=kubectl-edit`, { spec: { http } })).toBe(200);
    expect(await books(route)).toEqual({ 'kubectl-edit': { 'f:spec': { 'f:http': {} } } });
  }));

test('a scale is booked under its subresource, metadata with the fields of the same write', () =>
  withCluster(async ({ patch, books }) => {
    expect(await patch(`${deployment}/scale?fieldManager=kubectl`, { spec: { replicas: 4 } })).toBe(200);
    const annotated = { metadata: { annotations: { note: 'x' } }, spec: { paused: true } };
    expect(await patch(`${deployment}?fieldManager=signalbox`, annotated)).toBe(200);
    expect(await books(deployment)).toEqual({
      'kubectl scale': { 'f:spec': { 'f:replicas': {} } },
      signalbox: { 'f:metadata': { 'f:annotations': { 'f:note': {} } }, 'f:spec': { 'f:paused': {} } },
    });
    // What is taken away belongs to nobody.
    expect(await patch(`${deployment}?fieldManager=other`, { spec: { paused: null } })).toBe(200);
    expect(await books(deployment)).toEqual({
      'kubectl scale': { 'f:spec': { 'f:replicas': {} } },
      signalbox: { 'f:metadata': { 'f:annotations': { 'f:note': {} } } },
    });
  }));

test('who creates an object owns what it holds; a dry run books nothing, nor does what a client claims', () =>
  withCluster(async ({ patch, books, send }) => {
    const configs = '/api/v1/namespaces/fraiseql/configmaps';
    const object = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'made', managedFields: [{ manager: 'liar' }] },
      data: { a: '1' },
    };
    expect((await send('POST', `${configs}?fieldManager=kubectl-create`, object)).status).toBe(201);
    expect(await patch(`${configs}/made?fieldManager=dry&dryRun=All`, { data: { a: '2' } })).toBe(200);
    expect(await books(`${configs}/made`)).toEqual({ 'kubectl-create': { 'f:data': { 'f:a': {} } } });
  }));
