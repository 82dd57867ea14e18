/** Which claim of which change may act on the databases of a restore; stands in the comment of the one it made. */
export type Mark = { change: number; epoch: number; installation: string };

const pattern = /^signalbox restore c-(\d{1,9})\/(\d{1,9}) of ([0-9a-f-]{36})$/;

/** First line of a comment; what the replaced database had as a comment follows. */
export const markOf = ({ change, epoch, installation }: Mark): string =>
  `signalbox restore c-${change}/${epoch} of ${installation}`;

/** Null: not ours, or no comment. */
export function readMark(comment: string | null): Mark | null {
  const [, change, epoch, installation] = pattern.exec(comment?.split('\n', 1)[0] ?? '') ?? [];
  if (change === undefined || epoch === undefined || installation === undefined) return null;
  return { change: Number(change), epoch: Number(epoch), installation };
}

/** What a person wrote below the mark, or the whole of a comment that has none; null: nothing. */
export function restOf(comment: string | null): string | null {
  if (comment === null || readMark(comment) === null) return comment;
  const rest = comment.split('\n').slice(1).join('\n');
  return rest === '' ? null : rest;
}
