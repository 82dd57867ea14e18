import 'server-only';
import { createHash } from 'node:crypto';
import { Pool } from 'pg';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { config } from '@/lib/config/load';
import type { Access } from '@/lib/config/schema';
import { requiredEnv } from '@/lib/core/env';

export type Attempt = { email: string; address: string };
/** `limited`: refused before the password is looked at. `first`: this attempt is the one that reached the limit. */
export type AttemptVerdict = { limited: false } | { limited: true; first: boolean };

/** Counts sign-in attempts per account and per address in PostgreSQL, so all web processes share the count. */
export class SignInAttempts {
  readonly #pool: Pool;
  readonly #account: RateLimiterPostgres;
  readonly #address: RateLimiterPostgres;
  readonly #tokens: RateLimiterPostgres;

  constructor(connectionString: string, settings: Access) {
    this.#pool = new Pool({
      connectionString,
      max: 2,
      connectionTimeoutMillis: 3000,
      query_timeout: 5000,
    });
    // Without a listener a dropped idle connection would end the process; the next query reports the failure.
    this.#pool.on('error', () => {});
    const shared = {
      storeClient: this.#pool,
      storeType: 'pool',
      tableName: 'rate_limit',
      tableCreated: true,
      clearExpiredByTimeout: false,
      duration: settings.attemptsWindow,
    };
    this.#account = new RateLimiterPostgres({
      ...shared,
      keyPrefix: 'account',
      points: settings.attemptsPerAccount,
    });
    this.#address = new RateLimiterPostgres({
      ...shared,
      keyPrefix: 'address',
      points: settings.attemptsPerAddress,
    });
    this.#tokens = new RateLimiterPostgres({
      ...shared,
      keyPrefix: 'token',
      points: settings.attemptsPerAddress,
    });
  }

  /** Counts a refused use of a token. A good one is never counted: nobody guesses 256 bits, and runners share addresses. */
  refusedToken(address: string): Promise<AttemptVerdict> {
    return take(this.#tokens, address);
  }

  /** Counts before the password is checked, so that a burst in parallel counts in full. Throws when the database is down. */
  async begin(attempt: Attempt): Promise<AttemptVerdict> {
    const counted = [
      await take(this.#address, attempt.address),
      await take(this.#account, accountKey(attempt.email)),
    ];
    const limited = counted.filter((verdict) => verdict.limited);
    return limited.length === 0
      ? { limited: false }
      : { limited: true, first: limited.some((verdict) => verdict.first) };
  }

  /** A right password clears the account's count and gives the address its point back. */
  async succeeded(attempt: Attempt): Promise<void> {
    await this.#account.delete(accountKey(attempt.email));
    await this.#address.reward(attempt.address, 1);
  }

  end(): Promise<void> {
    return this.#pool.end();
  }
}

/** What was typed as an e-mail may be a password typed into the wrong field: only a hash is stored. */
const accountKey = (email: string): string => createHash('sha256').update(email).digest('hex');

async function take(limiter: RateLimiterPostgres, key: string): Promise<AttemptVerdict> {
  try {
    await limiter.consume(key, 1);
    return { limited: false };
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    return { limited: true, first: refusal.consumedPoints === limiter.points + 1 };
  }
}

declare global {
  var signalboxAttempts: SignInAttempts | undefined;
}
/** The counts of this process, on DATABASE_URL. */
export const attempts = (): SignInAttempts => {
  globalThis.signalboxAttempts ??= new SignInAttempts(requiredEnv('DATABASE_URL'), config().access);
  return globalThis.signalboxAttempts;
};

/**
 * The address of the client behind `trustedProxies` proxies, each of which appended one to X-Forwarded-For; the last
 * is that of the peer itself (`addPeerAddress`), so what a client wrote there counts for nothing.
 */
export function clientAddress(forwardedFor: string | null, trustedProxies: number): string {
  const hops = (forwardedFor ?? '')
    .split(',')
    .map((hop) => hop.trim())
    .filter((hop) => hop !== '');
  return (hops.at(-1 - trustedProxies) ?? hops[0] ?? 'unknown').slice(0, 64);
}
