import { followShort, type ShortClock } from '../execute/progress';
import type { CommandFact } from '../facts';
import type { ChangeState } from '../model';
import type { BackStep, Fields, StagedStep } from './contract';
import { decideStaged } from './decide';
import type { JobFact, MeasurementFact, StagedFacts, StagedMove } from './facts';
import { hasFields } from './fields';
import { analysisOf, backOf, keyOf, objectsOf, PODS, stepsOf } from './test-plan';
import { backByPods, objectsByPods, stepsByPods } from './test-plan-pods';
import { factOf, newJob, ourJob, type Thing } from './test-thing';

function jobOf({ job }: World): JobFact {
  if (job === null) throw new Error('The move is about a Job, and there is none.');
  return job;
}

export type Command = 'abort' | 'pause' | 'resume' | 'promote';

/**
 * A world in memory that does what the moves say, for tests of decisions: one canary over given regions. It makes
 * progress by `tick`; what a move says happens at once, except pods, which are ready one tick later.
 */
export class World {
  nowMs = 1_000_000;
  state: ChangeState = 'Running';
  stateSinceMs = 1_000_000;
  holdSinceMs: number | null = null;
  backingOut = false;
  orderedBack = false;
  undoIsKnownGood = true;
  isRollback = false;
  onFailure: StagedFacts['onFailure'] = 'back-out-all';
  failedIn: readonly string[] = [];
  kill: StagedFacts['kill'] = null;
  n = 1;
  stepSinceMs = 1_000_000;
  readonly startedAtMs = new Map([[1, 1_000_000]]);
  progressAtMs = 1_000_000;
  verdict: MeasurementFact['verdict'] = 'PASS';
  /** Of single regions, where it is another than `verdict`. */
  readonly verdicts = new Map<string, MeasurementFact['verdict']>();
  readonly proof: { verdict: MeasurementFact['verdict'] } = { verdict: 'PASS' };
  settleSeconds = 0;
  /** New pods do not get ready. */
  stuck = false;
  /** Looks at each move before it is made. */
  checking: (move: StagedMove) => void = () => undefined;
  job: JobFact | null = null;
  approval: string | null = null;
  readonly silent = new Map<string, string>();
  readonly shorts = new Map<string, ShortClock>();
  readonly measurements: MeasurementFact[] = [];
  readonly commands = new Map<Command, CommandFact & { expectedStep: number | null }>();
  readonly refused: string[] = [];
  readonly moves: StagedMove[] = [];
  readonly things: Map<string, Thing>;
  readonly regions: readonly string[];
  readonly steps: StagedStep[];
  readonly back: BackStep[];
  private frozen: { state: ChangeState; holdSinceMs: number | null } | null = null;

  /** `isByPods`: no router, the share is that of the pods. */
  constructor(regions: readonly string[] = ['east'], { isByPods = false }: { isByPods?: boolean } = {}) {
    this.regions = regions;
    this.steps = (isByPods ? stepsByPods : stepsOf)(regions);
    this.back = (isByPods ? backByPods : backOf)(regions);
    this.things = new Map(
      (isByPods ? objectsByPods : objectsOf)(regions).map((object) => [
        object.key,
        {
          object,
          live: { ...object.baseline },
          writer: null,
          keeper: null,
          gone: false,
          ready: object.part === 'old' ? PODS : 0,
          writes: [],
        },
      ]),
    );
  }

  thing(region: string, part: string): Thing {
    const found = this.things.get(keyOf(region, part));
    if (found === undefined) throw new Error(`No ${part} in ${region}.`);
    return found;
  }

  order(command: Command, expectedStep: number | null = null): void {
    this.commands.set(command, { id: command, actorName: 'Sam', reason: 'because', expectedStep });
  }

  facts(): StagedFacts {
    const command = (kind: Command) => this.commands.get(kind) ?? null;
    return {
      nowMs: this.nowMs,
      state: this.state,
      stateSinceMs: this.stateSinceMs,
      holdSinceMs: this.holdSinceMs,
      backingOut: this.backingOut,
      orderedBack: this.orderedBack,
      undoIsKnownGood: this.undoIsKnownGood,
      isRollback: this.isRollback,
      kill: this.kill,
      commands: {
        abort: command('abort'),
        pause: command('pause'),
        resume: command('resume'),
        promote: command('promote'),
      },
      step: { n: this.n, sinceMs: this.stepSinceMs },
      steps: this.steps,
      done: 'All requests go to 3.',
      titles: this.steps.map((step, index) => `Step ${index + 1} ${step.do}`),
      back: this.back,
      regions: this.regions,
      onFailure: this.onFailure,
      failedIn: this.failedIn,
      analysis: this.regions.map((region) => ({ ...analysisOf(region), settleSeconds: this.settleSeconds })),
      objects: new Map(
        [...this.things].map(([key, thing]) => [key, factOf(thing, this.silent.has(thing.object.region))]),
      ),
      job: this.job,
      approval: this.approval,
      silent: this.silent,
      measurements: this.measurements,
      startedAtMs: this.startedAtMs,
      progressAtMs: this.progressAtMs,
      shortSinceMs: new Map([...this.shorts].map(([region, { sinceMs }]) => [region, sinceMs])),
      timing: { rolloutDeadlineSeconds: 120, maxHoldSeconds: 600 },
    };
  }

  /** One round: time passes, pods start, figures are taken, and one move is decided and made. */
  tick(seconds = 5): StagedMove {
    this.nowMs += seconds * 1000;
    this.start();
    this.measure();
    this.followOld();
    const move = decideStaged(this.facts());
    this.moves.push(move);
    this.checking(move);
    this.make(move);
    return move;
  }

