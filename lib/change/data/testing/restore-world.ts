import type { Found, Seen } from '@/lib/actuators/postgres/restore/look';
import type { LoadFact } from '@/lib/backup/restore/load-fact';
import type { CommandFact } from '../../facts';
import { type ChangeState, isTerminal, mayMove } from '../../model';
import type { Kill } from '../../switch/model';
import { decideRestore } from '../decide-restore';
import type { CopyFact } from '../facts';
import { isBackVerb, type RestoreFacts, type RestoreMove, type RestoreVerb } from '../restore-facts';
import { layoutOf } from '../restore-layout';

export const names = { live: 'shop', fresh: 'shop_r_c0000012', former: 'shop_pre_c0000012' };
export const OLD = 100;
const installation = '0b6b7c3e-6a53-4f6c-9d0a-0c5f1a1f2a3b';
const by = { id: 'u', name: 'Ella', email: 'ella@example.com' };
type Order = 'abort' | 'pause' | 'resume';

/** How an act meets the server: it is done and told, done and the answer lost, or never arrives. */
export type Fate = 'done' | 'unsaid' | 'lost' | 'refused';

type Kept = { oid: number; open: boolean; marked: boolean; sessions: number };

/** A server, the rows of a change, and the loop of the engine around the decision; a round is a second. */
export class RestoreWorld {
  nowMs = 1_000_000;
  state: ChangeState = 'Running';
  backingOut = false;
  sentence = '';
  kill: Kill | null = null;
  copy: CopyFact = { state: 'none' };
  load: LoadFact = { state: 'none' };
  isSilent = false;
  pods: RestoreFacts['pods'] = { ready: 3, wanted: 3 };
  /** By name. */
  databases = new Map<string, Kept>([[names.live, { oid: OLD, open: true, marked: false, sessions: 4 }]]);
  readonly acts: RestoreVerb[] = [];
  readonly faults: string[] = [];
  #stateSinceMs = this.nowMs;
  #holdSinceMs: number | null = null;
  #watchUntilMs: number | null = null;
  #open: { verb: RestoreVerb; sinceMs: number } | null = null;
  #last: RestoreFacts['last'] = null;
  #isAnnounced = false;
  #resumedAtMs: number | null = null;
  #orders = new Map<Order, CommandFact>();
  #oids = OLD;
  #before: ChangeState = 'Running';
  readonly #safetyCopy: boolean;

  constructor(safetyCopy = true) {
    this.#safetyCopy = safetyCopy;
  }

  order(kind: Order): void {
    if (!this.#orders.has(kind)) this.#orders.set(kind, { id: kind, actorName: 'Ella', reason: 'because' });
  }

  freeze(verb: Kill['verb'] | null): void {
    this.kill = verb === null ? null : { id: 'k', verb, sentence: `${verb} everywhere.`, by };
  }

  get facts(): RestoreFacts {
    const found = (name: string): Found | null => {
      const one = this.databases.get(name);
      if (one === undefined) return null;
      const mark = one.marked ? { change: 12, epoch: 1, installation } : null;
      return { name, oid: one.oid, open: one.open, comment: null, mark, sessions: one.sessions };
    };
    const seen: Seen = { live: found(names.live), fresh: found(names.fresh), former: found(names.former) };
    const about = { names, oid: OLD, change: 12, installation, isAnnounced: this.#isAnnounced };
    const order = (kind: Order): CommandFact | null => this.#orders.get(kind) ?? null;
    return {
      nowMs: this.nowMs,
      state: this.state,
      stateSinceMs: this.#stateSinceMs,
      holdSinceMs: this.#holdSinceMs,
      backingOut: this.backingOut,
      kill: this.kill,
      commands: { abort: order('abort'), pause: order('pause'), resume: order('resume') },
      maxHoldSeconds: 3600,
      name: 'Shop',
      names,
      layout: this.isSilent ? null : layoutOf(seen, about),
      safetyCopy: this.#safetyCopy,
      copy: this.copy,
      load: this.load,
      open: this.#open,
      last: this.#last,
      resumedAtMs: this.#resumedAtMs,
      watchUntilMs: this.#watchUntilMs,
      sessionsBefore: 4,
      pods: this.pods,
      keptFor: '7 d',
      cancelWindowSeconds: 10,
    };
  }

  /** One look, decision and act. */
  round(fate: Fate = 'done'): RestoreMove {
    const move = decideRestore(this.facts);
    this.#apply(move, fate);
    this.nowMs += 1000;
    return move;
  }

  /** Until it has ended, or so many rounds have passed; workers that copy and load do their part. */
  settle(rounds = 20_000): boolean {
    for (let n = 0; n < rounds && !isTerminal(this.state); n += 1) {
      this.isSilent = false;
      if (this.copy.state === 'wanted') this.copy = copied;
      if (this.copy.state === 'running') this.copy = this.copy.isStopping ? failedCopy : copied;
      if (this.load.state === 'wanted') this.load = { state: 'done', seconds: 1 };
      if (this.load.state === 'running')
        this.load = this.load.isStopping
          ? { state: 'cancelled', why: 'told' }
          : { state: 'done', seconds: 1 };
      this.round();
    }
    return isTerminal(this.state);
  }

  #apply(move: RestoreMove, fate: Fate): void {
    switch (move.do) {
      case 'wait':
      case 'wait-until':
        return;
      case 'refuse':
        this.#orders.delete(kindOf(move.command));
        return;
      case 'hold':
        if (move.state === 'Frozen') this.#before = this.state;
        this.#close(move.command);
        this.#go(move.state);
        this.#holdSinceMs = this.nowMs;
        return;
      case 'thaw':
        this.#go(this.#before);
        return;
      case 'go':
        this.#close(move.command);
        if (move.state === 'Watching') this.#watchUntilMs = this.nowMs + 60_000;
        this.#go(move.state);
        return;
      case 'back-out':
        this.#close(move.command);
        this.backingOut = true;
        if (this.state !== 'Running') this.#go('Running');
        return;
      case 'end':
        this.sentence = move.sentence;
        this.#go(move.state);
        return;
      case 'copy':
        if (move.how === 'want') this.copy = { state: 'wanted', behind: false };
        else if (move.how === 'withdraw') this.copy = { state: 'none' };
        else if (this.copy.state === 'running') this.copy = { ...this.copy, isStopping: true };
        return;
      case 'load':
        if (move.how === 'want') {
          if (this.load.state !== 'none') this.faults.push('loaded twice');
          this.load = { state: 'wanted' };
        } else if (this.load.state === 'running') this.load = { ...this.load, isStopping: true };
        else this.load = { state: 'cancelled', why: 'told' };
        return;
      case 'act':
        if (this.backingOut && !isBackVerb(move.verb)) this.faults.push(`${move.verb} on the way back`);
        if (move.verb === 'make') this.#isAnnounced = true;
        this.#open = { verb: move.verb, sinceMs: this.nowMs };
        this.#send(move.verb, fate);
        return;
      case 'recover':
        this.#recover(move.as, fate);
        return;
    }
  }

  #recover(as: 'adopted' | 'again' | 'given-up', fate: Fate): void {
    const open = this.#open;
    if (open === null) {
      this.faults.push('nothing to recover');
      return;
    }
    if (as === 'again') {
      this.#send(open.verb, fate);
      return;
    }
    if (as === 'adopted') this.#last = { verb: open.verb, isDone: true, refusal: null, atMs: this.nowMs };
    this.#open = null;
  }

