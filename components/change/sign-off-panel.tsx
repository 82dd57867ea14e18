'use client';

import { Panel } from '@/components/ui/panel';
import { StateGlyph, type Tone } from '@/components/ui/state';
import { TimeAgo } from '@/components/ui/time-ago';
import type { ChangeView } from '@/lib/change/contract';

type SignOff = ChangeView['signOffs'][number];
const tones: Record<SignOff['state'], Tone> = {
  missing: 'unknown',
  yours: 'hold',
  signed: 'ok',
  rejected: 'crit',
};

/** Who must sign, who has, and who could. */
export function SignOffPanel({ view }: { view: ChangeView }) {
  const signed = view.signOffs.filter((each) => each.state === 'signed').length;
  return (
    <Panel title="Sign-offs" note={`${signed} of ${view.signOffs.length}`}>
      <ul>
        {view.signOffs.map((each) => (
          <li
            key={each.role}
            className="flex gap-2 border-line border-b px-3 py-2 last:border-b-0 max-sm:px-4"
          >
            <StateGlyph
              tone={view.change.finishedAt !== null && each.state === 'yours' ? 'unknown' : tones[each.state]}
              className="mt-0.5"
            />
            <div className="min-w-0">
              <p className="font-medium">{each.roleName}</p>
              <p className="text-text-2">
                {each.state === 'signed' || each.state === 'rejected' ? (
                  <>
                    {each.state === 'signed' ? 'Signed' : 'Rejected'} by {each.userName}{' '}
                    {each.at ? <TimeAgo at={each.at} /> : null}
                  </>
                ) : view.change.finishedAt !== null ? (
                  'Was not given'
                ) : each.state === 'yours' ? (
                  'Waits for you'
                ) : each.eligible.length > 0 ? (
                  `Waits for ${each.eligible.join(' or ')}`
                ) : (
                  'Nobody holds this role'
                )}
              </p>
              {each.because === null ? null : (
                <p className="text-text-3">Asked for by the error budget: {each.because}</p>
              )}
              {each.comment ? <p className="text-text-2">“{each.comment}”</p> : null}
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
