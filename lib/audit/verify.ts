import 'server-only';
import { now } from '@/lib/core/time';
import type { Database } from '@/lib/db/client';
import { canonicalJson } from './canonical';
import type { AuditVerification } from './contract';
import { type AuditBody, derive, parseBody } from './entry';
import { append, emptyFrontier, encodeFrontier, leafHash, rootOf, sameHash } from './merkle';

const PAGE = 1000;
/** The least bigint: what stands in front of entry 0 is shown to people as well, so it is read as well. */
const FIRST = -(2n ** 63n);

type Entry = {
  seq: bigint;
  body: string;
  leaf: Uint8Array;
  occurred_at: Date;
  action: string;
  actor_id: string;
  actor_name: string;
  target: string;
  change: number | null;
  result: string;
};
type Head = { size: bigint; root: Uint8Array; frontier: Uint8Array };
/** `rootFails`: each entry fits itself, but not the whole, so no single one is known to be good. */
type Broken = { seq: number; what: string; rootFails?: true };

/**
 * Reads the whole log in order and recomputes everything from the bodies: canonical bytes, leaves, derived
 * columns, dense numbers, the counters of the processes, and the root against the head. Names the first entry
 * that does not fit. It proves that what is here is what was written, not that the newest entries are all here:
 * without a checkpoint outside this database a cut tail together with a rewritten head is not seen.
 */
export function verifyAudit(db: Database, signal?: AbortSignal): Promise<AuditVerification> {
  // One snapshot for head and entries, so that a running sequencer never looks like a broken log.
  return db.$transaction(
    async (tx) => {
      const [head] = await tx.$queryRaw<Head[]>`SELECT size, root, frontier FROM audit.head WHERE id = 1`;
      if (head === undefined) throw new Error('The audit log has no head: the database was not migrated.');
      const check = new LogCheck(head);
      for (;;) {
        signal?.throwIfAborted();
        const page = await tx.$queryRaw<Entry[]>`
          SELECT seq, body, leaf, occurred_at, action, actor_id, actor_name, target, change, result
          FROM audit.entry WHERE seq >= ${check.size === 0 ? FIRST : BigInt(check.size)} ORDER BY seq LIMIT ${PAGE}`;
        for (const entry of page) {
          const broken = check.add(entry);
          if (broken !== null) return answer(check.size, Number(head.size), broken);
        }
        if (page.length < PAGE) return answer(check.size, Number(head.size), check.end());
      }
    },
    { isolationLevel: 'RepeatableRead', maxWait: 5000, timeout: 600_000 },
  );
}

function answer(verified: number, size: number, firstBroken: Broken | null): AuditVerification {
  const good = firstBroken?.rootFails === true ? 0 : verified;
  return {
    state: firstBroken !== null ? 'broken' : size === 0 ? 'empty' : 'verified',
    verifiedTo: good === 0 ? null : good - 1,
    size: Math.max(size, verified),
    checkedAt: now().toISOString(),
    firstBroken: firstBroken === null ? null : { seq: firstBroken.seq, what: firstBroken.what },
  };
}

class LogCheck {
  #tree = emptyFrontier();
  readonly #counters = new Map<string, number>();
  readonly #head: Head;

  constructor(head: Head) {
    this.#head = head;
  }

  get size(): number {
    return this.#tree.size;
  }

  /** Null when the entry is what the log says; only then does it count. */
  add(entry: Entry): Broken | null {
    const expected = this.#tree.size;
    const seq = Number(entry.seq);
    if (seq < expected)
      return { seq: expected, what: `An entry numbered ${seq} was put in front of the log.` };
    if (seq !== expected)
      return { seq: expected, what: `Entry ${expected} is missing; the next one is ${seq}.` };
    const bytes = Buffer.from(entry.body, 'utf8');
    if (!sameHash(leafHash(bytes), entry.leaf))
      return { seq, what: 'The text of the entry does not fit its hash.' };
    const body = readBody(entry.body);
    if (body === null) return { seq, what: 'The text of the entry is not a canonical entry of this log.' };
    const column = differingColumn(entry, body);
    if (column !== null) return { seq, what: `The column ${column} does not say what the entry says.` };
    const gap = this.#countProducer(body);
    if (gap !== null) return { seq, what: gap };
    if (BigInt(seq) >= this.#head.size) {
      return {
        seq,
        what: `The head of the log counts ${this.#head.size} entries; this one was added past it.`,
      };
    }
    this.#tree = append(this.#tree, leafHash(bytes));
    return BigInt(this.#tree.size) === this.#head.size ? this.#checkRoot() : null;
  }

  /** After the last entry: does the log end where the head says? */
  end(): Broken | null {
    const size = this.#tree.size;
    if (this.#head.size > BigInt(size)) {
      return { seq: size, what: `Entry ${size} is missing: ${this.#head.size} entries were written.` };
    }
    return size === 0 ? this.#checkRoot() : null;
  }

  #checkRoot(): Broken | null {
    const { root, frontier } = this.#head;
    if (sameHash(rootOf(this.#tree), root) && sameHash(encodeFrontier(this.#tree), frontier)) return null;
    return {
      seq: Math.max(0, this.#tree.size - 1),
      what: 'Each entry up to here fits its own hash, but not the root over all of them: at least one was replaced together with its hash.',
      rootFails: true,
    };
  }

  #countProducer({ producer, boot, n }: AuditBody): string | null {
    const key = `${producer}/${boot}`;
    const expected = this.#counters.get(key) ?? 0;
    this.#counters.set(key, n + 1);
    return n === expected
      ? null
      : `The process ${producer} counted ${n} here, ${expected} was expected: an entry before it was removed or reordered.`;
  }
}

function readBody(text: string): AuditBody | null {
  const body = parseBody(text);
  return body !== null && canonicalJson(body, 'integers') === text ? body : null;
}

function differingColumn(entry: Entry, body: AuditBody): string | null {
  const derived = derive(body);
  const pairs: [string, unknown, unknown][] = [
    ['occurred_at', entry.occurred_at.toISOString(), derived.occurredAt],
    ['action', entry.action, derived.action],
    ['actor_id', entry.actor_id, derived.actorId],
    ['actor_name', entry.actor_name, derived.actorName],
    ['target', entry.target, derived.target],
    ['change', entry.change, derived.change],
    ['result', entry.result, derived.result],
  ];
  return pairs.find(([, column, expected]) => column !== expected)?.[0] ?? null;
}
