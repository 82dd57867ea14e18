import type { Found, Seen } from '@/lib/actuators/postgres/restore/look';

/**
 * How far a restore has come at its server, by names and OIDs alone: whatever a worker forgot, this tells. `sessions`
 * are those of others. `strange`: somebody else has renamed, made or dropped something.
 */
export type Layout =
  /** The old database has its name, and there is no other. */
  | { stage: 'untouched'; isOpen: boolean }
  /** The new one is there, and its mark is missing: whoever made it died before the properties of the old one were copied. */
  | { stage: 'unfinished'; isOpen: boolean }
  /** The new one is there, empty or loaded, and the old one lets sessions in. */
  | { stage: 'made'; made: MadeDatabase }
  /** The old one lets nobody in. */
  | { stage: 'closed'; made: MadeDatabase; sessions: number }
  /** The new one has the name. `isOpen` is false between the parts of a switch back. */
  | { stage: 'switched'; made: MadeDatabase; sessions: number; isOpen: boolean }
  | { stage: 'strange'; what: string };

/** `epoch`: the newest claim that has acted. */
export type MadeDatabase = { oid: number; epoch: number };

type About = {
  names: { live: string; fresh: string; former: string };
  oid: number;
  change: number;
  installation: string;
  /** This change has said that it makes the new database. */
  isAnnounced: boolean;
};

export function layoutOf({ live, fresh, former }: Seen, about: About): Layout {
  const { names, oid } = about;
  if (live?.oid === oid) return beforeSwitch(live, { fresh, former }, about);
  const is = live === null ? null : madeOf(live, about);
  if (live !== null && is !== null && former?.oid === oid && fresh === null)
    return { stage: 'switched', made: is, sessions: live.sessions, isOpen: live.open };
  return strange(strangeWords(names, oid, { live, fresh, former }));
}

function beforeSwitch(live: Found, { fresh, former }: Pick<Seen, 'fresh' | 'former'>, about: About): Layout {
  if (former !== null)
    return strange(`${former.name}, the name that the old database is to get, is taken (OID ${former.oid}).`);
  if (fresh === null) return { stage: 'untouched', isOpen: live.open };
  if (fresh.mark === null && about.isAnnounced) return { stage: 'unfinished', isOpen: live.open };
  const made = madeOf(fresh, about);
  if (made === null) return strange(`${fresh.name} is there already, and not of this change.`);
  return live.open ? { stage: 'made', made } : { stage: 'closed', made, sessions: live.sessions };
}

const madeOf = ({ oid, mark }: Found, { change, installation }: About): MadeDatabase | null =>
  mark?.change === change && mark.installation === installation ? { oid, epoch: mark.epoch } : null;

const strange = (what: string): Layout => ({ stage: 'strange', what });

function strangeWords({ live, former }: About['names'], oid: number, seen: Seen): string {
  if (seen.live === null) return `There is no database ${live} any more.`;
  const there =
    seen.former === null
      ? `there is no ${former}`
      : seen.former.oid === oid
        ? `the old one is ${former}`
        : `${former} is not the old one either`;
  return `${live} is another database than planned (OID ${seen.live.oid} and not ${oid}), and ${there}.`;
}
