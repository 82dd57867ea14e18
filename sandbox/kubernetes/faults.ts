/** What goes wrong. Waits are milliseconds. */
export type FaultAction =
  | { kind: 'delay'; ms: number }
  /** The connection breaks: before the write is done, or after it but before the answer. */
  | { kind: 'cut'; when: 'before-commit' | 'after-commit' }
  /** The request is carried out twice, as after a retry by a proxy; the client gets the second answer. */
  | { kind: 'duplicate' }
  /** 429 of priority and fairness: text/plain, with Retry-After, 1 s when absent. */
  | { kind: 'too-many-requests'; seconds?: number }
  /** Any status with a Status body. */
  | { kind: 'status'; code: number; reason?: string; message?: string }
  /** Open watches that match end now, new ones after `afterMs`; cleanly or by a cut connection. */
  | { kind: 'drop-watch'; clean: boolean; afterMs?: number }
  /** Watches get an ERROR event with 410 Expired and end, open ones and new ones. */
  | { kind: 'expire-watch' }
  /** Writes answer 504 after `waitMs`; with `applied` the write is done all the same. */
  | { kind: 'freeze-writes'; waitMs: number; applied?: boolean }
  /** The authoriser says no, whatever the roles grant. `*` stands for any verb or resource. */
  | {
      kind: 'withdraw-right';
      subject: { account: string } | { group: string };
      verb: string;
      resource: string;
    };

/** A rule: on which requests (all that is given must match), how often, and what happens. */
export type FaultRule = {
  /** Chosen by the caller or made up; `remove` takes it. */
  id?: string;
  method?: string;
  /** Regular expression over the path without the query. */
  path?: string;
  account?: string;
  /** Regular expression over the user agent, which names the part of a program that asks. */
  userAgent?: string;
  /** How many requests it hits before it is used up; without it every one. */
  count?: number;
  action: FaultAction;
};

export type ActiveFault = FaultRule & { id: string; hits: number };

export type FaultRequest = { method: string; path: string; account: string; userAgent?: string };

/** The faults that are switched on. Used-up rules stay in `list` with their hits until removed. */
export class FaultTable {
  readonly #rules = new Map<string, ActiveFault>();
  readonly #onAdd: (rule: ActiveFault) => void;
  #next = 1;

  /** `onAdd` acts on what is already open (watches). */
  constructor(onAdd: (rule: ActiveFault) => void = () => {}) {
    this.#onAdd = onAdd;
  }

  /** Throws when the path or the user agent is no regular expression. */
  add(rule: FaultRule): string {
    for (const pattern of [rule.path, rule.userAgent]) if (pattern !== undefined) new RegExp(pattern);
    const id = rule.id ?? `fault-${this.#next++}`;
    const active: ActiveFault = { ...rule, id, hits: 0 };
    this.#rules.set(id, active);
    this.#onAdd(active);
    return id;
  }

  remove(id: string): boolean {
    return this.#rules.delete(id);
  }

  clear(): void {
    this.#rules.clear();
  }

  list(): ActiveFault[] {
    return [...this.#rules.values()];
  }

  /** The rules that hit this request, each counted once. `kinds` narrows to the actions that can act here. */
  take(request: FaultRequest, kinds: readonly FaultAction['kind'][]): ActiveFault[] {
    const hit = this.list().filter(
      (rule) => kinds.includes(rule.action.kind) && isLive(rule) && matches(rule, request),
    );
    for (const rule of hit) rule.hits += 1;
    return hit;
  }

  /** Whether a right is withdrawn from an identity. */
  withdrawn(who: { account: string; groups: string[] }, verb: string, resource: string): boolean {
    return this.list().some((rule) => {
      const { action } = rule;
      if (action.kind !== 'withdraw-right') return false;
      const subject =
        'account' in action.subject
          ? action.subject.account === who.account
          : who.groups.includes(action.subject.group);
      return (
        subject &&
        (action.verb === '*' || action.verb === verb) &&
        (action.resource === '*' || action.resource === resource)
      );
    });
  }
}

function isLive(rule: ActiveFault): boolean {
  return rule.count === undefined || rule.hits < rule.count;
}

/** Whether a request is one that the rule is about, whatever its count. */
export function matches(rule: FaultRule, request: FaultRequest): boolean {
  return (
    (rule.method === undefined || rule.method === request.method) &&
    (rule.account === undefined || rule.account === request.account) &&
    (rule.userAgent === undefined || new RegExp(rule.userAgent).test(request.userAgent ?? '')) &&
    (rule.path === undefined || new RegExp(rule.path).test(request.path))
  );
}
