// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { stagedView } from './testing/staged-view';
import { TrafficPanel } from './traffic-panel';

afterEach(cleanup);

it('the baseline of a canary has a line of its own', () => {
  const view = stagedView('Running');
  const [first] = view.traffic;
  if (first === undefined) throw new Error('There are two regions.');
  const baseline = { version: '1.8.0', share: 0.05, wanted: 0.05, pods: 2, ready: 1 };
  render(<TrafficPanel view={{ ...view, traffic: [{ ...first, baseline }] }} />);
  const lines = screen.getAllByRole('listitem').map(({ textContent }) => textContent?.replaceAll(/\s/g, ' '));
  expect(lines).toHaveLength(3);
  expect(lines.at(-1)).toBe('Baseline 1.8.05 %, wanted 5 %1 of 2 pods ready');
});

it('a change without one has the two colours', () => {
  const view = stagedView('Running');
  render(<TrafficPanel view={{ ...view, traffic: view.traffic.slice(0, 1) }} />);
  expect(screen.getAllByRole('listitem')).toHaveLength(2);
});

it('old weights say since when', () => {
  const view = stagedView('Running');
  const [first] = view.traffic;
  if (first?.colours.state !== 'fresh') throw new Error('The first region is known.');
  const colours = { ...first.colours, state: 'stale', reason: 'timeout' } as const;
  render(<TrafficPanel view={{ ...view, traffic: [{ ...first, colours }] }} />);
  const shown = screen.getByRole('region', { name: 'Traffic of us-east-1' });
  const text = shown.textContent?.replaceAll(/\s/g, ' ');
  expect(text).toContain('us-east-1 as of 2026-11-21 14:01:00');
  expect(screen.getAllByRole('listitem')).toHaveLength(2);
});
