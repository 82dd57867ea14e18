import {
  anywhere,
  anywhereStaged,
  badDay,
  database,
  dies,
  type Fault,
  migration,
  mixture,
  passing,
  recovery,
  release,
  schedules,
  simulated,
} from './fault-tests';

/** Faults 1 to 16: of workers, writes, the API server and the database. */
export const faultsOfActing: readonly Fault[] = [
  { n: 1, fault: 'crash before the intent is committed', shown: [dies, anywhere, anywhereStaged] },
  { n: 2, fault: 'crash after the intent, before the call', shown: [dies, anywhere, anywhereStaged] },
  { n: 3, fault: 'crash after the call, before its result', shown: [dies, anywhere, anywhereStaged] },
  {
    n: 4,
    fault: 'the answer is lost and nobody knows whether it was done',
    shown: [
      {
        file: recovery,
        test: 'fault 4: a write whose answer was cut after the commit is adopted, not repeated',
      },
      { file: badDay, test: 'a write that the server carries out after the abort does not stay' },
      { file: release, test: 'a Job whose creation arrives after the abort never runs' },
      {
        file: release,
        test: 'a release that arrives after the abort is refused, because the Job was sealed',
      },
      mixture,
    ],
  },
  {
    n: 5,
    fault: '409 Conflict',
    shown: [
      {
        file: simulated,
        test: 'fault 5: what somebody else wrote between the look and the write holds the change',
      },
      { file: simulated, test: 'fault 5: a conflict over what the change does not write is no drift' },
      passing,
    ],
  },
  {
    n: 6,
    fault: '409 AlreadyExists',
    shown: [
      {
        file: migration,
        test: 'a name that is taken between the look and the creation (fault 6) is tried once',
      },
      { file: migration, test: "a stranger's Job of that name (fault 6) is left alone and named" },
      {
        file: migration,
        test: 'a worker that dies between the creation and its record adopts the Job, and the deploy succeeds',
      },
    ],
  },
  {
    n: 7,
    fault: '422',
    shown: [{ file: simulated, test: 'fault 7: a write that the API server calls invalid is sent once' }],
  },
  {
    n: 8,
    fault: '410 Gone',
    shown: [
      {
        file: simulated,
        test: 'fault 8: a list that has expired is asked for anew, and nothing is decided from the gap',
      },
    ],
  },
  {
    n: 9,
    fault: '429 with Retry-After',
    shown: [
      {
        file: simulated,
        test: 'fault 9: too many requests are obeyed, and the hold of the change is not longer for it',
      },
      passing,
    ],
  },
  {
    n: 10,
    fault: 'the API server is down for ten minutes',
    shown: [
      { file: simulated, test: 'fault 10: an API server that is down for ten minutes ends no change' },
      {
        file: badDay,
        test: 'an abort before the first write ends the change although the cluster is silent',
      },
    ],
  },
  {
    n: 11,
    fault: '403 after a change of rights',
    shown: [
      {
        file: recovery,
        test: 'fault 11: a right that was withdrawn ends the change with one try and nothing changed',
      },
      {
        file: recovery,
        test: 'a pause that the cluster refuses holds the change, and a person can still go back',
      },
    ],
  },
  {
    n: 12,
    fault: 'a worker stands still past its lease',
    shown: [
      {
        file: 'worker/faults/stopped.integration.test.ts',
        test: 'fault 12: a worker that is stopped past its lease and goes on does nothing twice',
      },
      { file: recovery, test: 'a run that was overtaken cannot write any more' },
      { file: schedules, test: 'a worker that stands still around its write breaks nothing' },
    ],
  },
  {
    n: 13,
    fault: 'the same worker twice',
    shown: [
      {
        file: simulated,
        test: 'fault 13: a second worker finds nothing to claim while the lease of the first one stands',
      },
      { file: recovery, test: 'two workers share, and a stopped one hands over without a second write' },
    ],
  },
  {
    n: 14,
    fault: 'duplicate delivery, double click',
    shown: [
      { file: simulated, test: 'fault 14: a request that a proxy sends twice is carried out once' },
      { file: simulated, test: 'fault 14: the same order twice is one' },
      {
        file: 'lib/change/promote.integration.test.ts',
        test: 'a hold is cut short once, by the step that the person saw',
      },
      {
        file: 'lib/http/route.integration.test.ts',
        test: 'a repeated key gets the first answer, and the work is done once',
      },
    ],
  },
  {
    n: 15,
    fault: 'the database fails over, nothing lost',
    shown: [
      {
        file: database,
        test: 'fault 15: a database that comes back with everything lets the change go on with one write',
      },
    ],
  },
  {
    n: 16,
    fault: 'the database fails over, its tail lost',
    shown: [
      {
        file: database,
        test: 'fault 16: a database that lost its newest rows stops the change, and the gap in the audit log shows',
      },
      {
        file: recovery,
        test: 'a fence that the database never gave out stops everything until a person says what happened',
      },
    ],
  },
];
