'use client';

import { Panel } from '@/components/ui/panel';
import { ReadingNote } from '@/components/ui/reading-value';
import { StateGlyph, StateText } from '@/components/ui/state';
import type { ChangeView, RegionTraffic } from '@/lib/change/contract';
import { isStaged } from '@/lib/change/staged/staged-plan';
import { readingValue } from '@/lib/core/reading';
import { refusedNow } from './abort-words';
import { colourNames } from './colour-fields';
import { shareText } from './staged-timeline';

type ColourNow = Extract<RegionTraffic['colours'], { state: 'fresh' }>['value'][number];
type Shown = Omit<ColourNow, 'colour'> & { name: string };

/** What each colour is sent now beside what the current step wants, and the pods that take it, by region. */
export function TrafficPanel({ view }: { view: ChangeView }) {
  const refused = isStaged(view.plan) ? refusedNow(view, view.plan) : [];
  return (
    <Panel title="Traffic now" note="weights, not counts: the measured share stands with the readings">
      {view.traffic.map(({ region, colours, baseline }) => (
        <section
          key={region}
          aria-label={`Traffic of ${region}`}
          className="border-line border-b last:border-b-0"
        >
          <div className="flex flex-wrap items-baseline gap-x-3 px-3 pt-2 max-sm:px-4">
            <h3 className="mono font-medium text-meta">{region}</h3>
            {refused.includes(region) ? (
              <StateText tone="hold">Refused by the pods: maintenance mode</StateText>
            ) : null}
          </div>
          <ReadingNote reading={colours} what={`Traffic of ${region}`} />
          <ul className="grid gap-2 px-3 py-2 max-sm:px-4">
            {(readingValue(colours) ?? [])
              .toSorted((a, b) => Number(a.part === 'old') - Number(b.part === 'old'))
              .map((one) => (
                <Line key={one.colour} now={{ ...one, name: colourNames[one.colour] }} />
              ))}
            {baseline === undefined ? null : <Line now={{ ...baseline, name: 'Baseline', part: 'old' }} />}
          </ul>
        </section>
      ))}
    </Panel>
  );
}

function Line({ now }: { now: Shown }) {
  const { name, version, share, wanted, pods, ready, part } = now;
  const isOff = share !== null && Math.abs(share - wanted) > 0.005;
  return (
    <li className="grid grid-cols-[132px_minmax(0,1fr)_168px] items-center gap-x-3 max-sm:grid-cols-[minmax(0,1fr)_auto]">
      <span className="min-w-0 truncate">
        {name} <span className="mono text-text-2">{version ?? 'not known'}</span>
      </span>
      <span
        aria-hidden
        className="relative h-2.5 rounded-[1px] bg-[color-mix(in_oklab,var(--text)_9%,transparent)] max-sm:order-3 max-sm:col-span-2"
      >
        <span
          className={part === 'new' ? 'block h-full bg-accent' : 'block h-full bg-stable'}
          style={{ width: `${100 * (share ?? 0)}%` }}
        />
        <span
          className="-inset-y-0.5 absolute w-0.5 bg-text"
          style={{ left: `calc(${100 * wanted}% - 1px)` }}
        />
      </span>
      <span className="whitespace-nowrap text-right">
        {share === null ? 'share not known' : shareText(share)}
        <span className="text-text-2">, wanted {shareText(wanted)}</span>
        {isOff ? (
          <span className="text-warn">
            <StateGlyph tone="warn" className="-mt-0.5 ml-1 inline-block size-3.5" /> differs
          </span>
        ) : null}
        <span className="block text-meta text-text-2">
          {pods === 0 ? 'no pods' : `${ready} of ${pods} pods ready`}
        </span>
      </span>
    </li>
  );
}
