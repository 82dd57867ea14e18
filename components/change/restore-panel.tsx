'use client';

import { EvidenceList } from '@/components/backup/copy-checks';
import { Level } from '@/components/backup/level';
import { PhaseBar } from '@/components/backup/phase-bar';
import { formatBytes, formatCount } from '@/components/ui/number-text';
import { Panel } from '@/components/ui/panel';
import { StateText, type Tone } from '@/components/ui/state';
import { Time, TimeAgo, TimeLeft } from '@/components/ui/time-ago';
import { tookWords } from '@/lib/backup/drill/words';
import type { LoadPhase } from '@/lib/backup/restore/model';
import type { ChangeView } from '@/lib/change/contract';
import type { RestoreData } from '@/lib/change/data/contract';
import type { RestoreLoad, RestoreView } from '@/lib/change/data/restore/contract';
import type { DatabaseRole } from '@/lib/change/data/restore/model';

const roleWords: Record<DatabaseRole, string> = {
  old: 'The old database',
  restored: 'The restored database',
};
const list = 'grid gap-x-4 gap-y-1 p-3 max-sm:px-4 sm:grid-cols-[160px_minmax(0,1fr)]';
const term = 'text-text-3';

type RestorePanelProps = { view: ChangeView; data: RestoreData };

/** Which database has which name now, how far the load is, and what is kept beside. */
export function RestorePanel({ view: { restore, copy }, data }: RestorePanelProps) {
  if (restore === null) return null;
  return (
    <Panel title="The databases" note={<StageNote restore={restore} />}>
      <dl className={list}>
        {restore.databases.map(({ name, role, sentence }) => (
          <div key={name} className="contents">
            <dt className={term}>{roleWords[role]}</dt>
            <dd className="min-w-0">
              <span className="mono wrap-anywhere">{name}</span>{' '}
              <span className="text-text-2">{sentence}</span>
            </dd>
          </div>
        ))}
        <dt className={term}>Data of the copy</dt>
        <dd>
          as of <Time at={data.copy.snapshotAt} parts="full" className="mono" /> (
          <TimeAgo at={data.copy.snapshotAt} />)
        </dd>
        <dt className={term}>Safety copy</dt>
        <dd className="min-w-0">
          {copy === null ? (
            <span className="text-text-2">{data.safetyCopy ? 'not made yet' : 'none: it was left out'}</span>
          ) : (
            <>
              <Level {...copy} /> <span className="mono wrap-anywhere">{copy.object}</span>
              {copy.bytes === null ? '' : `, ${formatBytes(copy.bytes)}`}
            </>
          )}
        </dd>
        <SetAside restore={restore} />
      </dl>
      <Load restore={restore} data={data} />
    </Panel>
  );
}

const StageNote = ({ restore: { beginsAt } }: { restore: RestoreView }) =>
  beginsAt === null ? null : (
    <>
      begins in <TimeLeft at={beginsAt} overdue="a moment" />
    </>
  );

function SetAside({ restore: { setAside } }: { restore: RestoreView }) {
  if (setAside === null) return null;
  return (
    <>
      <dt className={term}>Kept beside</dt>
      <dd className="min-w-0">
        <span className="mono wrap-anywhere">{setAside.name}</span>{' '}
        {setAside.droppedAt === null ? (
          <>
            since <Time at={setAside.since} parts="full" className="mono" />, until{' '}
            <Time at={setAside.dropAfter} parts="full" className="mono" /> at least
          </>
        ) : (
          <>
            until <Time at={setAside.droppedAt} parts="full" className="mono" />, then dropped
          </>
        )}
      </dd>
    </>
  );
}

const phaseWords: Record<LoadPhase, string> = {
  fetch: 'The file is read and compared with its SHA-256 …',
  load: 'Tables and rows are loaded …',
  index: 'Indexes and constraints are built …',
  checks: 'Rows, constraints and indexes are counted …',
};

function loadState({ state, phase, seconds }: RestoreLoad): { tone: Tone; word: string } {
  switch (state) {
    case 'wanted':
      return { tone: 'info', word: 'Waits for a worker' };
    case 'running':
      return { tone: 'info', word: phase === null ? 'Begins' : phaseWords[phase] };
    case 'done':
      return { tone: 'ok', word: `Loaded and found right in ${tookWords(seconds)}` };
    case 'failed':
      return { tone: 'crit', word: 'Failed' };
    case 'cancelled':
      return { tone: 'unknown', word: 'Stopped' };
  }
}

function Load({ restore: { load }, data }: { restore: RestoreView; data: RestoreData }) {
  const rows = `The copy has ${formatCount(data.rows.copy)} rows of ${data.rows.tables} ${data.rows.tables === 1 ? 'table' : 'tables'}.`;
  return (
    <div className="grid gap-1.5 border-line border-t px-3 py-2 max-sm:px-4">
      <h3 className="font-medium">The load</h3>
      {load === null ? (
        <p className="text-text-2">Not asked for yet. {rows}</p>
      ) : (
        <>
          <p role="status">
            <StateText {...toneAndText(load)} />
          </p>
          {load.sentence === null ? null : <p className="break-words text-text-2">{load.sentence}</p>}
          {load.phases.length === 0 ? null : <PhaseBar name={`Load of ${data.name}`} phases={load.phases} />}
          <p className="text-text-2">{rows}</p>
          {load.evidence.length === 0 ? null : (
            <EvidenceList evidence={load.evidence} of={`the load of ${data.name}`} />
          )}
        </>
      )}
    </div>
  );
}

const toneAndText = (load: RestoreLoad) => {
  const { tone, word } = loadState(load);
  return { tone, children: word };
};
