/** Who answered a request; `pod` and `version` are empty when nobody could. */
export type LedgerKey = {
  cluster: string;
  namespace: string;
  service: string;
  version: string;
  pod: string;
};

export type LedgerCounts = { requests: number; failures: number; latencySumSeconds: number };
export type LedgerRow = LedgerKey & LedgerCounts & { second: number };
export type LedgerQuery = Partial<LedgerKey> & { from?: number; to?: number };

const PAGE_SECONDS = 60;
const FIELDS = 3;

/** Two hours, after which a minute is forgotten. */
export const LEDGER_SECONDS = 7200;

type Account = { key: LedgerKey; pages: Map<number, Float64Array> };

/**
 * The truth: every simulated request, counted per answering pod and second, from the same draw that feeds
 * metrics and logs. Figures that the console shows can be held against it.
 */
export class Ledger {
  readonly #accounts = new Map<string, Account>();

  /** `atMs` in milliseconds since the epoch. */
  record(atMs: number, key: LedgerKey, failed: boolean, seconds: number): void {
    const second = Math.floor(atMs / 1000);
    const page = this.#page(key, Math.floor(second / PAGE_SECONDS));
    const at = (second % PAGE_SECONDS) * FIELDS;
    page[at] = (page[at] ?? 0) + 1;
    page[at + 1] = (page[at + 1] ?? 0) + (failed ? 1 : 0);
    page[at + 2] = (page[at + 2] ?? 0) + seconds;
  }

  /** Rows with at least one request, oldest first; `from` inclusive and `to` exclusive, in epoch seconds. */
  rows(query: LedgerQuery = {}): LedgerRow[] {
    const { from = 0, to = Number.POSITIVE_INFINITY } = query;
    const rows: LedgerRow[] = [];
    for (const { key, pages } of this.#accounts.values()) {
      if (!matches(key, query)) continue;
      for (const [number, page] of pages) {
        for (let offset = 0; offset < PAGE_SECONDS; offset++) {
          const second = number * PAGE_SECONDS + offset;
          const requests = page[offset * FIELDS] ?? 0;
          if (requests === 0 || second < from || second >= to) continue;
          const failures = page[offset * FIELDS + 1] ?? 0;
          rows.push({
            ...key,
            second,
            requests,
            failures,
            latencySumSeconds: page[offset * FIELDS + 2] ?? 0,
          });
        }
      }
    }
    return rows.sort((a, b) => a.second - b.second);
  }

  /** Sums over the range, one for each answering pod. */
  totals(query: LedgerQuery = {}): (LedgerKey & LedgerCounts)[] {
    const sums = new Map<string, LedgerKey & LedgerCounts>();
    for (const { second: _second, ...row } of this.rows(query)) {
      const name = nameOf(row);
      const sum = sums.get(name);
      if (!sum) sums.set(name, { ...row });
      else {
        sum.requests += row.requests;
        sum.failures += row.failures;
        sum.latencySumSeconds += row.latencySumSeconds;
      }
    }
    return [...sums.values()];
  }

  /** Drops the minutes that ended more than two hours before `nowMs`. */
  forget(nowMs: number): void {
    const oldest = Math.floor((nowMs / 1000 - LEDGER_SECONDS) / PAGE_SECONDS);
    for (const [name, account] of this.#accounts) {
      for (const number of [...account.pages.keys()]) if (number < oldest) account.pages.delete(number);
      if (account.pages.size === 0) this.#accounts.delete(name);
    }
  }

  #page(key: LedgerKey, number: number): Float64Array {
    const name = nameOf(key);
    let account = this.#accounts.get(name);
    if (!account) {
      account = { key: { ...key }, pages: new Map() };
      this.#accounts.set(name, account);
    }
    let page = account.pages.get(number);
    if (!page) {
      page = new Float64Array(PAGE_SECONDS * FIELDS);
      account.pages.set(number, page);
    }
    return page;
  }
}

function nameOf(key: LedgerKey): string {
  return `${key.cluster}/${key.namespace}/${key.service}/${key.version}/${key.pod}`;
}

function matches(key: LedgerKey, query: LedgerQuery): boolean {
  return (
    (query.cluster === undefined || query.cluster === key.cluster) &&
    (query.namespace === undefined || query.namespace === key.namespace) &&
    (query.service === undefined || query.service === key.service) &&
    (query.version === undefined || query.version === key.version) &&
    (query.pod === undefined || query.pod === key.pod)
  );
}
