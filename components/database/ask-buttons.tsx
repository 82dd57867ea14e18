import { Button, ButtonLink } from '@/components/ui/button';
import { paths } from '@/lib/core/paths';

export type Where = { service: string; environment: string; region: string };

/** Leads to the plan of one more copy; who signs it sees the plan first. */
export function BackUpNow({
  where,
  database,
  name,
  refusal,
}: {
  where: Where | null;
  database: string;
  name: string;
  refusal: string | null;
}) {
  const why = where === null ? 'It belongs to no service, so that no policy says who signs.' : refusal;
  // The words on the button come first in its name, for whoever speaks to it.
  const label = `Back up now: ${name}`;
  if (where === null || why !== null) {
    return (
      <Button size="small" aria-label={label} refusal={why}>
        Back up now
      </Button>
    );
  }
  return (
    <ButtonLink size="small" aria-label={label} href={paths.newChange('backup', { ...where, database })}>
      Back up now
    </ButtonLink>
  );
}

type RestoreProps = {
  where: Where | null;
  database: string;
  name: string;
  refusal: string | null;
  /** Which one; absent: it is chosen where the plan is made. */
  copy?: { id: string; at: string };
};

/** Leads to the plan of a restore: what it costs stands there, and nothing is done before others have signed. */
export function Restore({ where, database, name, refusal, copy }: RestoreProps) {
  const why = where === null ? 'It belongs to no service, so that no policy says who signs.' : refusal;
  const label = copy === undefined ? `Restore… ${name}` : `Restore… ${name}, the copy of ${copy.at}`;
  if (where === null || why !== null) {
    return (
      <Button size="small" aria-label={label} refusal={why}>
        Restore…
      </Button>
    );
  }
  return (
    <ButtonLink
      size="small"
      aria-label={label}
      href={paths.newChange('restore', { ...where, database, copy: copy?.id })}
    >
      Restore…
    </ButtonLink>
  );
}

/** Leads to the plan of its end. */
export function EndSession({
  where,
  database,
  session,
  refusal,
}: {
  where: Where;
  database: string;
  session: { pid: number; startedAt: string | null };
  refusal: string | null;
}) {
  const { pid, startedAt } = session;
  const why = refusal ?? (startedAt === null ? 'When it began is hidden from our account.' : null);
  const label = `End session ${pid}`;
  if (startedAt === null || why !== null) {
    return (
      <Button size="small" kind="quiet" aria-label={label} refusal={why}>
        End
      </Button>
    );
  }
  return (
    <ButtonLink
      size="small"
      kind="quiet"
      aria-label={label}
      href={paths.newChange('end-session', { ...where, database, pid: String(pid), startedAt })}
    >
      End
    </ButtonLink>
  );
}
