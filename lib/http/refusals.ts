import { isWrite } from './origin';
import type { RouteContract } from './registry';

/** The statuses of an error that a route can answer, each with what it means to whoever asked. */
export type Refusals = ReadonlyMap<number, string>;

/** Statuses whose answers say in `Retry-After` when to ask again. */
export const retried: ReadonlySet<number> = new Set([429, 503]);

/**
 * What a route of this contract can refuse with, as the one wrapper (route.ts) and the one table of errors
 * (problem.ts) have it: who asks, from where, what is sent, and what the verb behind it says. A route declares
 * nothing of this itself.
 */
export function refusalsOf(method: string, contract: RouteContract): Refusals {
  const { audience, permission, tokens, input, params, query } = contract;
  const isSignedIn = audience === 'signed-in';
  const hasBody = input !== null;
  const isKeyed = isSignedIn && isWrite(method);
  const words: [status: number, applies: boolean, description: string][] = [
    [
      400,
      isSignedIn || hasBody,
      sentence([
        [isSignedIn, 'The request carries a token and a session'],
        [hasBody, 'the body is not JSON, nested too deep, or not UTF-8'],
      ]),
    ],
    [401, isSignedIn, 'Nobody is signed in, or the token does not count any more'],
    [
      403,
      isSignedIn,
      sentence([
        [true, 'The request came from another site'],
        [tokens === null, 'this is not for tokens'],
        [tokens !== null, `the token has no scope ${tokens}`],
        [permission !== null, `the permission ${permission} is missing`],
      ]),
    ],
    [
      404,
      params !== undefined || query !== undefined || hasBody,
      'What the address, the query or the body names is not there',
    ],
    [
      409,
      isSignedIn,
      sentence([
        [true, 'Somebody was faster, or it is not possible now'],
        [isKeyed, 'the first request with this Idempotency-Key has not finished'],
      ]),
    ],
    [413, hasBody, 'The body is larger than 1 MB'],
    [415, hasBody, 'The body is not uncompressed application/json'],
    [
      422,
      true,
      sentence([
        [true, 'The query is not valid, or names a parameter twice'],
        [hasBody, 'a field of the body is not valid'],
        [isKeyed, 'the Idempotency-Key is missing, malformed, or was used for another request'],
      ]),
    ],
    [429, isSignedIn, 'Too many requests, or too many refused tokens from this address'],
    [500, true, 'It failed for a reason that is in the log under the request id'],
    [503, true, 'The database does not answer, or what the answer is made of does not'],
  ];
  return new Map(
    words.flatMap(([status, applies, description]) => (applies ? [[status, description] as const] : [])),
  );
}

const sentence = (parts: readonly (readonly [applies: boolean, words: string])[]): string => {
  const text = parts.flatMap(([applies, words]) => (applies ? [words] : [])).join('; ');
  return text.charAt(0).toUpperCase() + text.slice(1);
};
