import { DiffTable } from '@/components/ui/diff-table';
import type { DiffLine } from '@/lib/change/contract';
import type { PlannedObject } from '@/lib/change/staged/contract';

const partWords: Record<PlannedObject['part'], string> = {
  new: 'gets the new version',
  old: 'runs the old version',
  baseline: 'runs the old version beside the new one, to compare',
  router: 'sends the requests',
  maintenance: 'says whether requests are refused',
  autoscaler: 'keeps the pods of the old version',
};

type ObjectDiffsProps = { diff: readonly DiffLine[]; objects: readonly PlannedObject[]; caption: string };

/** Changed fields below the object that has them. */
export function ObjectDiffs({ diff, objects, caption }: ObjectDiffsProps) {
  const byObject = Map.groupBy(diff, ({ object }) => object ?? '');
  if (byObject.size === 0) return <DiffTable lines={[]} caption={caption} />;
  return [...byObject].map(([key, lines]) => {
    const object = objects.find((one) => one.key === key);
    const title = object === undefined ? key : `${object.kind} ${object.namespace}/${object.name}`;
    return (
      <div key={key} className="border-line border-b last:border-b-0">
        <h3 className="flex flex-wrap gap-x-3 bg-raised px-3 py-1.5 max-sm:px-4">
          <span className="mono min-w-0 break-words font-medium">{title}</span>
          {object === undefined ? null : (
            <span className="ml-auto text-text-2 max-sm:ml-0">
              {partWords[object.part]} in {object.region}
            </span>
          )}
        </h3>
        <DiffTable lines={lines} caption={`${caption} of ${title}${object ? ` in ${object.region}` : ''}`} />
      </div>
    );
  });
}
