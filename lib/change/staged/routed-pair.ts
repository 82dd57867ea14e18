import * as z from 'zod/mini';
import { Slug } from '@/lib/core/ids';

const Member = z.object({ service: Slug });

/** A pair of signalbox.yaml (lib/config/traffic.ts), as far as its router is concerned: browsers load this file. */
export const RoutedPair = z.object({
  blue: Member,
  green: Member,
  baseline: z.optional(Member),
  traffic: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('service'), name: Slug, label: z.string() }),
    z.object({
      kind: z.literal('virtual-service'),
      name: Slug,
      route: z.string(),
      headerRoute: z.optional(z.string()),
    }),
    z.object({
      kind: z.literal('http-route'),
      name: Slug,
      rule: z.int(),
      headerRule: z.optional(z.int()),
    }),
    z.object({ kind: z.literal('replicas'), name: Slug }),
  ]),
});
export type RoutedPair = z.infer<typeof RoutedPair>;
