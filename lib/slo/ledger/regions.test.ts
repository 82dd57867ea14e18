import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Claim, claimsOfGroup } from './claims';
import { joinLedgers, ledgerOf } from './ledger';
import { row, times } from './testing/cells';
import { anyCells, calm, claim, day, dayThen, hour, options, window } from './testing/claims';

describe('a change over several regions', () => {
  const regions = ['us', 'eu', 'ap'];
  const claimIn = (id: string, region: string, from: number, to: number, more: Partial<Claim> = {}) =>
    claim(id, from, to, { regions: [region], ...more });
  const ledgerIn = (cells: ReturnType<typeof row>, claims: Claim[], region?: string) =>
    ledgerOf(cells, window, claimsOfGroup(claims, region === undefined ? {} : { region }, 'region'), options);

  test('pays in each what failed there since it came, against what failed there before', () => {
    // In us 1 of 10,000 fails anyway, in eu 21.
    const us = dayThen(101, 12);
    const eu = row([
      ...times(300, [21, 10_000] as [number, number]),
      ...times(12, [71, 10_000] as [number, number]),
      ...times(12, [21, 10_000] as [number, number]),
    ]);
    const claims = [
      claimIn('change:1', 'us', day, day + 2 * hour, { end: 'undo' }),
      claimIn('change:1', 'eu', day + hour, day + 3 * hour, { end: 'running' }),
    ];
    const { lines, unexplained, spent } = joinLedgers([
      ledgerIn(us, claims, 'us'),
      ledgerIn(eu, claims, 'eu'),
    ]);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.claim).toMatchObject({
      regions: ['us', 'eu'],
      from: day,
      to: day + 3 * hour,
      end: 'running',
    });
    // 12 cells with 100 too many, and 12 with 50.
    expect(lines[0]?.net).toBeCloseTo(1200 + 600, 6);
    expect(lines[0]?.sharedWith).toEqual([]);
    expect(unexplained).toBeCloseTo(spent.bad - 1800, 6);
  });

  test('is one claim for a group that is not of one region', () => {
    const claims = [
      claimIn('a', 'us', day, day + hour, { end: 'undo' }),
      claimIn('a', 'eu', day + hour, day + 2 * hour, { end: 'horizon' }),
      claim('b', day, day + hour),
    ];
    expect(claimsOfGroup(claims, { endpoint: '/pay' }, 'region')).toEqual([
      claim('a', day, day + 2 * hour, { regions: ['us', 'eu'], end: 'horizon' }),
      claim('b', day, day + hour),
    ]);
    expect(claimsOfGroup(claims, { region: 'eu' }, 'region').map(({ id, from }) => [id, from])).toEqual([
      ['a', day + hour],
      ['b', day],
    ]);
    expect(claimsOfGroup(claims, { region: 'eu' }, null)).toHaveLength(2);
  });

  test('costs the sum of what its regions paid, and all lines and the unexplained are what was spent', () => {
    const anySpan = fc.record({
      from: fc.integer({ min: day - 7200, max: day + 4 * hour }),
      length: fc.integer({ min: 1, max: 3 * hour }),
      end: fc.constantFrom('next-change' as const, 'horizon' as const, 'undo' as const),
    });
    const anyChange = fc.tuple(...regions.map(() => fc.option(anySpan)));
    let cases = 0;
    fc.assert(
      fc.property(
        fc.tuple(...regions.map(() => anyCells)),
        fc.array(anyChange, { maxLength: 4 }),
        (after, changes) => {
          const claims = changes.flatMap((spans, index) =>
            spans.flatMap((span, at) =>
              span === null
                ? []
                : [
                    claimIn(`change:${index}`, regions[at] ?? '', span.from, span.from + span.length, {
                      end: span.end,
                    }),
                  ],
            ),
          );
          const cells = after.map((pairs) => row([...times(288, calm), ...pairs]));
          const ledgers = cells.map((own, at) => ledgerIn(own, claims, regions[at]));
          const { lines, spent, unexplained } = joinLedgers(ledgers);
          expect(new Set(lines.map((line) => line.claim.id)).size).toBe(lines.length);
          for (const { claim: whole, net, low, high } of lines) {
            const parts = ledgers.flatMap((one) => one.lines.filter((line) => line.claim.id === whole.id));
            const sum = (value: (part: (typeof parts)[number]) => number) =>
              parts.reduce((all, part) => all + value(part), 0);
            expect(net).toBeCloseTo(
              sum((part) => part.net),
              6,
            );
            expect([low, high]).toEqual([sum((part) => part.low), sum((part) => part.high)]);
            expect([...(whole.regions ?? [])].sort()).toEqual(
              parts.flatMap((part) => part.claim.regions ?? []).sort(),
            );
          }
          expect(spent.bad).toBe(ledgers.reduce((all, one) => all + one.spent.bad, 0));
          expect(lines.reduce((all, { net }) => all + net, unexplained)).toBeCloseTo(spent.bad, 6);

          const [first] = cells;
          const whole = ledgerIn(first ?? [], claims);
          expect(new Set(whole.lines.map((line) => line.claim.id)).size).toBe(whole.lines.length);
          expect(whole.lines.reduce((all, { net }) => all + net, whole.unexplained)).toBeCloseTo(
            whole.spent.bad,
            6,
          );
          cases += 1;
        },
      ),
      { numRuns: 200 },
    );
    expect(cases).toBe(200);
  });
});
