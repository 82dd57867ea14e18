import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Certificate, judgeCertificate, judgeCertificates } from './judge';

const DAY = 86_400;
/** 2026-11-22T00:00:00Z */
const at = 1_795_305_600;
const limits = { warn: 30 * DAY, block: 3 * DAY };
const ending = (days: number, more: Partial<Certificate> = {}): Certificate => ({
  name: 'api.example.com',
  subject: null,
  endsAt: at + days * DAY,
  takenAt: at - 4,
  at,
  sharedIn: null,
  ...more,
});

test.each([
  [
    'passes',
    ending(53.5, { subject: 'CN=api.example.com' }),
    'pass',
    'The certificate of api.example.com (CN=api.example.com) ends on 2027-01-14, 53 days from now. The sample is 4 s old.',
  ],
  [
    'warns',
    ending(18),
    'warn',
    'The certificate of api.example.com ends on 2026-12-10, 18 days from now; more than 30 d are wanted. Renew it. The sample is 4 s old.',
  ],
  [
    'blocks',
    ending(1),
    'fail',
    'The certificate of api.example.com ends on 2026-11-23, 1 day from now, and nothing new goes out with no more than 3 d left. Renew it, then ask for a new plan. The sample is 4 s old.',
  ],
  [
    'blocks when it has ended',
    ending(-2),
    'fail',
    'The certificate of api.example.com ended on 2026-11-20, 2 days ago: clients refuse the connection. Renew it, then ask for a new plan. The sample is 4 s old.',
  ],
  [
    'blocks nothing that may be of another service',
    ending(0.5, { sharedIn: 'shop', takenAt: null }),
    'warn',
    "The certificate of api.example.com ends on 2026-11-22, less than a day from now, and nothing new goes out with no more than 3 d left. Renew it. It is known by the namespace shop alone and may be another service's, so it does not block this plan.",
  ],
  [
    'is not known without a time',
    ending(0, { endsAt: null, takenAt: null }),
    'warn',
    'When the certificate of api.example.com ends is not known: its series gives no time, as before the first issue.',
  ],
] as const)('a certificate %s', (_, certificate, result, detail) => {
  expect(judgeCertificate(certificate, limits)).toEqual({ result, detail });
});

test('the one that ends first speaks for all that last, and each that does not speaks for itself', () => {
  expect(judgeCertificates([], limits)).toBeNull();
  const well = judgeCertificates([ending(80, { name: 'b' }), ending(40, { name: 'a' })], limits);
  expect(well).toMatchObject({ result: 'pass' });
  expect(well?.detail).toMatch(/^The certificate of a ends on .* 1 other last/);
  const mixed = judgeCertificates(
    [ending(80, { name: 'c' }), ending(10, { name: 'b' }), ending(1, { name: 'a' })],
    limits,
  );
  expect(mixed).toMatchObject({ result: 'fail' });
  expect(mixed?.detail).toMatch(/^The certificate of a .* The certificate of b ends on/);
  expect(mixed?.detail).not.toContain('certificate of c');
  const many = Array.from({ length: 8 }, (__, n) => ending(10 + n, { name: `host-${n}` }));
  expect(judgeCertificates(many, limits)?.detail).toMatch(/ 3 others end soon too\.$/);
});

const RUNS = 2000;
const rank = { pass: 0, warn: 1, fail: 2 };

test(`by the seconds that are left, over ${RUNS} certificates`, () => {
  let cases = 0;
  fc.assert(
    fc.property(
      fc.integer({ min: -400 * DAY, max: 400 * DAY }),
      fc.integer({ min: 0, max: 60 * DAY }),
      fc.integer({ min: 0, max: 60 * DAY }),
      fc.boolean(),
      (left, one, other, isShared) => {
        cases += 1;
        const set = { warn: Math.max(one, other), block: Math.min(one, other) };
        const sharedIn = isShared ? 'shop' : null;
        const judge = (seconds: number) =>
          judgeCertificate(ending(0, { endsAt: at + seconds, sharedIn }), set);
        const { result, detail } = judge(left);
        const expected = left > set.warn ? 'pass' : left > set.block || isShared ? 'warn' : 'fail';
        expect(result).toBe(expected);
        // What has ended never passes, and what lasts longer is never judged worse.
        if (left <= 0) expect(result).not.toBe('pass');
        expect(rank[judge(left + 1).result]).toBeLessThanOrEqual(rank[result]);
        expect(detail).toContain(new Date((at + left) * 1000).toISOString().slice(0, 10));
        expect(detail).toContain(left > 0 ? 'from now' : left < 0 || !isShared ? 'ended on' : '');
      },
    ),
    { numRuns: RUNS, seed: 14 },
  );
  expect(cases).toBe(RUNS);
});
