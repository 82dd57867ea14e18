/** The states of a change (change-engine.md 2.6). Who owns each, and what ends it, is in `stateInfo`. */
export const changeStates = [
  'InReview',
  'Approved',
  'Queued',
  'Revalidating',
  'Running',
  'Watching',
  'Paused',
  'DataHold',
  'DriftHold',
  'Frozen',
  'Succeeded',
  'BackedOut',
  'Failed',
  'ReconcileRequired',
  'Rejected',
  'Voided',
  'Expired',
  'Cancelled',
] as const;
export type ChangeState = (typeof changeStates)[number];

export const stepStates = ['pending', 'running', 'done', 'failed', 'skipped'] as const;
export type StepState = (typeof stepStates)[number];

export const verdicts = ['PASS', 'FAIL', 'NODATA', 'ERROR'] as const;
export type Verdict = (typeof verdicts)[number];
/** A reading in the log of a change. */
export const verdictWords: Record<Verdict, string> = {
  PASS: 'passes',
  FAIL: 'fails',
  NODATA: 'has no verdict yet',
  ERROR: 'has no answer',
};

/** Legal transitions; a state that is absent as a key is terminal and never reopens. */
export const transitions = {
  InReview: ['Approved', 'Rejected', 'Voided', 'Expired', 'Cancelled'],
  Approved: ['Queued', 'InReview', 'Voided', 'Expired', 'Cancelled'],
  Queued: ['Revalidating', 'InReview', 'Voided', 'Expired', 'Cancelled'],
  Revalidating: ['Running', 'Queued', 'Voided', 'Expired', 'Cancelled', 'Failed'],
  Running: [
    'Watching',
    'Paused',
    'DataHold',
    'DriftHold',
    'Frozen',
    'BackedOut',
    'Failed',
    'ReconcileRequired',
  ],
  Watching: [
    'Succeeded',
    'Paused',
    'DataHold',
    'DriftHold',
    'Frozen',
    'Running',
    'BackedOut',
    'Failed',
    'ReconcileRequired',
  ],
  Paused: [
    'Running',
    'Watching',
    'DataHold',
    'DriftHold',
    'Frozen',
    'BackedOut',
    'Failed',
    'ReconcileRequired',
  ],
  DataHold: [
    'Running',
    'Watching',
    'Paused',
    'DriftHold',
    'Frozen',
    'BackedOut',
    'Failed',
    'ReconcileRequired',
  ],
  DriftHold: [
    'Running',
    'Watching',
    'Paused',
    'DataHold',
    'Frozen',
    'BackedOut',
    'Failed',
    'ReconcileRequired',
  ],
  Frozen: ['Running', 'Watching', 'Paused', 'DataHold', 'DriftHold', 'ReconcileRequired'],
  ReconcileRequired: ['Failed', 'Succeeded', 'BackedOut'],
} as const satisfies Partial<Record<ChangeState, readonly ChangeState[]>>;

const table: Partial<Record<ChangeState, readonly ChangeState[]>> = transitions;

export const isTerminal = (state: ChangeState): boolean => table[state] === undefined;
export const mayMove = (from: ChangeState, to: ChangeState): boolean => table[from]?.includes(to) ?? false;

/** States in which a worker holds or may take the lease. */
export const executingStates = [
  'Revalidating',
  'Running',
  'Watching',
  'Paused',
  'DataHold',
  'DriftHold',
  'Frozen',
] as const satisfies readonly ChangeState[];

export const waitingStates = ['InReview', 'Approved', 'Queued'] as const satisfies readonly ChangeState[];

export const isExecuting = (state: ChangeState): boolean =>
  executingStates.some((executing) => executing === state);

/** Why a command is not possible now; null when it is. The same sentence disables the button and refuses the call. */
export type Refusal = string | null;

type Steered = { state: ChangeState; backingOut: boolean };
const words = (state: ChangeState) => `The change is ${stateWords[state].toLowerCase()}`;

export const stateWords: Record<ChangeState, string> = {
  InReview: 'Awaiting sign-off',
  Approved: 'Approved',
  Queued: 'Queued',
  Revalidating: 'Checking the plan again',
  Running: 'Running',
  Watching: 'Watching',
  Paused: 'Paused',
  DataHold: 'Held: no verdict',
  DriftHold: 'Held: changed by somebody else',
  Frozen: 'Frozen',
  Succeeded: 'Succeeded',
  BackedOut: 'Backed out',
  Failed: 'Failed',
  ReconcileRequired: 'Needs a statement',
  Rejected: 'Rejected',
  Voided: 'Voided',
  Expired: 'Expired',
  Cancelled: 'Cancelled',
};

/** The one table of what may be done in which state. */
export const changeCan = {
  sign: ({ state }: Steered): Refusal =>
    state === 'InReview' ? null : `${words(state)}; only a change in review can be signed.`,
  reject: ({ state }: Steered): Refusal =>
    state === 'InReview' ? null : `${words(state)}; only a change in review can be rejected.`,
  withdraw: ({ state }: Steered): Refusal =>
    state === 'InReview' || state === 'Approved' || state === 'Queued'
      ? null
      : `${words(state)}; a sign-off can be taken back until execution starts.`,
  start: ({ state }: Steered): Refusal =>
    state === 'Approved' ? null : `${words(state)}; only an approved change can be started.`,
  cancel: ({ state }: Steered): Refusal =>
    waitingStates.some((waiting) => waiting === state)
      ? null
      : `${words(state)}; it can be cancelled until execution starts. Abort goes back from there.`,
  abort: ({ state, backingOut }: Steered): Refusal => {
    if (!isExecuting(state)) return `${words(state)}; there is nothing to abort.`;
    return backingOut ? 'The change already goes back to the last known good version.' : null;
  },
  pause: ({ state, backingOut }: Steered): Refusal => {
    if (backingOut && isExecuting(state))
      return 'The change goes back to the last known good version; that is not paused.';
    return state === 'Running' || state === 'Watching' || state === 'DataHold'
      ? null
      : `${words(state)}; only a running change can be paused.`;
  },
  state: ({ state }: Steered): Refusal =>
    state === 'ReconcileRequired' ? null : `${words(state)}; nobody has to say how it ended.`,
  resume: ({ state }: Steered): Refusal =>
    state === 'Paused' || state === 'DriftHold' ? null : `${words(state)}; there is nothing to resume.`,
} as const;
export type ChangeCommand = keyof typeof changeCan;
