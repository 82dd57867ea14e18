/**
 * What the comment of a scratch database says: whose it is, or from when on anybody may drop it. A console that reads
 * of another one's leaves it alone.
 */
const owner = /^signalbox: of the installation ([0-9a-f-]{36})$/;
const expiry = /^signalbox: may be dropped after (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)$/;

export const ownedBy = (installation: string): string => `signalbox: of the installation ${installation}`;
export const expiringAt = (at: Date): string => `signalbox: may be dropped after ${at.toISOString()}`;

/** A comment that was not written by us says nothing. */
export function readMark(comment: string | null): { owner: string | null; expiresAt: Date | null } {
  const at = expiry.exec(comment ?? '')?.[1];
  return {
    owner: owner.exec(comment ?? '')?.[1] ?? null,
    expiresAt: at === undefined ? null : new Date(at),
  };
}

/** Who may still need a scratch database, by its name: nobody known, somebody at work, or nobody any more. */
export type Need = 'unknown' | 'at-work' | 'idle';

export type Found = {
  comment: string | null;
  /** Of the scratch server. */
  now: Date;
  installation: string;
  need: Need;
};

/** Whether a scratch database is ours with certainty and nobody needs it. */
export function isLeftover({ comment, now, installation, need }: Found): boolean {
  const mark = readMark(comment);
  if (mark.expiresAt !== null) return mark.expiresAt < now;
  if (need === 'at-work') return false;
  if (mark.owner !== null) return mark.owner === installation;
  // Without a word of whose it is, only a row of ours tells.
  return need === 'idle';
}
