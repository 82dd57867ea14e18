import { z } from 'zod';

/** Of Prisma's error: its code, and what the driver said (`kind` is the adapter's own closed list). */
const Failure = z.object({
  code: z.string().optional(),
  meta: z
    .object({
      driverAdapterError: z
        .object({ cause: z.object({ kind: z.string(), originalCode: z.string().optional() }) })
        .optional(),
    })
    .optional(),
});

const prismaDown = new Set([
  'P1000',
  'P1001',
  'P1002',
  'P1003',
  'P1008',
  'P1010',
  'P1011',
  'P1017',
  'P2024',
  'P2028',
  'P2037',
]);
const driverDown = new Set([
  'DatabaseNotReachable',
  'DatabaseDoesNotExist',
  'DatabaseAccessDenied',
  'ConnectionClosed',
  'TlsConnectionError',
  'AuthenticationFailed',
  'TooManyConnections',
  'SocketTimeout',
  'GenericJs',
]);
/** SQLSTATE classes: connection, resources, operator intervention; and a server that has become read-only. */
const stateDown = /^(08|53|57P)|^25006$/;
const socketDown = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
]);

export type DatabaseFailure = 'down' | 'unique' | 'busy' | 'bad-value' | null;

/** What an error of a query means: `down` (no answer now), `unique`, `busy` (lost a race), `bad-value`; null when it is none of ours. */
export function databaseFailure(error: unknown): DatabaseFailure {
  const failure = Failure.safeParse(error).data;
  const code = failure?.code ?? '';
  const cause = failure?.meta?.driverAdapterError?.cause;
  if (prismaDown.has(code) || socketDown.has(code)) return 'down';
  if (cause !== undefined && (driverDown.has(cause.kind) || stateDown.test(cause.originalCode ?? '')))
    return 'down';
  if (code === 'P2002' || cause?.originalCode === '23505') return 'unique';
  if (code === 'P2034' || cause?.originalCode === '40001' || cause?.originalCode === '40P01') return 'busy';
  if (['P2000', 'P2007', 'P2020', 'P2023', 'P2033'].includes(code)) return 'bad-value';
  return error instanceof Error &&
    /^Connection terminated|timeout exceeded when trying to connect|^Query read timeout/.test(error.message)
    ? 'down'
    : null;
}
