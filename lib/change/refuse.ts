import type { OpsErrorCode } from '@/lib/core/errors';
import { OpsError } from '@/lib/core/errors';

/** A refusal by a rule. It is returned, not thrown, inside the transaction: its audit entry must be committed. */
export type Refused = { refused: { code: OpsErrorCode; message: string; next?: string } };

export const refuse = (code: OpsErrorCode, message: string, next?: string): Refused => ({
  refused: { code, message, ...(next === undefined ? {} : { next }) },
});

export const isRefused = (result: unknown): result is Refused =>
  typeof result === 'object' && result !== null && 'refused' in result;

/** After the commit: throws the refusal as the error that the person sees, or passes the result on. */
export function orThrow<T>(result: T | Refused): T {
  if (!isRefused(result)) return result;
  const { code, message, next } = result.refused;
  throw new OpsError(code, message, next === undefined ? {} : { next });
}
