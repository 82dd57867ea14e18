'use client';

import { Panel } from '@/components/ui/panel';
import { StateText, type Tone } from '@/components/ui/state';
import type { DatabaseView, FailoverView } from '@/lib/database/contract';
import { Command } from './command';

type Seen = FailoverView['conditions'][number]['seen'];
const tones: Record<Seen, Tone> = { met: 'ok', 'not met': 'hold', unknown: 'unknown' };
const seenWords: Record<Seen, string> = { met: 'Seen', 'not met': 'Not so', unknown: 'Not seen from here' };

/** BAK-06 as a runbook with its conditions. Nothing of it is done from here. */
export function FailoverPanel({ failover }: Pick<DatabaseView, 'failover'>) {
  return (
    <Panel title="Failover" note="a runbook for people; nothing of it runs from here">
      <div className="grid xl:grid-cols-2">
        <div className="min-w-0">
          <h3 className="px-3 pt-2 font-medium max-sm:px-4">Only when all of this is so</h3>
          <ul>
            {failover.conditions.map(({ name, why, seen, says }) => (
              <li key={name} className="border-line border-b px-3 py-2 last:border-b-0 max-sm:px-4">
                <span className="flex flex-wrap items-center gap-x-2">
                  <span>{name}</span>
                  <StateText tone={tones[seen]}>{seenWords[seen]}</StateText>
                </span>
                <span className="block text-pretty text-meta text-text-2">
                  {says} {why}
                </span>
              </li>
            ))}
          </ul>
        </div>
        <div className="min-w-0 border-line max-xl:border-t xl:border-l">
          <h3 className="px-3 pt-2 font-medium max-sm:px-4">Then, in this order</h3>
          <ol className="grid list-decimal gap-2 py-2 pr-3 pl-8 text-pretty text-text-2 max-sm:pr-4">
            {failover.steps.map(({ text, command }) => (
              <li key={text}>
                {text}
                {command === null ? null : <Command text={command} />}
              </li>
            ))}
          </ol>
        </div>
      </div>
    </Panel>
  );
}
