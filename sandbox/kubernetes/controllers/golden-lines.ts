import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isJsonObject } from '../object';
import type { JsonObject, KubeObject } from '../store';
import { conditionOf, countAt, numberAt, objectAt, textAt } from './read';
import { NAMESPACE, type TestCluster } from './test-cluster';

/** Recorded lines without their note. */
export function goldenLines(name: string): JsonObject[] {
  const text = readFileSync(path.join(import.meta.dirname, 'golden', name), 'utf8');
  const lines = text
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  return lines.filter(isJsonObject).filter((line) => line['note'] === undefined);
}

/** The recorded number of watch events by kind and type. */
export function goldenCounts(name: string): JsonObject {
  const text = readFileSync(path.join(import.meta.dirname, 'golden', name), 'utf8');
  return objectAt(JSON.parse(text), 'counts');
}

const COUNTS = [
  'replicas',
  'updatedReplicas',
  'readyReplicas',
  'availableReplicas',
  'unavailableReplicas',
  'terminatingReplicas',
];

/** A Deployment's state as one line of text: lag of the controller, revision steps, counts, conditions. */
function stateLine(generation: number, revision: number, status: KubeObject | JsonObject): string {
  const lag = generation - countAt(status, 'status', 'observedGeneration');
  const counts = COUNTS.map((field) => numberAt(status, 'status', field) ?? '-').join(' ');
  const words = ['Progressing', 'Available'].map((type) => {
    const condition = conditionOf(status, type);
    const message = (textAt(condition, 'message') ?? '').replace(/"[^"]+"/, '"…"');
    return `${textAt(condition, 'reason')}=${textAt(condition, 'status')} (${message})`;
  });
  return `lag ${lag} revision +${revision} | ${counts} | ${words.join(' | ')}`;
}

/** The recorded sequence of Deployment states. */
export function goldenStates(name: string): string[] {
  const lines = goldenLines(name);
  const first = Number(textAt(lines[0], 'revision'));
  return lines.map((line) =>
    stateLine(countAt(line, 'generation'), Number(textAt(line, 'revision')) - first, line),
  );
}

/** The states of a Deployment in the cluster's log from position `from`. */
export function statesSince(cluster: TestCluster, from: number, name = 'api'): string[] {
  const objects = cluster.log
    .slice(from)
    .map(({ resource, event }) => ({ resource, object: event.object }))
    .filter(
      ({ resource, object }) =>
        resource === 'deployments.apps' &&
        object.metadata.name === name &&
        object.metadata.namespace === NAMESPACE,
    )
    .map(({ object }) => object);
  const revision = (object: KubeObject | undefined) =>
    Number(object?.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0);
  const first = revision(objects[0]);
  return objects.map((object) =>
    stateLine(object.metadata.generation ?? 0, revision(object) - first, object),
  );
}

/** Neighbours that are equal count once. */
export function distinct(lines: readonly string[]): string[] {
  return lines.filter((line, index) => line !== lines[index - 1]);
}
