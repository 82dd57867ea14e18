/** What can be asked for. */
export const changeKinds = [
  'deploy',
  'rollback',
  'shift',
  'scale',
  'restart',
  'set-env',
  'backup',
  'end-session',
  'restore',
] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** Kinds that act on the database of a service; what runs in the cluster is not theirs. */
export const dataKinds = ['backup', 'end-session', 'restore'] as const satisfies readonly ChangeKind[];
export type DataKind = (typeof dataKinds)[number];

export const isDataKind = (kind: ChangeKind): kind is DataKind => dataKinds.some((one) => one === kind);
