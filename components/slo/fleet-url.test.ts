import { describe, expect, it } from 'vitest';
import { paths } from '@/lib/core/paths';
import {
  everything,
  type FleetLook,
  fleetLookOf,
  fleetQueryParts,
  narrow,
  toggleClosed,
  toggleWord,
} from './fleet-url';
import { testRow } from './test-slo';

const read = (text: string) => fleetLookOf(new URLSearchParams(text));

describe('the look of the list', () => {
  it.each<FleetLook>([
    { ...everything, words: ['no-data', 'exhausted'], text: 'API & more' },
    { ...everything, group: 'service', closed: ['a,b', '', '100 %', 'ü'], sort: 'budget' },
    { ...everything, group: 'label:region_2', sort: 'cost', show: 'days' },
  ])('survives the URL: %j', (look) => {
    const url = paths.slos(fleetQueryParts(look));
    expect(read(url.split('?')[1] ?? '')).toEqual(look);
    expect(paths.slos(fleetQueryParts(everything))).toBe('/slos');
  });

  it('drops rubbish', () => {
    expect(read('state=burning,healthy,,%27&other=1')).toEqual({ ...everything, words: ['healthy'] });
    expect(read('group=__proto__&closed=a&sort=toString&show=cake')).toEqual(everything);
    expect(read('group=label:&closed=%25E0%25A4%25A')).toEqual(everything);
    expect(read('group=service&closed=%25E0%25A4%25A,b')).toEqual({
      ...everything,
      group: 'service',
      closed: ['b'],
    });
  });

  it('adds a word and takes it away again', () => {
    const one = toggleWord(everything, 'healthy');
    expect(toggleWord(one, 'no-data').words).toEqual(['no-data', 'healthy']);
    expect(toggleWord(one, 'healthy')).toEqual(everything);
  });

  it('folds a group and opens it again', () => {
    const one = toggleClosed(toggleClosed(everything, 'a'), 'b');
    expect(one.closed).toEqual(['a', 'b']);
    expect(toggleClosed(one, 'a').closed).toEqual(['b']);
  });

  it('looks into name, service, owner and labels, and names the broken ones it leaves out', () => {
    const rows = [testRow('a', 'invalid'), testRow('b'), testRow('c')];
    expect(narrow(rows, { words: [], text: 'OF B' }).shown.map(({ id }) => id)).toEqual(['b']);
    expect(narrow(rows, { words: [], text: 'data platform' }).shown).toHaveLength(3);
    expect(narrow(rows, { words: ['healthy'], text: '' }).hiddenBroken.map(({ id }) => id)).toEqual(['a']);
    expect(narrow(rows, everything).hiddenBroken).toEqual([]);
  });
});
