import * as z from 'zod/mini';
import { Slug } from '@/lib/core/ids';
import { roles } from './model';

/** GET /api/v1/me: who is signed in, and what the shell needs to draw itself. */
export const Me = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string(),
  roles: z.array(z.enum(roles)),
  permissions: z.object({ plan: z.boolean(), steer: z.boolean(), publishStatus: z.boolean() }),
  waiting: z.object({
    approvals: z.int().check(z.describe('Sign-offs and reviews that this person could give')),
    reviews: z.int().check(z.describe('Of these, ways back that somebody else ordered alone')),
    overdue: z.int().check(z.describe('Of these, reviews whose time is over')),
    running: z.int(),
  }),
  environments: z.array(z.object({ id: Slug, name: z.string() })),
  regions: z.array(z.object({ id: Slug, name: z.string() })),
  services: z.array(z.object({ id: Slug, name: z.string() })),
  notice: z.nullable(z.object({ text: z.string(), embed: z.nullable(z.string()) })),
  demoTiming: z.boolean(),
  installName: z.string(),
});
export type Me = z.infer<typeof Me>;