  #send(verb: RestoreVerb, fate: Fate): void {
    if (fate === 'lost') return;
    if (fate === 'refused') {
      this.#last = { verb, isDone: false, refusal: 'The server refused.', atMs: this.nowMs };
      this.#open = null;
      return;
    }
    this.acts.push(verb);
    this.#carryOut(verb);
    if (fate === 'unsaid') return;
    this.#last = { verb, isDone: true, refusal: null, atMs: this.nowMs };
    this.#open = null;
  }

  #carryOut(verb: RestoreVerb): void {
    const live = this.databases.get(names.live);
    const fresh = this.databases.get(names.fresh);
    const former = this.databases.get(names.former);
    const put = (name: string, one: Kept | undefined) => {
      if (one !== undefined) this.databases.set(name, one);
      else this.databases.delete(name);
    };
    switch (verb) {
      case 'make':
        this.#oids += 1;
        put(names.fresh, { oid: fresh?.oid ?? this.#oids, open: true, marked: true, sessions: 0 });
        return;
      case 'close':
      case 'open':
        if (live?.oid !== OLD) {
          this.faults.push(`${verb} of another database`);
          return;
        }
        put(names.live, { ...live, open: verb === 'open', sessions: verb === 'open' ? 4 : 0 });
        return;
      case 'switch':
        if (live?.oid !== OLD || live.open || fresh === undefined || this.load.state !== 'done') {
          this.faults.push('a switch too early');
          return;
        }
        put(names.former, live);
        put(names.live, { ...fresh, open: true, sessions: 4 });
        put(names.fresh, undefined);
        return;
      case 'switch-back':
        if (former?.oid !== OLD || live === undefined) {
          this.faults.push('nothing to switch back');
          return;
        }
        put(names.fresh, { ...live, open: false, sessions: 0 });
        put(names.live, { ...former, open: true, sessions: 4 });
        put(names.former, undefined);
        return;
      case 'drop':
        if (fresh === undefined || fresh.oid === OLD) {
          this.faults.push('dropped what it did not make');
          return;
        }
        put(names.fresh, undefined);
        return;
    }
  }

  #close(command: CommandFact | null): void {
    if (command === null) return;
    this.#orders.delete(kindOf(command));
    if (command.id === 'resume') this.#resumedAtMs = this.nowMs;
  }

  #go(to: ChangeState): void {
    if (to !== this.state && !mayMove(this.state, to)) this.faults.push(`${this.state} to ${to}`);
    this.state = to;
    this.#stateSinceMs = this.nowMs;
    this.#holdSinceMs = null;
  }
}

const kindOf = ({ id }: CommandFact): Order => (id === 'abort' || id === 'pause' ? id : 'resume');

export const copied: CopyFact = {
  state: 'kept',
  level: 0,
  spoilt: null,
  unknown: null,
  isLookedAt: false,
  server: '7',
};
export const failedCopy: CopyFact = { state: 'failed', why: 'It was stopped.' };
