// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { measuresOf } from '@/lib/change/history/measure-words';
import { observeChanges } from '@/lib/change/history/measures';
import { Measures } from './measures-panel';
import { PlacesPanel } from './places-panel';
import { at, noMeasures, place } from './test-history';

afterEach(cleanup);

describe('what runs where', () => {
  it('names version, pods, since when and the change', () => {
    render(<PlacesPanel places={[place()]} />);
    expect(screen.getByText('2 of 3')).toBeDefined();
    expect(screen.getByRole('link', { name: /Deploy it/ }).getAttribute('href')).toBe('/changes/c-12');
  });

  it('says that nobody knows who put a version there', () => {
    const foreign = {
      ...{ version: 'v9', pods: 3, ready: 3, colour: null, share: null },
      ...{ by: null, unexplained: 'c-12 set v3 last.' },
    };
    render(
      <PlacesPanel places={[place({ running: { state: 'fresh', observedAt: at, value: [foreign] } })]} />,
    );
    expect(screen.getByText('not known')).toBeDefined();
    expect(screen.getByText('c-12 set v3 last.')).toBeDefined();
  });

  it('names the colour, and what each takes while both serve', () => {
    const of = (colour: 'blue' | 'green', share: number, version: string) => ({
      ...{ version, pods: 3, ready: 3, colour, share },
      ...{ by: null, unexplained: 'Nobody knows.' },
    });
    const value = [of('blue', 0.95, 'v1'), of('green', 0.05, 'v1')];
    const { rerender } = render(
      <PlacesPanel places={[place({ running: { state: 'fresh', observedAt: at, value } })]} />,
    );
    expect(screen.getByText('blue, 95 % of the requests')).toBeDefined();
    expect(screen.getByText('green, 5 % of the requests')).toBeDefined();
    const alone = { state: 'fresh' as const, observedAt: at, value: [of('green', 1, 'v1')] };
    rerender(<PlacesPanel places={[place({ running: alone })]} />);
    expect(screen.getByText('green')).toBeDefined();
  });

  it('a cluster that is away costs its own line', () => {
    const away = place({
      region: 'eu-west-1',
      desired: null,
      running: { state: 'missing', reason: 'unreachable', detail: 'The cluster is away.' },
    });
    render(<PlacesPanel places={[place(), away]} />);
    expect(screen.getByText('The cluster is away.')).toBeDefined();
    expect(screen.getByText('No data')).toBeDefined();
    expect(screen.getByText('2 of 3')).toBeDefined();
  });

  it('old readings say since when, and no pods are no missing data', () => {
    const value = place().running;
    if (value.state === 'missing') throw new Error('It is fresh.');
    const stale = { ...value, state: 'stale' as const, reason: 'timeout' as const, detail: 'It is slow.' };
    render(<PlacesPanel places={[place({ running: stale })]} />);
    expect(screen.getByText('Stale')).toBeDefined();
    expect(screen.getByText(/It is slow/)).toBeDefined();
    cleanup();
    const none = place({ desired: 0, running: { state: 'fresh', observedAt: at, value: [] } });
    render(<PlacesPanel places={[none]} />);
    expect(screen.getByText(/scaled to 0/)).toBeDefined();
    cleanup();
    render(<PlacesPanel places={[]} />);
    expect(screen.getByText('It runs nowhere')).toBeDefined();
  });
});

describe('delivery measures', () => {
  it('without data they say what is missing, and show no number', () => {
    render(<Measures view={noMeasures} />);
    expect(screen.getAllByText('Not enough data')).toHaveLength(5);
    expect(screen.getAllByText('0 of the 3 that a median needs.')).toHaveLength(2);
    expect(document.body.textContent).not.toMatch(/NaN|Infinity/);
  });

  it('each figure has its bounds, and tells how it was computed', async () => {
    const facts = Array.from({ length: 10 }, (_, index) => ({
      number: index + 1,
      kind: 'deploy' as const,
      places: ['a'],
      fromVersion: '1',
      toVersion: '2',
      state: index === 0 ? ('BackedOut' as const) : ('Succeeded' as const),
      wrote: true,
      createdAt: index * 100_000,
      startedAt: index * 100_000 + 600,
      finishedAt: index * 100_000 + 7200,
      goesBack: false,
      reverts: null,
    }));
    const measures = measuresOf(observeChanges(facts, { from: 0, to: 30 * 86_400 }), 30);
    render(<Measures view={{ ...noMeasures, knownDays: 30, measures }} />);
    expect(screen.getByText('2.3 a week')).toBeDefined();
    expect(screen.getByText('2 h')).toBeDefined();
    expect(screen.getByText('1.79 % to 40.4 % (95 %)')).toBeDefined();
    fireEvent.click(screen.getByRole('button', { name: 'How computed: Change fail rate' }));
    const told = within(await screen.findByRole('dialog'));
    expect(
      told.getByText('(1 backed out + 0 failed + 0 taken back) / 10 deployments = 10.0 %'),
    ).toBeDefined();
    expect(told.getByText(/aborted before a write/)).toBeDefined();
  });
});
