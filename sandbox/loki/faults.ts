import { z } from 'zod';

const common = {
  /** Regular expression over `METHOD /path`, such as `^GET .*query_range`. */
  route: z.string().default('.*'),
  /** Only requests whose User-Agent or X-Scope-OrgID contains this text. */
  client: z.string().optional(),
  /** How many requests (or tail sockets) it strikes; without a count it stays until removed. */
  count: z.int().positive().optional(),
};

/** One fault. `cut` drops the connection before the request is acted on, or after, with the answer lost. */
export const FaultRule = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('delay'), ms: z.number().nonnegative().max(600_000), ...common }),
  z.object({ kind: z.literal('cut'), when: z.enum(['before', 'after']), ...common }),
  z.object({
    kind: z.literal('status'),
    status: z.int().min(400).max(599),
    body: z.string().optional(),
    ...common,
  }),
  z.object({ kind: z.literal('rate-limit'), ...common }),
  z.object({ kind: z.literal('drop-tails'), ...common }),
]);
export type FaultRule = z.input<typeof FaultRule>;
type Checked = z.output<typeof FaultRule>;

/** A fault in force and what is left of its count. */
export type ActiveFault = Checked & { id: string; struck: number };

/** What the real server says with a status, where the captures or its source have one sentence for it. */
const bodies: Record<number, string> = {
  401: 'no org id\n',
  404: '404 page not found\n',
  429: 'too many outstanding requests\n',
  500: 'internal server error\n',
  502: 'bad gateway\n',
  503: 'Ingester not ready: waiting for 15s after being ready\n',
  504: 'context deadline exceeded\n',
};

export type Target = { method: string; path: string; client: string };

/** The faults of one server; the first rule of a kind that fits a request strikes it. */
export class Faults {
  private readonly rules: { fault: ActiveFault; route: RegExp }[] = [];
  private readonly dropTails: (limit: number | null) => number;
  private nextId = 1;

  constructor(dropTails: (limit: number | null) => number) {
    this.dropTails = dropTails;
  }

  /** Puts a fault in force and returns its id. Throws when the rule or its regular expression is malformed. */
  add(rule: FaultRule): string {
    const checked = FaultRule.parse(rule);
    const route = new RegExp(checked.route);
    const fault: ActiveFault = { ...checked, id: `fault-${this.nextId}`, struck: 0 };
    this.nextId += 1;
    this.rules.push({ fault, route });
    if (fault.kind === 'drop-tails') this.strike(fault, this.dropTails(fault.count ?? null));
    return fault.id;
  }

  /** Whether a fault of that id was in force. */
  remove(id: string): boolean {
    const at = this.rules.findIndex(({ fault }) => fault.id === id);
    if (at === -1) return false;
    this.rules.splice(at, 1);
    return true;
  }

  list(): ActiveFault[] {
    return this.rules.map(({ fault }) => ({ ...fault }));
  }

  /** Takes one strike of a fault of this kind that fits the request; null when there is none. */
  take<K extends ActiveFault['kind']>(kind: K, target: Target): Extract<ActiveFault, { kind: K }> | null {
    for (const { fault, route } of this.rules) {
      if (!isKind(fault, kind) || !route.test(`${target.method} ${target.path}`)) continue;
      if (fault.client !== undefined && !target.client.includes(fault.client)) continue;
      this.strike(fault, 1);
      return fault;
    }
    return null;
  }

  private strike(fault: ActiveFault, times: number): void {
    fault.struck += times;
    if (fault.count !== undefined && fault.struck >= fault.count) this.remove(fault.id);
  }
}

const isKind = <K extends ActiveFault['kind']>(
  fault: ActiveFault,
  kind: K,
): fault is Extract<ActiveFault, { kind: K }> => fault.kind === kind;

/** Status and text of a fault that answers instead of the server. */
export function faultAnswer(fault: Extract<ActiveFault, { kind: 'status' | 'rate-limit' }>): {
  status: number;
  body: string;
} {
  if (fault.kind === 'rate-limit') return { status: 429, body: bodies[429] ?? '' };
  return { status: fault.status, body: fault.body ?? bodies[fault.status] ?? 'internal server error\n' };
}
