import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { levels } from '@/lib/logs/contract';
import { askOf, emptyUrl, type LogUrl, presetOf, readTime, readUrl, shift, urlOf } from './log-url';

const parse = (href: string) => readUrl(new URL(href, 'http://x').searchParams);

describe('the URL of the logs page', () => {
  it('is bare when everything is usual', () => {
    expect(urlOf(emptyUrl)).toBe('/logs');
    expect(parse('/logs')).toEqual(emptyUrl);
  });

  it('falls back where it holds rubbish', () => {
    expect(parse('/logs?level=loud&order=sideways&wrap=maybe&from=')).toEqual(emptyUrl);
  });

  it('never mixes the form with a query', () => {
    expect(parse('/logs?query=%7Ba%3D%22b%22%7D&service=x&text=y')).toEqual({
      ...emptyUrl,
      query: '{a="b"}',
    });
  });

  it('survives the way there and back', () => {
    let cases = 0;
    const word = fc.string({ maxLength: 20 }).map((text) => text.trim());
    const state = fc.record<LogUrl>({
      service: word,
      region: word,
      level: fc.constantFrom('' as const, ...levels),
      text: word,
      query: fc.constant(''),
      from: fc.constantFrom('now-15m', 'now-1h', '2026-11-21T09:00:00.000Z'),
      to: fc.constantFrom('now', '2026-11-21T10:00:00.000Z'),
      order: fc.constantFrom('newest' as const, 'oldest' as const),
      wrap: fc.boolean(),
      line: word,
    });
    fc.assert(
      fc.property(state, (url) => {
        cases += 1;
        expect(parse(urlOf(url))).toEqual(url);
      }),
      { numRuns: 300 },
    );
    expect(cases).toBe(300);
  });

  it('asks by the form inside the environment, or by the query alone', () => {
    expect(askOf({ ...emptyUrl, service: 'a', order: 'oldest' }, 'production')).toEqual({
      environment: 'production',
      service: 'a',
      from: 'now-1h',
      to: 'now',
      direction: 'forward',
    });
    expect(askOf({ ...emptyUrl, query: '{a="b"}' }, 'production')).toEqual({
      query: '{a="b"}',
      from: 'now-1h',
      to: 'now',
      direction: 'backward',
    });
  });
});

describe('times', () => {
  it.each([
    ['now', 'now'],
    ['now-90m', 'now-90m'],
    ['2026-11-21 14:03', '2026-11-21T14:03:00.000Z'],
    ['2026-11-21T14:03:00+02:00', '2026-11-21T12:03:00.000Z'],
  ])('reads %s', (typed, iso) => expect(readTime(typed, 'utc')).toBe(iso));
  it.each(['', 'now-', 'now-5 bananas', 'now+5m', '14:03', '2026-02-30x'])('refuses %j', (typed) =>
    expect(readTime(typed, 'utc')).toBeNull(),
  );
  it('knows its presets', () => {
    expect(presetOf({ from: 'now-6h', to: 'now' })).toBe('6h');
    expect(presetOf({ from: 'now-6h', to: '2026-11-21T10:00:00.000Z' })).toBeNull();
  });
  it('moves by half the range', () => {
    expect(shift({ from: '2026-11-21T09:00:00.000Z', to: '2026-11-21T10:00:00.000Z' }, -1)).toEqual({
      from: '2026-11-21T08:30:00.000Z',
      to: '2026-11-21T09:30:00.000Z',
    });
  });
});
