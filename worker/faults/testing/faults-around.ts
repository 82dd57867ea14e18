import {
  analysis,
  badDay,
  copiesGate,
  database,
  decideJob,
  drills,
  type Fault,
  guard,
  ladder,
  migration,
  recovery,
  release,
  simulated,
  staged,
  stagedClock,
} from './fault-tests';

/** Faults 17 to 32: of networks, clocks, figures, other writers and what a change rests on. */
export const faultsAround: readonly Fault[] = [
  {
    n: 17,
    fault: 'the database is unreachable, the cluster is not',
    shown: [
      {
        file: database,
        test: 'fault 17: without the database nothing is written once the lease is too old',
      },
    ],
  },
  {
    n: 18,
    fault: 'a worker is cut off from one cluster',
    shown: [
      {
        file: simulated,
        test: 'fault 18: a worker that is cut off from the cluster gives the change to one that is not',
      },
      {
        file: 'lib/change/execute/tell-standstill.integration.test.ts',
        test: 'fault 18: a cluster that no worker reaches is told to people once, whichever worker gives up',
      },
    ],
  },
  {
    n: 19,
    fault: 'clocks that are wrong or step',
    shown: [
      { file: simulated, test: 'fault 19: a worker whose clock is %s ms off watches as long' },
      {
        file: simulated,
        test: 'fault 19: a database whose clock steps back makes the watch longer, never shorter',
      },
    ],
  },
  {
    n: 20,
    fault: 'Prometheus is down',
    shown: [
      {
        file: analysis,
        test: 'fault 20: a source that is down or warns is no verdict, and one that is silent no data',
      },
      { file: guard, test: 'without Prometheus the rollout is paused, and goes on when a verdict is back' },
      {
        file: staged,
        test: 'fault 20: while Prometheus answers 503 nothing advances, through a handover too, and a person goes on',
      },
      {
        file: 'lib/change/staged/decide-data-hold.test.ts',
        test: 'a new version that loses its pods goes back although there are no figures',
      },
    ],
  },
  {
    n: 21,
    fault: 'NaN, an empty answer, no traffic',
    shown: [
      { file: analysis, test: 'fault 21: NaN' },
      { file: analysis, test: 'fault 21: no traffic' },
      { file: analysis, test: 'fault 21: empty' },
      { file: guard, test: 'a rollout that finished without a verdict stays watched, never succeeded' },
    ],
  },
  {
    n: 22,
    fault: 'Prometheus lies',
    shown: [
      { file: analysis, test: 'fault 22: a counter reset' },
      { file: analysis, test: 'fault 22: stale series' },
      { file: analysis, test: 'fault 22: a wrong label' },
      { file: analysis, test: 'fault 22: a query of the new version that matches the old one too' },
      { file: analysis, test: 'fault 22: half of the replicas scraped' },
    ],
  },
  {
    n: 23,
    fault: 'somebody edits or deletes in mid-change',
    shown: [
      {
        file: staged,
        test: 'fault 23: a hand edit in the hold is held, named, and overwritten only by an abort',
      },
      { file: guard, test: "a stranger's edit holds the change; an abort then goes back" },
      {
        file: badDay,
        test: 'a Deployment that was deleted in mid-rollout holds the change and names the reason',
      },
    ],
  },
  {
    n: 24,
    fault: 'a reverter writes back',
    shown: [{ file: staged, test: 'fault 24: a reverter is met twice, then held and named' }],
  },
  {
    n: 25,
    fault: 'canary pods crash after the weight is set',
    shown: [{ file: staged, test: 'fault 25: pods that die under load send the requests back at once' }],
  },
  {
    n: 26,
    fault: 'the stable side loses pods during an abort',
    shown: [
      {
        file: stagedClock,
        test: 'fault 26: requests go back to the old pods only when they are all ready again',
      },
      {
        file: stagedClock,
        test: 'fault 26: an old pod that never comes back holds the requests up for a minute, not for ever',
      },
      {
        file: stagedClock,
        test: 'fault 26: a router with weights gives the old pods their part at once, and the rest as they get ready',
      },
      {
        file: stagedClock,
        test: 'fault 26: a way back without any old pod leaves the requests where they are, and people are told once',
      },
      {
        file: 'worker/autoscaler.integration.test.ts',
        test: 'fault 26: an autoscaler takes no pod that the way back needs, and has its own fewest again after an abort',
      },
    ],
  },
  {
    n: 27,
    fault: 'a backup that is no backup',
    shown: [
      {
        file: ladder,
        test: 'fault 27: a dump that was cut before it was hashed has its list whole, and is caught when it is read in full',
      },
      {
        file: ladder,
        test: 'a copy that rots falls, which is on record, and the one before it is not touched',
      },
      { file: ladder, test: 'a restore with other rows than the catalog is no proof' },
      {
        file: drills,
        test: 'over a copy that was cut says so in the phase that loads, with the words of the tool',
      },
      {
        file: copiesGate,
        test: 'without a good copy is warned, and with a migration it cannot be asked for',
      },
      { file: copiesGate, test: 'is not let run when its copy is gone after the start' },
    ],
  },
  {
    n: 28,
    fault: 'a migration fails or waits on a lock',
    shown: [
      {
        file: migration,
        test: 'a failing Job (fault 28) sends the code back before any request went there, and its log is kept clean',
      },
      {
        file: decideJob,
        test: 'fault 28: a failing destructive migration is held for a forward fix, and time alone does not undo it',
      },
      {
        file: decideJob,
        test: 'fault 28: a Job that the cluster does not stop is given up after its time',
      },
    ],
  },
  {
    n: 29,
    fault: 'a switch between check and call',
    shown: [
      {
        file: simulated,
        test: 'fault 29: a FREEZE between the check and the call lets that one call end and no other begin',
      },
      {
        file: 'worker/switch.integration.test.ts',
        test: 'fault 29: a FREEZE between the decision and the announcement of a write: it is not announced',
      },
    ],
  },
  {
    n: 30,
    fault: 'role revoked, freeze pulled, budget gone after the sign-off',
    shown: [
      { file: recovery, test: 'fault 30: a sign-off whose role was revoked does not count any more' },
      {
        file: 'worker/faults/pods-simulated.integration.test.ts',
        test: 'fault 30: the old pods are not stopped when who signed has lost the role, and the change goes back',
      },
      {
        file: release,
        test: '%s between start and migration: the Job is not let run, and the change says why',
      },
      {
        file: 'worker/switch.integration.test.ts',
        test: 'BACK OUT sends what runs back in the name of who pulled it, and keeps the next from starting',
      },
      {
        file: 'worker/gate.integration.test.ts',
        test: 'after the sign-offs, with %d spent, keeps the change from starting',
      },
    ],
  },
  {
    n: 31,
    fault: 'the audit log takes no entry',
    shown: [{ file: simulated, test: 'fault 31: without an audit entry there is no act' }],
  },
  {
    n: 32,
    fault: 'what a rollback goes to is gone',
    shown: [
      {
        file: 'worker/image.integration.test.ts',
        test: 'fault 32: with neither pods nor an image to go back to, no plan can be sent',
      },
      {
        file: 'worker/kinds.integration.test.ts',
        test: 'to a named revision puts its whole pod template back',
      },
    ],
  },
];
