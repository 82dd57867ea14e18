import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { NewObject } from './store';
import { call, createNamespace, temporaryCluster, tokenFor } from './testing';

const cluster = await temporaryCluster({ timing: { futureResourceVersionMs: 1, bookmarkMs: 10 } });
const admin = tokenFor(cluster, 'admin');
const PODS = '/api/v1/namespaces/fraiseql/pods';
const eventSchema = z.object({
  type: z.string(),
  object: z.looseObject({
    kind: z.string(),
    metadata: z.object({
      name: z.string().optional(),
      resourceVersion: z.string().optional(),
      annotations: z.record(z.string(), z.string()).optional(),
    }),
  }),
});
type WatchEvent = z.infer<typeof eventSchema>;

beforeAll(() => {
  createNamespace(cluster, 'fraiseql');
});
afterAll(() => cluster.dispose());

function pod(name: string, app: string): NewObject {
  const metadata = { name, namespace: 'fraiseql', labels: { app } };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [{ name: 'a', image: 'b:1' }] } };
}

/** Opens a watch, does the work once it is open, ends it and gives all its events. */
async function watching(query: string, work: () => void, accept = 'application/json'): Promise<WatchEvent[]> {
  const answer = call(cluster, { path: `${PODS}?watch=1&${query}`, token: admin, headers: { accept } });
  while (cluster.openWatches() === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  work();
  await new Promise((resolve) => setTimeout(resolve, 30));
  cluster.dropWatches('end');
  return events((await answer).text);
}

function events(text: string): WatchEvent[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => eventSchema.parse(JSON.parse(line)));
}

function names(list: WatchEvent[]): string[] {
  return list
    .filter((event) => event.type !== 'BOOKMARK')
    .map((event) => `${event.type} ${event.object.metadata.name ?? ''}`);
}

function label(name: string, app: string): void {
  cluster.store.change('pods', 'fraiseql', name, (object) => ({
    ...object,
    metadata: { ...object.metadata, labels: { app } },
  }));
}

describe('watch', () => {
  it('shows objects that start or stop to match a selector as coming and going', async () => {
    const seen = await watching('labelSelector=app%3Da', () => {
      cluster.store.create('pods', pod('one', 'b'));
      label('one', 'a');
      label('one', 'b');
      label('one', 'a');
      cluster.store.remove('pods', 'fraiseql', 'one');
    });
    expect(names(seen)).toEqual(['ADDED one', 'DELETED one', 'ADDED one', 'DELETED one']);
  });

  it('sends bookmarks that are husks, only to those who ask', async () => {
    const asked = await watching('allowWatchBookmarks=true', () => {});
    const bookmark = asked.find((event) => event.type === 'BOOKMARK');
    expect(bookmark?.object).toMatchObject({ kind: 'Pod', spec: { containers: null }, status: {} });
    expect(bookmark?.object.metadata.name).toBeUndefined();
    expect((await watching('', () => {})).filter((event) => event.type === 'BOOKMARK')).toEqual([]);
  });

  it('ends the initial list with a bookmark that says so', async () => {
    cluster.store.create('pods', pod('first', 'a'));
    const query = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const seen = await watching(query, () => label('first', 'b'));
    expect(names(seen)).toEqual(['ADDED first', 'MODIFIED first']);
    expect(seen[1]?.object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
    cluster.store.remove('pods', 'fraiseql', 'first');
    const refused = await call(cluster, { path: `${PODS}?watch=1&sendInitialEvents=true`, token: admin });
    expect(refused.status).toBe(422);
  });

  it('is silent about a resourceVersion that has not come yet', async () => {
    const seen = await watching('resourceVersion=99999999', () => {
      cluster.store.create('pods', pod('early', 'a'));
      cluster.store.remove('pods', 'fraiseql', 'early');
    });
    expect(seen).toEqual([]);
  });

  it('sends tables to kubectl get --watch, with columns in the first event only', async () => {
    const table = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
    const seen = await watching(
      '',
      () => {
        cluster.store.create('pods', pod('shown', 'a'));
        cluster.store.remove('pods', 'fraiseql', 'shown');
      },
      table,
    );
    expect(seen.map((event) => event.object.kind)).toEqual(['Table', 'Table']);
    expect(seen.map((event) => Array.isArray(event.object['columnDefinitions']))).toEqual([true, false]);
  });

  it('offers the rest of an expired list by a token of its own', async () => {
    for (const name of ['a', 'b', 'c']) cluster.store.create('pods', pod(name, 'a'));
    const listSchema = z.object({
      metadata: z.object({ continue: z.string().optional() }),
      items: z.array(z.looseObject({ metadata: z.object({ name: z.string() }) })).optional(),
    });
    const first = listSchema.parse((await call(cluster, { path: `${PODS}?limit=1`, token: admin })).body);
    label('c', 'changed');
    cluster.forgetHistory();
    const expired = await call(cluster, {
      path: `${PODS}?limit=1&continue=${first.metadata.continue}`,
      token: admin,
    });
    expect(expired).toMatchObject({ status: 410, body: { reason: 'Expired' } });
    const token = listSchema.parse(expired.body).metadata.continue;
    const rest = listSchema.parse(
      (await call(cluster, { path: `${PODS}?continue=${token}`, token: admin })).body,
    );
    expect(rest.items?.map((item) => item.metadata.name)).toEqual(['b', 'c']);
    for (const name of ['a', 'b', 'c']) cluster.store.remove('pods', 'fraiseql', name);
  });

  it('carries a client from any list to the present (property)', async () => {
    let cases = 0;
    const step = fc.record({
      name: fc.constantFrom('x', 'y', 'z'),
      act: fc.constantFrom('create', 'change', 'remove'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 15 }),
        fc.array(step, { maxLength: 15 }),
        async (before, after) => {
          cases += 1;
          before.forEach(act);
          const listSchema = z.object({
            metadata: z.object({ resourceVersion: z.string() }),
            items: z.array(
              z.object({ metadata: z.object({ name: z.string(), resourceVersion: z.string() }) }),
            ),
          });
          const list = listSchema.parse((await call(cluster, { path: PODS, token: admin })).body);
          const known = new Map(list.items.map(({ metadata }) => [metadata.name, metadata.resourceVersion]));
          after.forEach(act);
          const seen = await watching(`resourceVersion=${list.metadata.resourceVersion}`, () => {});
          for (const { type, object } of seen) {
            const { name = '', resourceVersion = '' } = object.metadata;
            if (type === 'DELETED') known.delete(name);
            else known.set(name, resourceVersion);
          }
          const present = cluster.store
            .list('pods', 'fraiseql')
            .map(({ metadata }) => [metadata.name, metadata.resourceVersion]);
          expect([...known].sort()).toEqual(present.sort());
        },
      ),
      { numRuns: 40 },
    );
    expect(cases).toBe(40);
  }, 30_000);
});

let counter = 0;

function act({ name, act: what }: { name: string; act: string }): void {
  const exists = cluster.store.get('pods', 'fraiseql', name) !== null;
  if (what === 'create' && !exists) cluster.store.create('pods', pod(name, 'a'));
  if (what === 'change') label(name, `v${counter++}`);
  if (what === 'remove') cluster.store.remove('pods', 'fraiseql', name);
}
