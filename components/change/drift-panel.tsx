import { DiffTable } from '@/components/ui/diff-table';
import { Panel } from '@/components/ui/panel';
import { StateText } from '@/components/ui/state';
import type { ChangeView } from '@/lib/change/contract';
import { ObjectDiffs } from './object-diffs';

/** The live objects no longer look as they did when the plan was made. */
export function DriftPanel({ view }: { view: ChangeView }) {
  const objects = view.plan.staged?.objects;
  return (
    <Panel title={<StateText tone="warn">The cluster differs from the plan</StateText>}>
      <p className="px-3 py-2 text-text-2 max-sm:px-4">
        Somebody else changed {objects === undefined ? 'the Deployment' : 'what the plan starts from'} after
        the plan was made: it ends when it would start, and nothing is done. Sign a new plan instead.
      </p>
      {objects === undefined ? (
        <DiffTable lines={view.drift} caption="What differs" />
      ) : (
        <ObjectDiffs diff={view.drift} objects={objects} caption="What differs" />
      )}
    </Panel>
  );
}
