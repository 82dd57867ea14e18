'use client';

import { useState } from 'react';
import { useAct } from '@/components/change/use-act';
import { useWritesRefused } from '@/components/shell/banners';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { CheckField, TextField } from '@/components/ui/field';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { changeView, deleteView } from '@/lib/saved-view/client';
import type { SavedView } from '@/lib/saved-view/contract';
import { VIEW_NAME_MAX } from '@/lib/saved-view/model';

type SavedViewDialogProps = {
  view: SavedView;
  /** What is on the screen, as the query of a view. */
  query: string;
  onClose: () => void;
};

/** Renames a view, shares it or ends that, keeps what is on the screen under its name, or deletes it. */
export function SavedViewDialog({ view, query, onClose }: SavedViewDialogProps) {
  const [name, setName] = useState(view.name);
  const [shared, setShared] = useState(view.shared);
  const [isReplaced, setIsReplaced] = useState(false);
  const refused = useWritesRefused();
  const change = useAct(changeView(view.id), onClose);
  const remove = useAct((_: null, key: string) => deleteView(view.id, key), onClose);
  const problem = change.problem ?? remove.problem;
  const refusal = refused ?? (name.trim() === '' ? 'A view needs a name.' : null);
  const save = () =>
    change.run({ name: name.trim(), shared, ...(isReplaced && query !== view.query ? { query } : {}) });
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title={`Change view ${view.name}`}
      description={
        view.isMine
          ? 'Only you and, while it is shared, leads may change it.'
          : `It is ${view.owner}'s. Without sharing it would be theirs alone again.`
      }
      action={
        <>
          <Button kind="danger" refusal={refused} busy={remove.busy} onClick={() => remove.run(null)}>
            Delete view
          </Button>
          <Button kind="primary" refusal={refusal} busy={change.busy} onClick={save}>
            Change view
          </Button>
        </>
      }
    >
      <TextField
        label="Name"
        value={name}
        maxLength={VIEW_NAME_MAX}
        onChange={(event) => setName(event.target.value)}
      />
      <CheckField
        label="Share with everybody"
        checked={shared}
        onChange={(event) => setShared(event.target.checked)}
      />
      {query === view.query ? null : (
        <CheckField
          label="Keep what is shown now under this name"
          hint="Filter, grouping and order on the screen replace those of the view."
          checked={isReplaced}
          onChange={(event) => setIsReplaced(event.target.checked)}
        />
      )}
      {problem ? <ProblemPanel problem={problem} /> : null}
    </Dialog>
  );
}
