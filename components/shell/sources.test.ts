import { expect, test } from 'vitest';
import { LiveEvent } from '@/lib/live/contract';
import { type SourceState, sourceChips } from './sources';

const at = '2026-11-21T14:00:00.000Z';
const source = (kind: SourceState['kind'], state: SourceState['state'], id: string = kind): SourceState => ({
  id,
  kind,
  state,
  observedAt: state === 'failing' ? null : at,
  reason: state === 'fresh' ? null : 'unreachable',
  detail: null,
});
const kinds = ['prometheus', 'alertmanager', 'loki', 'cluster', 'database'] as const;

test('one chip a kind, in the order they come, and no chip for a database that answers', () => {
  const chips = sourceChips([
    source('prometheus', 'fresh'),
    source('cluster', 'fresh', 'us-east-1'),
    source('cluster', 'fresh', 'eu-west-1'),
    source('database', 'fresh'),
  ]);
  expect(chips.map(({ name, state, sources }) => [name, state, sources.length])).toEqual([
    ['Prometheus', 'fresh', 1],
    ['Cluster', 'fresh', 2],
  ]);
});

test.each(kinds)('a %s that fails has its chip', (kind) => {
  const [chip, ...rest] = sourceChips([source(kind, 'failing')]);
  expect(rest).toEqual([]);
  expect(chip).toMatchObject({ kind, state: 'failing', observedAt: null });
  expect(chip?.name).toMatch(/^[A-Z]/);
});

test('every kind of source the stream knows was tried', () => {
  const option = LiveEvent.def.options.find((each) => each.shape.type.def.values[0] === 'sources');
  const known =
    option && 'sources' in option.shape ? option.shape.sources.def.element.shape.kind.options : [];
  expect(kinds).toEqual(known);
});

const states = ['fresh', 'late', 'failing'] as const;
test.each(states.flatMap((a) => states.map((b) => [a, b] as const)))(
  'of two clusters, %s and %s, the worse speaks',
  (a, b) => {
    const worse = states[Math.max(states.indexOf(a), states.indexOf(b))];
    const [chip] = sourceChips([source('cluster', a, 'one'), source('cluster', b, 'two')]);
    expect(chip?.state).toBe(worse);
    expect(chip?.sources.map(({ id }) => id)).toEqual(['one', 'two']);
  },
);

test('no source, no chip', () => expect(sourceChips([])).toEqual([]));
