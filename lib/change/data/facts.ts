import type { CommandFact, Move } from '../facts';
import type { ChangeState } from '../model';
import type { Kill } from '../switch/model';

/** What decisions about every change of a database rest on; times are milliseconds of the database's clock. */
export type SteeredFacts = {
  nowMs: number;
  state: ChangeState;
  stateSinceMs: number;
  holdSinceMs: number | null;
  backingOut: boolean;
  /** FREEZE or BACK OUT over this change; it outranks every command. */
  kill: Kill | null;
  commands: { abort: CommandFact | null; pause: CommandFact | null; resume: CommandFact | null };
  maxHoldSeconds: number;
};

/** The one copy of a change, by its row. */
export type CopyFact =
  | { state: 'none' }
  | { state: 'wanted'; behind: boolean }
  | { state: 'running'; isStopping: boolean; since: string }
  | { state: 'failed'; why: string }
  /** Marked for deletion, or deleted. */
  | { state: 'leaving' }
  | {
      state: 'kept';
      level: number | null;
      /** What a look found wrong; null: nothing. */
      spoilt: string | null;
      /** Why a look found nothing out; null: the last ones did, or are under way. */
      unknown: string | null;
      /** A worker looks at it now. */
      isLookedAt: boolean;
      /** System identifier of the server that was dumped; null: it did not tell. */
      server: string | null;
    };

export type BackupFacts = SteeredFacts & {
  name: string;
  /** That the copy has to reach, and the server that it has to be of. */
  level: number;
  server: string | null;
  copy: CopyFact;
};

/** Of the session that a change ends. `silent`: the database did not answer. */
export type SessionSeen = 'there' | 'gone' | 'hidden' | 'silent';

export type EndSessionFacts = SteeredFacts & {
  /** "Session 4711 of app". */
  name: string;
  seen: SessionSeen;
  /** The server was told, and said so or was seen to have done it. */
  sent: boolean;
  /** An order was announced, and nobody wrote down what became of it. */
  open: boolean;
  /** An order was announced, and given up again. */
  givenUp: boolean;
  /** Why the server does not let us. */
  refused: string | null;
  goneWithinSeconds: number;
};

export type SteeredMove = Exclude<Move, { do: 'act' }>;

/** The one thing to do next. */
export type BackupMove =
  | SteeredMove
  | { do: 'want'; sentence: string }
  | { do: 'withdraw'; sentence: string }
  | { do: 'stop'; sentence: string };

export type EndSessionMove =
  | SteeredMove
  | { do: 'send'; sentence: string }
  /** Something about the announced order has to be found out first. */
  | { do: 'recover'; as: 'adopted' | 'again' | 'given-up'; sentence: string };
