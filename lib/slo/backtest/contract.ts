import * as z from 'zod/mini';
import { Slug } from '@/lib/core/ids';
import { Point } from '@/lib/service/contract';
import { GroupKey } from '../page/contract';

const Unix = z.number().check(z.describe('Unix seconds'));

/** GET /api/v1/slos/{slo}/backtest?environment=&exclusions=&rule= */
export const BacktestQuery = z.object({
  environment: z.optional(Slug),
  group: z.optional(GroupKey),
  exclusions: z._default(z.enum(['on', 'off']), 'on'),
  rule: z
    .optional(z.string().check(z.maxLength(40)))
    .check(z.describe('The rule whose burn over time is wanted too, such as page-1h')),
});
export type BacktestQuery = z.infer<typeof BacktestQuery>;

/** When a rule would have fired. */
export const BacktestRule = z.object({
  id: z.string(),
  severity: z.enum(['page', 'ticket']),
  notJudged: z
    .nullable(z.enum(['rule-problem', 'too-coarse', 'too-short']))
    .check(z.describe('Why it could not be judged; null when it was')),
  judgedFrom: z.nullable(Unix),
  fired: z.array(
    z.object({
      from: Unix,
      to: z.nullable(Unix).check(z.describe('Null: it still fires')),
      peak: z.number().check(z.describe('Highest burn of the long span meanwhile')),
    }),
  ),
  firedSeconds: z.number(),
});
export type BacktestRule = z.infer<typeof BacktestRule>;

/** What the alerts of an objective would have done over its window, judged from recorded counts. */
export const SloBacktest = z.object({
  slo: Slug,
  environment: Slug,
  from: Unix,
  to: Unix,
  bucketSeconds: z.int().check(z.describe('The rules are judged at the end of each bucket')),
  sentence: z.string(),
  pages: z.int().check(z.describe('Times that a page would have come; rules that fire together are one')),
  tickets: z.int(),
  rules: z.array(BacktestRule),
  limits: z.array(z.string()).check(z.describe('What recorded counts cannot tell')),
  series: z.nullable(
    z.object({
      rule: z.string(),
      stepSeconds: z.number(),
      long: z.array(Point).check(z.describe('Highest burn of the long span in each step')),
      short: z.nullable(z.array(Point)),
    }),
  ),
});
export type SloBacktest = z.infer<typeof SloBacktest>;
