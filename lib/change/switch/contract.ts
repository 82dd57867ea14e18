import * as z from 'zod/mini';
import { Slug } from '@/lib/core/ids';

const At = z.iso.datetime();

/** FREEZE stops acting and leaves everything as it is; BACK OUT sends what runs back to where it came from. */
export const switchVerbs = ['freeze', 'back-out'] as const;
export type SwitchVerb = (typeof switchVerbs)[number];
export const switchScopes = ['everywhere', 'cluster', 'service'] as const;
export type SwitchScope = (typeof switchScopes)[number];

const Reason = z.string().check(z.trim(), z.minLength(1, 'say why'), z.maxLength(2000));

/** POST /api/v1/kill-switches */
export const PullSwitch = z.strictObject({
  verb: z.enum(switchVerbs),
  scope: z.enum(switchScopes),
  target: z.nullable(Slug).check(z.describe('A cluster or a service; null: everywhere')),
  reason: Reason,
});
export type PullSwitch = z.infer<typeof PullSwitch>;

/** POST …/release: the first person asks, another one confirms. */
export const ReleaseSwitch = z.strictObject({ reason: Reason });
export const SwitchParams = z.object({ switch: z.uuid() });
export const PulledSwitch = z.object({ id: z.uuid() });
export const ReleasedSwitch = z.object({
  released: z.boolean().check(z.describe('False: another person has to confirm')),
});

export const SwitchView = z.object({
  id: z.uuid(),
  verb: z.enum(switchVerbs),
  scope: z.enum(switchScopes),
  target: z.nullable(z.string()),
  title: z.string().check(z.describe('"FREEZE everywhere", "BACK OUT on cluster us-east-1"')),
  reason: z.string(),
  pulledBy: z.string(),
  pulledAt: At,
  releaseAsked: z.nullable(z.object({ by: z.string(), at: At, reason: z.string() })),
  holds: z.int().check(z.describe('Changes that it holds back or sends back now')),
  /** Why the signed-in person cannot release it; null when that is possible. */
  refusal: z.nullable(z.string()),
});
export type SwitchView = z.infer<typeof SwitchView>;

/** GET /api/v1/kill-switches: those that are pulled now, the newest first. */
export const SwitchList = z.object({
  switches: z.array(SwitchView),
  mayPull: z
    .nullable(z.string())
    .check(z.describe('Why the signed-in person cannot pull one; null: possible')),
  clusters: z.array(Slug),
  services: z.array(z.object({ id: Slug, name: z.string() })),
});
export type SwitchList = z.infer<typeof SwitchList>;
