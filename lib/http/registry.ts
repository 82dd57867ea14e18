import type { z } from 'zod';
import type { Permission, TokenScope } from '@/lib/access/model';

/** What a route promises; the OpenAPI document is made from it. */
export type RouteContract = {
  summary: string | undefined;
  audience: 'signed-in' | 'public';
  permission: Permission | null;
  /** The scope with which a token may ask; null: people only. */
  tokens: TokenScope | null;
  input: z.core.$ZodType | null;
  params: z.core.$ZodType | undefined;
  query: z.core.$ZodType | undefined;
  output: z.core.$ZodType | null;
  status: number;
};
