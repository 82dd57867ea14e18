import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiError } from './api-error';
import { ObjectStore } from './object-store';
import type { NewObject } from './store';

function pod(name: string, namespace = 'default', labels: { [key: string]: string } = {}): NewObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels }, spec: { nodeName: 'a' } };
}

describe('ObjectStore', () => {
  it('stamps uid, resourceVersion, creationTimestamp and generation', () => {
    const store = new ObjectStore({ now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 678) });
    const created = store.create('pods', pod('a'));
    expect(created.metadata).toMatchObject({ generation: 1, creationTimestamp: '2026-01-02T03:04:05Z' });
    expect(created.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(created.metadata.resourceVersion).toBe(String(store.resourceVersion));
    const config = store.create('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c', namespace: 'x' },
    });
    expect(config.metadata.generation).toBeUndefined();
  });

  it('refuses a second object of the same name with AlreadyExists', () => {
    const store = new ObjectStore();
    store.create('pods', pod('a'));
    store.create('pods', pod('a', 'other'));
    expect(() => store.create('pods', pod('a'))).toThrow(ApiError);
    expect(() => store.create('pods', pod('a'))).toThrow('pods "a" already exists');
  });

  it('raises generation for a changed spec only, and writes nothing when nothing changed', () => {
    const store = new ObjectStore();
    const before = store.create('pods', pod('a'));
    const same = store.change('pods', 'default', 'a', (object) => object);
    expect(same).toBe(before);
    const status = store.change('pods', 'default', 'a', (object) => ({
      ...object,
      status: { phase: 'Running' },
    }));
    expect(status?.metadata.generation).toBe(1);
    const spec = store.change('pods', 'default', 'a', (object) => ({ ...object, spec: { nodeName: 'b' } }));
    expect(spec?.metadata.generation).toBe(2);
    expect(Number(spec?.metadata.resourceVersion)).toBe(Number(before.metadata.resourceVersion) + 2);
    expect(store.change('pods', 'default', 'nope', (object) => object)).toBeNull();
  });

  it('hands out frozen objects and keeps uid against a change', () => {
    const store = new ObjectStore();
    const created = store.create('pods', pod('a'));
    expect(() => Object.assign(created.metadata, { name: 'b' })).toThrow(TypeError);
    const changed = store.change('pods', 'default', 'a', (object) => {
      object.metadata.uid = 'forged';
      object.metadata.labels = { x: 'y' };
      return object;
    });
    expect(changed?.metadata).toMatchObject({ uid: created.metadata.uid, labels: { x: 'y' } });
  });

  it('delivers events in write order even when a subscriber writes', () => {
    const store = new ObjectStore();
    const seen: string[] = [];
    store.subscribe((_resource, event) => {
      if (event.type === 'ADDED' && event.object.metadata.name === 'a') store.create('pods', pod('b'));
    });
    const stop = store.subscribe((_resource, event) =>
      seen.push(`${event.type} ${event.object.metadata.name}`),
    );
    store.create('pods', pod('a'));
    store.remove('pods', 'default', 'a');
    stop();
    store.remove('pods', 'default', 'b');
    expect(seen).toEqual(['ADDED a', 'ADDED b', 'DELETED a']);
  });

  it('keeps its objects through snapshot and restore, and forgets the history', () => {
    const store = new ObjectStore();
    const created = store.create('pods', pod('a'));
    const again = new ObjectStore();
    again.restore(store.snapshot());
    expect(again.get('pods', 'default', 'a')).toEqual(created);
    expect(again.eventsSince('pods', Number(created.metadata.resourceVersion))).toBeNull();
    expect(again.eventsSince('pods', again.resourceVersion)).toEqual([]);
    expect(again.resourceVersion).toBeGreaterThan(store.resourceVersion);
    expect(() => again.restore('{"objects":1}')).toThrow();
  });

  it('answers null for events that fell out of the history', () => {
    const store = new ObjectStore({ historyLength: 4 });
    const first = store.create('pods', pod('a'));
    for (let index = 0; index < 10; index += 1) store.create('pods', pod(`p${index}`));
    expect(store.eventsSince('pods', Number(first.metadata.resourceVersion))).toBeNull();
    const floor = store.oldestWatchable('pods');
    expect(store.eventsSince('pods', floor)?.every((entry) => entry.resourceVersion > floor)).toBe(true);
    expect(store.eventsSince('services', 1)).toEqual([]);
  });

  it('replays any history to the present list, and reconstructs any past list (property)', () => {
    let cases = 0;
    const step = fc.record({
      name: fc.constantFrom('a', 'b', 'c'),
      act: fc.constantFrom('create', 'change', 'remove'),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), fc.nat(30), (steps, at) => {
        cases += 1;
        const store = new ObjectStore();
        let past: { version: number; names: string[] } = { version: store.resourceVersion, names: [] };
        steps.forEach(({ name, act }, index) => {
          const exists = store.get('pods', 'default', name) !== null;
          if (act === 'create' && !exists) store.create('pods', pod(name));
          if (act === 'change')
            store.change('pods', 'default', name, (object) => ({
              ...object,
              spec: { nodeName: String(index) },
            }));
          if (act === 'remove') store.remove('pods', 'default', name);
          if (index === at)
            past = { version: store.resourceVersion, names: describeList(store.list('pods')) };
        });
        expect(describeList(store.listAt('pods', past.version) ?? [])).toEqual(past.names);
        const versions = (store.eventsSince('pods', 1) ?? []).map((entry) => entry.resourceVersion);
        expect(versions).toEqual([...versions].sort((a, b) => a - b));
        expect(new Set(versions).size).toBe(versions.length);
      }),
      { numRuns: 200 },
    );
    expect(cases).toBe(200);
  });
});

function describeList(objects: { metadata: { name: string; resourceVersion: string } }[]): string[] {
  return objects.map((object) => `${object.metadata.name}@${object.metadata.resourceVersion}`);
}
