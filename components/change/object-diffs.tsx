import { DiffTable } from '@/components/ui/diff-table';
import type { DiffLine } from '@/lib/change/contract';
import type { PlannedObject } from '@/lib/change/staged/contract';

const partWords: Record<PlannedObject['part'], string> = {
  new: 'gets the new version',
  old: 'runs the old version',
  baseline: 'runs the old version beside the new one, to compare',
  router: 'sends the requests',
  maintenance: 'for the time of the migration: has the requests refused',
  autoscaler: 'for the time of the change: keeps the pods of the old version',
};

/** The Job of a migration is made by the plan and no object that it finds: its key says what it is. */
function madeOf(key: string) {
  const [region, kind, namespace, name] = key.split('/');
  return kind === 'Job' && region && namespace && name ? { region, kind, namespace, name } : null;
}

type ObjectDiffsProps = { diff: readonly DiffLine[]; objects: readonly PlannedObject[]; caption: string };

/** Changed fields below the object that has them. */
export function ObjectDiffs({ diff, objects, caption }: ObjectDiffsProps) {
  const byObject = Map.groupBy(diff, ({ object }) => object ?? '');
  if (byObject.size === 0) return <DiffTable lines={[]} caption={caption} />;
  return [...byObject].map(([key, lines]) => {
    const object = objects.find((one) => one.key === key);
    const made = object === undefined ? madeOf(key) : null;
    const { kind, namespace, name } = object ?? made ?? { kind: key, namespace: '', name: '' };
    const title = object === undefined && made === null ? key : `${kind} ${namespace}/${name}`;
    const region = object?.region ?? made?.region;
    return (
      <div key={key} className="border-line border-b last:border-b-0">
        <h3 className="flex flex-wrap gap-x-3 bg-raised px-3 py-1.5 max-sm:px-4">
          <span className="mono min-w-0 break-words font-medium">{title}</span>
          {region === undefined ? null : (
            <span className="ml-auto text-text-2 max-sm:ml-0">
              {object === undefined ? 'made anew, to migrate the database' : partWords[object.part]} in{' '}
              {region}
            </span>
          )}
        </h3>
        <DiffTable
          // Of an object that is new every field is a difference; those of one word stand beside it.
          compact={made !== null}
          lines={lines}
          caption={`${caption} of ${title}${region === undefined ? '' : ` in ${region}`}`}
        />
      </div>
    );
  });
}
