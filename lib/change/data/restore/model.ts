/**
 * How far a restore is, as far as it matters to who may still take it back. `before`: nothing of the database was
 * touched. `closed`: it lets nobody in. `switched`: the restored one has its name. `opened`: aborted before the switch.
 * `taken-back`: aborted after it, so that the restored one is set aside.
 */
export const restoreStages = ['before', 'closed', 'switched', 'opened', 'taken-back'] as const;
export type RestoreStage = (typeof restoreStages)[number];

/** What a database holds: what was there, or what the copy has. */
export const databaseRoles = ['old', 'restored'] as const;
export type DatabaseRole = (typeof databaseRoles)[number];
