import { describe, expect, it } from 'vitest';
import { pageChoiceOf, pageQueryParts, usualChoice } from './page-url';

const read = (text: string) => pageChoiceOf(new URLSearchParams(text));
const from = Date.parse('2026-11-21T06:10Z') / 1000;

describe('the URL of an objective', () => {
  it('holds mode, exclusions and span, and comes back as it was', () => {
    const choice = {
      mode: 'rolling' as const,
      exclusions: 'off' as const,
      span: { from, to: from + 1500 },
      sort: 'left' as const,
      group: 'region=us-east-1',
    };
    const parts = pageQueryParts(choice);
    expect(parts).toEqual({
      mode: 'rolling',
      exclusions: 'off',
      from: '2026-11-21T06:10Z',
      to: '2026-11-21T06:35Z',
      sort: 'left',
      group: 'region=us-east-1',
    });
    expect(read(new URLSearchParams(parts).toString())).toEqual(choice);
    expect(pageQueryParts(usualChoice)).toEqual({});
  });

  it('takes rubbish for the usual page', () => {
    expect(read('mode=sideways&from=yesterday&to=now&sort=colour')).toEqual(usualChoice);
    expect(read('from=2026-11-21T06:10Z')).toEqual(usualChoice);
    expect(read('from=2026-11-21T06:10Z&to=2026-11-21T06:10Z')).toEqual(usualChoice);
  });
});
