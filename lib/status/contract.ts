import * as z from 'zod/mini';

const At = z.iso.datetime();

/** W-15, and Unknown where nothing could be measured. */
export const componentStates = [
  'operational',
  'degraded_performance',
  'partial_outage',
  'major_outage',
  'under_maintenance',
  'unknown',
] as const;
export type ComponentState = (typeof componentStates)[number];

export const messageStates = ['investigating', 'identified', 'monitoring', 'resolved'] as const;
export const impacts = ['none', 'minor', 'major', 'critical', 'maintenance'] as const;

export const StatusComponent = z.object({
  id: z.string().check(z.describe('service/region')),
  name: z.string(),
  group: z.string(),
  region: z.string(),
  state: z.enum(componentStates),
  /** 90 days, oldest first; `worst` null where nothing was measured. Seconds per state. */
  days: z.array(
    z.object({
      day: z.iso.date(),
      worst: z.nullable(z.enum(componentStates)),
      uptime: z.nullable(z.number()),
    }),
  ),
  uptime: z.nullable(z.number()).check(z.describe('0-1 over the measured part of 90 days')),
});
export type StatusComponent = z.infer<typeof StatusComponent>;

export const StatusMessageView = z.object({
  id: z.uuid(),
  title: z.string(),
  impact: z.enum(impacts),
  state: z.enum(messageStates),
  components: z.array(z.string()),
  createdAt: At,
  resolvedAt: z.nullable(At),
  version: z.int(),
  updates: z.array(z.object({ id: z.uuid(), state: z.enum(messageStates), body: z.string(), at: At })),
});
export type StatusMessageView = z.infer<typeof StatusMessageView>;

/** What is published: the page and summary.json are made from this and nothing else. No private data. */
export const PublishedStatus = z.object({
  v: z.literal(1),
  title: z.string(),
  publishedAt: At,
  overall: z.enum(componentStates),
  sentence: z.string(),
  components: z.array(StatusComponent),
  active: z.array(StatusMessageView),
  past: z.array(StatusMessageView),
  demoTiming: z._default(z.boolean(), false),
});
export type PublishedStatus = z.infer<typeof PublishedStatus>;

/** POST /api/v1/status/messages */
export const PublishMessage = z.strictObject({
  title: z.string().check(z.trim(), z.minLength(3), z.maxLength(120)),
  impact: z.enum(impacts),
  state: z._default(z.enum(messageStates), 'investigating'),
  components: z.array(z.string().check(z.maxLength(130))).check(z.maxLength(50)),
  body: z.string().check(z.trim(), z.minLength(3), z.maxLength(4000)),
});
export type PublishMessage = z.input<typeof PublishMessage>;

/** POST /api/v1/status/messages/{message} */
export const UpdateMessage = z.strictObject({
  state: z.enum(messageStates),
  body: z.string().check(z.trim(), z.minLength(3), z.maxLength(4000)),
  version: z.int().check(z.describe('The version the writer saw; a stale one is a conflict')),
});
export type UpdateMessage = z.infer<typeof UpdateMessage>;

export const StatusAdminView = z.object({
  published: z.nullable(PublishedStatus),
  messages: z.array(StatusMessageView),
  components: z.array(
    z.object({ id: z.string(), name: z.string(), group: z.string(), proposed: z.enum(componentStates) }),
  ),
  mayPublish: z.boolean(),
});
export type StatusAdminView = z.infer<typeof StatusAdminView>;
