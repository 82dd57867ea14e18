import os from 'node:os';
import { type Claim, extendLeases } from '@/lib/change/execute/claim';
import type { Lease } from '@/lib/change/execute/execution';
import { monotonicMs } from '@/lib/core/time';
import type { Database } from '@/lib/db/client';

/**
 * The claims of this process and their leases. The beat runs in the event loop that also acts: a loop that is
 * blocked loses its leases, and nothing is started once the last good beat is older than `stopActing`.
 */
export class LeaseKeeper {
  readonly #db: Database;
  readonly #workerId: string;
  readonly #timing: { lease: number; stopActing: number };
  readonly #held = new Map<number, { claim: Claim; goodAtMs: number }>();

  constructor(db: Database, workerId: string, timing: { lease: number; stopActing: number }) {
    this.#db = db;
    this.#workerId = workerId;
    this.#timing = timing;
  }

  /** `sinceMs`: taken before the claim was sent, so that the lease is never thought longer than it is. */
  keep(claim: Claim, sinceMs: number): Lease {
    const held = { claim, goodAtMs: sinceMs };
    this.#held.set(claim.number, held);
    return {
      mayAct: () =>
        this.#held.get(claim.number) === held &&
        monotonicMs() - held.goodAtMs < this.#timing.stopActing * 1000,
    };
  }

  drop(claim: Claim): void {
    if (this.#held.get(claim.number)?.claim === claim) this.#held.delete(claim.number);
  }

  get claims(): Claim[] {
    return [...this.#held.values()].map(({ claim }) => claim);
  }

  /** One beat: leases extended, the worker's row told alive. Leases that are somebody else's now are dropped. */
  async beat(): Promise<void> {
    const startedMs = monotonicMs();
    const asked = [...this.#held.values()];
    const claims = asked.map(({ claim }) => claim);
    const kept = new Set(await extendLeases(this.#db, this.#workerId, claims, this.#timing.lease));
    for (const held of asked) {
      if (kept.has(held.claim.number)) held.goodAtMs = startedMs;
      else if (this.#held.get(held.claim.number) === held) this.#held.delete(held.claim.number);
    }
    await this.#db.$executeRaw`
      INSERT INTO worker (id, host, pid) VALUES (${this.#workerId}, ${os.hostname()}, ${process.pid})
      ON CONFLICT (id) DO UPDATE SET heartbeat_at = app.now()`;
  }

  async leave(): Promise<void> {
    await this.#db.$executeRaw`DELETE FROM worker WHERE id = ${this.#workerId}`;
  }
}
