import { Panel } from '@/components/ui/panel';
import { ReadingNote } from '@/components/ui/reading-value';
import { StateText, type Tone } from '@/components/ui/state';
import type { PairMember, ServiceWorkloads } from '@/lib/service/workloads-contract';

const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;

function partOf({ share }: PairMember): { tone: Tone; word: string } {
  if (share === null) return { tone: 'warn', word: 'Not known' };
  if (share === 0) return { tone: 'unknown', word: 'Idle' };
  return { tone: 'ok', word: share === 1 ? 'Takes all requests' : `Takes ${percent(share)}` };
}

/** Pods of one colour. An idle one with none is as it should be. */
function podsText({ version, desired, ready }: PairMember): string {
  if (version === null || desired === null) return 'the Deployment is not there';
  const pods = `${desired} pod${desired === 1 ? '' : 's'}`;
  return ready === desired ? pods : `${ready} of ${pods} ready`;
}

/** Blue and green of a place: which one is asked, and what the other holds ready. */
export function ColoursPanel({ pair }: { pair: NonNullable<ServiceWorkloads['pair']> }) {
  const members = pair.state === 'missing' ? [] : pair.value.members;
  const problem = pair.state === 'missing' ? null : pair.value.problem;
  return (
    <Panel title="Colours" note="which one takes the requests">
      <ReadingNote reading={pair} what="Colours" />
      {problem === null ? null : (
        <p className="border-line border-b px-3 py-2 max-sm:px-4">
          <StateText tone="warn">Not known</StateText> <span className="text-text-2">{problem}</span>
        </p>
      )}
      <ul>
        {members.map((member) => (
          <Member key={member.colour} member={member} />
        ))}
      </ul>
    </Panel>
  );
}

function Member({ member }: { member: PairMember }) {
  const { tone, word } = partOf(member);
  return (
    <li className="grid grid-cols-[64px_minmax(0,1fr)_auto] items-baseline gap-x-3 border-line border-b px-3 py-1.5 last:border-b-0 max-sm:px-4">
      <span className="font-medium">{member.colour}</span>
      <span className="min-w-0">
        <StateText tone={tone}>{word}</StateText>
        <span className="mono block truncate text-meta text-text-3">{member.deployment}</span>
      </span>
      <span className="text-right">
        {member.version === null ? null : <span className="mono">{member.version}</span>}
        <span className="block text-meta text-text-2">{podsText(member)}</span>
      </span>
    </li>
  );
}
