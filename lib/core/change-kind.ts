/** What can be asked for. */
export const changeKinds = ['deploy', 'rollback', 'shift', 'scale', 'restart', 'set-env'] as const;
export type ChangeKind = (typeof changeKinds)[number];
