import { formatBytes } from '@/components/ui/number-text';
import { StateText } from '@/components/ui/state';
import { Time, TimeAgo } from '@/components/ui/time-ago';
import type { DrillsView, DrillView } from '@/lib/backup/drill/contract';
import { tookWords } from '@/lib/backup/drill/words';
import { formatDuration } from '@/lib/core/duration';
import { dateTimeText } from '@/lib/slo/report/words';
import { EvidenceList } from './copy-checks';
import { Rehearse } from './drill-act';
import { drillState, timeTone } from './drill-words';
import { Figure, under } from './figures';
import { PhaseBar } from './phase-bar';
import { pointWord } from './words';

type DrillPartProps = { view: DrillsView; name: string; tier: number; mayRehearse: boolean };

/** How long a restore takes, and the rehearsal that says so. */
export function DrillPart({ view, name, tier, mayRehearse }: DrillPartProps) {
  const { underWay, last, lastPassed } = view;
  return (
    <div className="grid gap-2 border-line border-t px-3 py-2 max-sm:px-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="font-medium">Rehearsed restores</h3>
        <Rehearse view={view} name={name} mayRehearse={mayRehearse} />
      </div>
      {underWay === null ? null : <UnderWay drill={underWay} name={name} />}
      <dl className="grid gap-x-6 gap-y-3 sm:grid-cols-2 lg:grid-cols-3">
        <RestoreTime view={view} tier={tier} />
        <Figure title="Last drill">
          {last === null ? <span className="text-text-2">None yet</span> : <Ended drill={last} />}
        </Figure>
        <NextDrill view={view} />
      </dl>
      {last === null ? null : <Phases drill={last} title={`Last drill of ${name}`} />}
      {lastPassed === null || lastPassed.id === last?.id ? null : (
        <div className="grid gap-1">
          <p className={under}>
            The last one that passed, <TimeAgo at={lastPassed.finishedAt ?? lastPassed.requestedAt} />:
          </p>
          <PhaseBar name={`Last passed drill of ${name}`} phases={lastPassed.phases} />
        </div>
      )}
    </div>
  );
}

function UnderWay({ drill, name }: { drill: DrillView; name: string }) {
  const { tone, word } = drillState(drill);
  return (
    <div className="grid gap-1 rounded-control bg-raised px-3 py-2">
      <p role="status" className="flex flex-wrap items-baseline gap-x-2">
        <StateText tone={tone}>{`Drill under way: ${word}`}</StateText>
        <span className="text-meta text-text-3">
          <Origin drill={drill} />
        </span>
      </p>
      {drill.phases.length === 0 ? null : <PhaseBar name={`Drill of ${name} so far`} phases={drill.phases} />}
    </div>
  );
}

const Phases = ({ drill, title }: { drill: DrillView; title: string }) => (
  <div className="grid gap-1">
    {drill.phases.length === 0 ? null : <PhaseBar name={title} phases={drill.phases} />}
    {drill.evidence.length === 0 ? null : <EvidenceList evidence={drill.evidence} of={title} />}
  </div>
);

/** Which copy, and who asked. */
const Origin = ({ drill }: { drill: DrillView }) => (
  <>
    {drill.object === null ? (
      'no copy'
    ) : (
      <>
        copy{' '}
        {drill.snapshotAt === null ? null : <Time at={drill.snapshotAt} parts="short" className="mono" />}
        {drill.bytes === null ? '' : ` of ${formatBytes(drill.bytes)}`}
      </>
    )}
    {drill.requestedBy === null ? ', by its schedule' : `, asked for by ${drill.requestedBy}`}
  </>
);

function Ended({ drill }: { drill: DrillView }) {
  const { tone, word } = drillState(drill);
  const at = drill.finishedAt ?? drill.requestedAt;
  return (
    <>
      <span>
        <Time at={at} parts="short" className="mono" />{' '}
        <span className="text-text-2">
          <TimeAgo at={at} />
        </span>
      </span>
      <StateText tone={tone}>{word}</StateText>
      {drill.state === 'done' ? null : <span className="break-words text-text-2">{drill.sentence}</span>}
      <span className={under}>
        <Origin drill={drill} />
      </span>
    </>
  );
}

function RestoreTime({ view: { recoveryTime }, tier }: { view: DrillsView; tier: number }) {
  const { state, seconds, objectiveSeconds, isOfTier, drillAt, sentence } = recoveryTime;
  const objective = `${formatDuration(objectiveSeconds)}${isOfTier ? ` (tier ${tier})` : ' (signalbox.yaml)'}`;
  return (
    <Figure title="How long a restore takes (RTO)">
      <StateText tone={timeTone[state]}>
        {seconds === null ? 'Unknown' : `About ${tookWords(seconds)}`}
      </StateText>
      {seconds === null || drillAt === null ? (
        <span className={under}>{sentence}</span>
      ) : (
        <span className={under}>
          {state === 'within' ? pointWord.within.toLowerCase() : 'longer than its objective'}: {objective}; by
          the drill <TimeAgo at={drillAt} />, scaled to the newest copy. The switch is not measured by a drill
          and comes on top.
        </span>
      )}
    </Figure>
  );
}

function NextDrill({ view: { schedule } }: { view: DrillsView }) {
  const next = schedule?.next[0];
  return (
    <Figure title="Next drill">
      {schedule === null || next === undefined ? (
        <span className="text-text-2">No schedule: by button alone.</span>
      ) : (
        <>
          <span className={under}>{schedule.words}</span>
          <span>
            <span className="mono">{dateTimeText(schedule.timeZone, Date.parse(next) / 1000)}</span>
            {schedule.timeZone === 'UTC' ? <span className="text-text-3"> UTC</span> : null}
          </span>
          <span className={under}>A copy at random; a monthly one once a quarter.</span>
        </>
      )}
    </Figure>
  );
}
