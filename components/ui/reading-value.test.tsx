// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Reading, readingOf, readingReasons } from '@/lib/core/reading';
import { ReadingNote, ReadingValue, reasonWords } from './reading-value';

afterEach(cleanup);
const observedAt = '2026-11-21T14:00:00.000Z';
const readings: Record<Reading<number>['state'], Reading<number>> = {
  fresh: { state: 'fresh', value: 7, observedAt },
  stale: { state: 'stale', value: 7, observedAt, reason: 'timeout' },
  missing: { state: 'missing', reason: 'unreachable' },
};

const show = (reading: Reading<number>) =>
  render(<ReadingValue reading={reading}>{(value) => `${value} errors`}</ReadingValue>).container;
const note = (reading: Reading<number>) => {
  render(<ReadingNote reading={reading} what="Errors" />);
  return screen.queryByRole('status');
};

it('every state a reading can have is tried here', () => {
  const states = readingOf(z.number()).def.options.flatMap((option) => option.shape.state.def.values);
  expect(Object.keys(readings)).toEqual(states);
  expect(states).toHaveLength(3);
});

describe('a figure in a line', () => {
  it('is bare when it is fresh', () => {
    expect(show(readings.fresh).textContent).toBe('7 errors');
    expect(screen.queryByTitle(/./)).toBeNull();
  });
  it('is quiet, dated and explained when it is stale', () => {
    const element = show(readings.stale);
    expect(element.textContent).toBe('7 errors stale: the source did not answer in time');
    expect(screen.getByTitle(`As of ${observedAt}: the source did not answer in time`)).toBeDefined();
  });
  it('is a dash, never a zero, when it is missing', () => {
    expect(show(readings.missing).textContent).toBe('– No data: the source does not answer');
  });
  it('lets the place choose what stands in for it', () => {
    const { container } = render(
      <ReadingValue reading={readings.missing} absent="?">
        {(value) => value}
      </ReadingValue>,
    );
    expect(container.textContent).toMatch(/^\?/);
  });
  it('says the detail where there is one', () => {
    show({ ...readings.missing, state: 'missing', reason: 'unreachable', detail: 'Connection refused' });
    expect(screen.getByTitle('No data: Connection refused')).toBeDefined();
  });
});

describe('the note of a panel', () => {
  it('is absent when the reading is fresh', () => expect(note(readings.fresh)).toBeNull());
  it('dates what is stale', () => {
    expect(note(readings.stale)?.textContent).toBe(
      'Errors as of 2026-11-21 14:00:00: the source did not answer in time.',
    );
  });
  it('names what is missing', () => {
    expect(note(readings.missing)?.textContent).toBe('No errors: the source does not answer.');
  });
});

describe('a reason', () => {
  it.each(readingReasons)('%s has words of its own, in both parts', (reason) => {
    expect(show({ state: 'missing', reason }).textContent).toContain(reasonWords[reason]);
    expect(note({ state: 'missing', reason })?.textContent).toContain(reasonWords[reason]);
  });
  it('is one of seven, each with other words', () => {
    expect(readingReasons).toHaveLength(7);
    expect(new Set(Object.values(reasonWords)).size).toBe(readingReasons.length);
  });
});
