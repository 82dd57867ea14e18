import { GuideNote } from '@/components/backup/guide-notes';

/** what the guides say of restores, and why it is not done so. */
export const RestoreNotes = () => (
  <GuideNote title="Why this is not the way back from a deploy">
    <p>
      The guides go back by restoring the copy of before the deploy. By their own times that copy is 51
      minutes old when the requests move over: what was written meanwhile would be lost. Go back to the old
      version, or repair forward: both lose nothing, since a migration leaves tables that the old version can
      use.
    </p>
    <p>
      They then replay WAL onto the dump. That is not possible: a dump is the state of one moment, and only a
      base backup takes WAL. What this page says is lost is lost.
    </p>
    <p>
      They check a plain SQL file with a tool that reads archives only, and delete by age alone. Here a copy
      may take the place of live data only when a worker restored it in the last 7 days and counted what is in
      it.
    </p>
  </GuideNote>
);
