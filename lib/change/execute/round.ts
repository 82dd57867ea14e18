/** How one look at a change ended, and what its next look waits for. */
export type Round =
  | { kind: 'moved'; sentence: null }
  | {
      kind: 'wait';
      sentence: string;
      /** A cluster did not answer: it is asked less and less often, as it says itself. */
      silent: { retryAfterSeconds: number | null } | null;
      /** Nothing but its numbers changed since the last look, such as a countdown: shown, but no line of the log. */
      isCounting?: boolean;
      /** Until something is due by the clock, milliseconds; the next look comes no later. Null: nothing is. */
      dueMs?: number | null;
      step: number;
    }
  | { kind: 'later'; seconds: number | null; sentence: string; step: number };
