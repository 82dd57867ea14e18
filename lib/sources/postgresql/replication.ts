import { z } from 'zod';
import type { Ask } from './client';

const StandbySeen = z.object({
  name: z.string(),
  address: z.nullable(z.string()),
  /** `streaming`, `catchup`, `backup` …; null: our account may not see it. */
  state: z.nullable(z.string()),
  /** `async`, `sync`, `quorum`, `potential`. */
  sync: z.nullable(z.string()),
  /** Time until the standby had replayed a write; null when it is idle and caught up, or not known. */
  lagSeconds: z.nullable(z.number()),
  /** What it has not replayed yet. */
  lagBytes: z.nullable(z.number()),
});
export type StandbySeen = z.infer<typeof StandbySeen>;

/** The standbys that are connected to this server, also to one that is a standby itself. */
export const readStandbys = (ask: Ask): Promise<StandbySeen[]> =>
  ask.rows(
    StandbySeen,
    `SELECT coalesce(application_name, '') AS name, host(client_addr) AS address, state, sync_state AS sync,
            extract(epoch FROM replay_lag)::float8 AS "lagSeconds",
            pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn()
                                 ELSE pg_current_wal_lsn() END, replay_lsn)::float8 AS "lagBytes"
       FROM pg_stat_replication ORDER BY application_name, pid`,
  );

const Receiving = z.object({
  /** Whether a receiver runs: without one nothing new comes from the primary. */
  receiving: z.boolean(),
  /** Since the newest transaction that was replayed was committed; also rises while the primary writes nothing. */
  replayedSecondsAgo: z.nullable(z.number()),
  /** What was received and is not replayed yet. */
  bytesToReplay: z.nullable(z.number()),
  paused: z.boolean(),
});
export type Receiving = z.infer<typeof Receiving>;

/** Of a server that is a standby itself. */
export const readReceiving = (ask: Ask): Promise<Receiving> =>
  ask.one(
    Receiving,
    `SELECT EXISTS (SELECT FROM pg_stat_wal_receiver WHERE pid IS NOT NULL) AS receiving,
            extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())::float8
              AS "replayedSecondsAgo",
            pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())::float8 AS "bytesToReplay",
            pg_is_wal_replay_paused() AS paused`,
  );
