/** What is archived beside databases (BAK-03): what the worker runs with, and the record of what was done. */
export const archiveKinds = ['configuration', 'audit'] as const;
export type ArchiveKind = (typeof archiveKinds)[number];

/** `unchanged`: the run found nothing that the newest archive does not hold, and made no second file of it. */
export const archiveStates = ['running', 'kept', 'unchanged', 'failed', 'deleted'] as const;
export type ArchiveState = (typeof archiveStates)[number];

/** The levels of copies (change-engine.md 6.2); the last one is no restore here, but what a restore would ask. */
export const archiveLevelNames = {
  0: 'Written',
  1: 'Stored',
  2: 'Listed',
  3: 'Read in full',
  4: 'Proven',
} as const;

/** Names of objects and of audit targets. */
export const archiveSubject = (kind: ArchiveKind): string => `archive:${kind}`;

export const archiveNames: Record<ArchiveKind, string> = {
  configuration: 'Configuration',
  audit: 'Audit log',
};