  /** Until it waits in a state of `until`, or has ended; fails after `max` rounds. */
  run(until: (world: World) => boolean, max = 400): void {
    for (let round = 0; round < max; round += 1) {
      if (until(this)) return;
      this.tick();
    }
    throw new Error(
      `Not reached in ${max} rounds: ${this.state}, step ${this.n}: ${this.moves.at(-1)?.sentence}`,
    );
  }

  /** The router cannot split the requests. */
  whole(): void {
    for (const step of this.back) if (step.do === 'write') delete step.stepwise;
  }

  get ended(): boolean {
    return ['Succeeded', 'BackedOut', 'Failed'].includes(this.state);
  }

  private start(): void {
    for (const thing of this.things.values()) {
      // Old pods without a number of their own stay whatever comes.
      if (thing.object.part === 'router' || thing.live['replicas'] === undefined) continue;
      const wanted = Number(thing.live['replicas']);
      if (thing.ready > wanted) thing.ready = wanted;
      if (thing.ready < wanted && !this.stuck) {
        thing.ready = wanted;
        this.progressAtMs = this.nowMs;
      }
    }
  }

  private followOld(): void {
    if (!this.backingOut || this.state !== 'Running') this.shorts.clear();
    if (!this.backingOut || this.state !== 'Running') return;
    for (const region of this.regions) {
      const ready = this.silent.has(region) ? null : this.thing(region, 'old').ready;
      this.shorts.set(region, followShort(this.shorts.get(region), ready, this.nowMs));
    }
  }

  private measure(): void {
    const step = this.steps[this.n - 1];
    if (this.backingOut || step === undefined) return;
    for (const region of this.regions) {
      const steers = this.things.get(keyOf(region, 'router')) ?? this.thing(region, 'new');
      if (!steers.writes.some(({ verb }) => verb === 'write')) continue;
      const verdict = this.verdicts.get(region) ?? this.verdict;
      this.measured(region, verdict, false);
      if (step.do === 'prove' && step.region === region) this.measured(region, this.proof.verdict, true);
    }
  }

  private measured(region: string, verdict: MeasurementFact['verdict'], proves: boolean): void {
    this.measurements.push({
      step: this.n,
      proves,
      region,
      verdict,
      total: verdict === 'PASS' || verdict === 'FAIL' ? 100 : null,
      atMs: this.nowMs,
      detail: `${verdict} of ${region}.`,
    });
  }

  private go(state: ChangeState, holdSinceMs: number | null = null): void {
    if (state !== this.state) this.stateSinceMs = this.nowMs;
    this.state = state;
    this.holdSinceMs = holdSinceMs;
  }

  private make(move: StagedMove): void {
    if ('command' in move && move.command !== null) this.commands.delete(commandOf(move.command.id));
    if (move.do === 'refuse') this.refused.push(move.sentence);
    if (move.do === 'act') this.write(move);
    if (move.do === 'create') this.job = { ...newJob, created: true, seen: ourJob('suspended') };
    if (move.do === 'release')
      this.job = { ...jobOf(this), releasedAtMs: this.nowMs, announced: true, seen: ourJob('running') };
    if (move.do === 'seal') this.job = { ...jobOf(this), late: false };
    if (move.do === 'next') {
      this.n = move.n + 1;
      if (move.command !== null) this.go('Running');
      this.stepSinceMs = this.nowMs;
      this.startedAtMs.set(this.n, this.nowMs);
      this.progressAtMs = this.nowMs;
    }
    if (move.do === 'hold') {
      if (move.state === 'Frozen') this.frozen = { state: this.state, holdSinceMs: this.holdSinceMs };
      this.go(move.state, this.nowMs);
    }
    if (move.do === 'thaw') this.go(this.frozen?.state ?? 'Running', this.frozen?.holdSinceMs ?? null);
    if (move.do === 'go' || move.do === 'end') this.go(move.state);
    if (move.do === 'back-out') {
      this.backingOut = true;
      this.orderedBack = move.cause === 'abort';
      this.failedIn = move.regions ?? [];
      this.progressAtMs = this.nowMs;
      this.go('Running');
    }
  }

  private write(move: Extract<StagedMove, { do: 'act' }>): void {
    const thing = this.things.get(move.object);
    if (thing === undefined) throw new Error(`The move writes ${move.object}, which is not there.`);
    const { live, writes } = thing;
    const { desired, verb } = move;
    const before = Object.fromEntries(
      Object.keys(desired).flatMap((key) => {
        const value = live[key];
        return value === undefined ? [] : [[key, value] as const];
      }),
    );
    thing.live = { ...live, ...desired };
    thing.writer = null;
    writes.push({ step: this.n, verb, atMs: this.nowMs, before, desired });
    if (move.command !== null && this.state === 'DriftHold') this.go('Running');
  }

  /** A stranger writes. */
  edit(region: string, part: string, fields: Fields, writer: string): void {
    const thing = this.thing(region, part);
    thing.live = { ...thing.live, ...fields };
    thing.writer = writer;
  }

  /** Every object that we wrote, and nobody since, is as the plan found it. */
  isOursAsBefore(region: string): boolean {
    return [...this.things.values()].every(
      ({ object, live, writes, writer }) =>
        object.region !== region ||
        writes.length === 0 ||
        writer !== null ||
        hasFields(live, object.baseline),
    );
  }

  /** Every object is as the plan found it. */
  isAsBefore(region: string): boolean {
    return [...this.things.values()].every(
      ({ object, live }) => object.region !== region || hasFields(live, object.baseline),
    );
  }
}

function commandOf(id: string): Command {
  if (id === 'abort' || id === 'pause' || id === 'resume' || id === 'promote') return id;
  throw new Error(`There is no command ${id}.`);
}
