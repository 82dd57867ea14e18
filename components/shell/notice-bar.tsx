import { DemoTiming } from '@/components/ui/demo-timing';
import type { Me } from '@/lib/access/contract';

/** What the operators of this install want said above every page, with a page of theirs beside it if they like. */
export function NoticeBar({ notice, demoTiming }: Pick<Me, 'notice' | 'demoTiming'>) {
  if (notice === null && !demoTiming) return null;
  return (
    <aside
      aria-label="Notice of this install"
      className="stripe sticky top-0 z-30 flex h-7 items-center gap-3 border-line border-b px-2 text-meta text-text-2 sm:px-4"
    >
      {notice ? (
        <span className="min-w-0 truncate rounded-control bg-surface px-2 leading-5">{notice.text}</span>
      ) : null}
      {demoTiming ? <DemoTiming /> : null}
      {notice?.embed ? (
        <iframe
          title="Notice"
          src={notice.embed}
          className="ml-auto h-7 w-105 max-w-[50vw] border-0 max-sm:hidden"
        />
      ) : null}
    </aside>
  );
}
