import type { Reading } from '@/lib/core/reading';
import type { FailoverView, ReplicationView, ServerView } from './contract';

type Condition = FailoverView['conditions'][number];

const steps: FailoverView['steps'] = [
  {
    text: 'Fence the old primary, and see it: stop its server, or take its address and its disk away. Two primaries lose writes that nobody can merge.',
    command: null,
  },
  {
    text: 'On the standby: write down how far it had got, then promote it. A command returns at once; what counts is that it has left recovery.',
    command:
      'SELECT pg_last_wal_replay_lsn();\nSELECT pg_promote(wait => true, wait_seconds => 60);\nSELECT pg_is_in_recovery(); -- must be f',
  },
  {
    text: 'Point every client to it in one place (DNS, the pooler, the Service), not in files of single hosts, and let pools open new connections.',
    command: null,
  },
  {
    text: 'Verify: a write succeeds, the service answers, error share and latency are back, nothing connects to the old address.',
    command: null,
  },
  {
    text: 'Say on the status page what happened and what was lost: what the old primary had written beyond the position above.',
    command: null,
  },
  {
    text: 'Rebuild the old primary as a standby with pg_rewind or a new base backup before it is started again; since PostgreSQL 12 by standby.signal and primary_conninfo (standby_mode and recovery.conf are gone), with hot_standby on where it shall answer queries.',
    command: 'pg_rewind --target-pgdata=… --source-server=… --write-recovery-conf',
  },
  {
    text: 'Take a base backup of the new primary: copies made before belong to another timeline.',
    command: null,
  },
];

function downCondition(server: Reading<ServerView>): Condition {
  const common = {
    name: 'Several observers see the primary down',
    why: 'One probe that fails proves a network, not a death: ask from each zone, and ask the database itself, not the service.',
  };
  if (server.state === 'fresh') {
    return server.value.standby
      ? {
          ...common,
          seen: 'unknown',
          says: 'This server is a standby; whether its primary lives is not seen from here.',
        }
      : { ...common, seen: 'not met', says: 'This server is the primary and answers this console.' };
  }
  return {
    ...common,
    seen: 'unknown',
    says: 'This console has no answer of it now, and is one observer only.',
  };
}

function lagCondition(replication: Reading<ReplicationView>): Condition {
  const common = {
    name: 'The standby has replayed what was written',
    why: 'What it has not got is lost for good with the promotion.',
  };
  if (replication.state === 'missing') {
    return { ...common, seen: 'unknown', says: 'Replication cannot be read.' };
  }
  const { receiving, standbys } = replication.value;
  const old = replication.state === 'stale' ? ' That was before the server fell silent.' : '';
  if (receiving !== null) {
    const seen = receiving.state === 'within' ? 'met' : receiving.state === 'late' ? 'not met' : 'unknown';
    return {
      ...common,
      seen: old === '' ? seen : 'unknown',
      says: `This standby: ${receiving.sentence}${old}`,
    };
  }
  if (standbys.length === 0) {
    return {
      ...common,
      seen: 'not met',
      says: `No standby is connected: there is nothing to fail over to.${old}`,
    };
  }
  const best = standbys.some(({ lag }) => lag.state === 'within')
    ? 'met'
    : standbys.every(({ lag }) => lag.state === 'late')
      ? 'not met'
      : 'unknown';
  return {
    ...common,
    seen: old === '' ? best : 'unknown',
    says: `${standbys.map(({ name, lag }) => `${name}: ${lag.sentence}`).join(' ')}${old}`,
  };
}

/**
 * BAK-06 as a runbook for people. Nothing of it is automated: guide 002 promotes after one failed probe of the
 * application and fences nobody, which makes two primaries of a broken network.
 */
export function failoverView(
  server: Reading<ServerView>,
  replication: Reading<ReplicationView>,
): FailoverView {
  return {
    conditions: [
      downCondition(server),
      lagCondition(replication),
      {
        name: 'The old primary is fenced',
        why: 'Whoever still reaches it goes on writing there.',
        seen: 'unknown',
        says: 'This console cannot see that.',
      },
      {
        name: 'Two people have agreed',
        why: 'The way back is a new base backup: hours, not a click.',
        seen: 'unknown',
        says: 'Say who, in the record of the incident.',
      },
    ],
    steps,
  };
}
