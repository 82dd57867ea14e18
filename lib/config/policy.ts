import { z } from 'zod';
import { roles } from '@/lib/access/model';
import { changeKinds } from '@/lib/core/change-kind';
import { PolicyBudget } from './policy-budget';
import { Duration, Slug } from './scalars';

const Any = z.literal('*');

/** Who must sign what (trust.md 1.4, the part that is enforced). The first policy that matches applies. */
export const Policy = z.strictObject({
  id: Slug,
  match: z.strictObject({
    actions: z.array(z.union([z.enum(changeKinds), Any])).default(['*']),
    environments: z.array(z.union([Slug, Any])).default(['*']),
    services: z.array(z.union([Slug, Any])).default(['*']),
  }),
  requesterRoles: z.array(z.enum(roles)).min(1).default(['sre']),
  signOffs: z.array(z.enum(roles)).min(1).describe('One sign-off by each role, each by another person'),
  reasonMinLength: z.int().min(1).max(500).default(20),
  signOffTtl: Duration.optional().describe('Overrides timing.signOffTtl'),
  budget: PolicyBudget.optional().describe(
    'What is left of the error budget raises the sign-offs or refuses',
  ),
});
export type Policy = z.infer<typeof Policy>;

/** Durations are data: a demo runs on short ones and every page says so. Seconds after parsing. */
export const Timing = z.strictObject({
  demo: z.boolean().default(false).describe('Pages say "demo timing"'),
  planTtl: Duration.prefault('15m').describe('How long an unrequested plan may be sent for sign-off'),
  signOffTtl: Duration.prefault('4h').describe('Request to approval, and age of a sign-off when it is used'),
  queueTtl: Duration.prefault('2h').describe('Approved to started'),
  lease: Duration.prefault('30s'),
  heartbeat: Duration.prefault('5s'),
  stopActing: Duration.prefault('20s'),
  callTimeout: Duration.prefault('8s').describe('One Kubernetes call of the worker'),
  resync: Duration.prefault('15s').describe('Longest pause between two looks at a running change'),
  watch: Duration.prefault('30m').describe('After the rollout, before it counts as succeeded'),
  watchTiers: z
    .array(Duration)
    .min(1)
    .max(10)
    .prefault(['15m', '1h', '4h', '24h', '7d'])
    .describe(
      'After a deploy has succeeded: when it is looked at once more; the last one closes it (CLS-05)',
    ),
  watchCadence: Duration.prefault('2m').describe('Between two looks in the first hour of these'),
  maxHold: Duration.prefault('24h').describe('A hold longer than this goes back to the last known good'),
  rolloutDeadline: Duration.prefault('30m').describe(
    'Without net progress for this long the change goes back',
  ),
});
export type Timing = z.infer<typeof Timing>;

/** RBK-01: the guard on the new version's own requests. */
export const Guard = z.strictObject({
  window: Duration.prefault('1m'),
  interval: Duration.prefault('10s'),
  minRequests: z.int().min(1).default(50),
  maxErrorRatio: z.number().gt(0).lt(1).default(0.05),
  grace: Duration.prefault('45s').describe(
    'Without a verdict for this long after the first ready pod, it pauses',
  ),
});
export type Guard = z.infer<typeof Guard>;
