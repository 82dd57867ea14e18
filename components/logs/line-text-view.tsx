import { cx } from '@/components/ui/class-names';
import { highlight, type LinePart, lineParts } from './line-text';

const colour: Record<NonNullable<LinePart['color']>, string> = {
  crit: 'text-crit',
  warn: 'text-warn',
  ok: 'text-ok',
  info: 'text-info',
  hold: 'text-hold',
  quiet: 'text-text-3',
};

/** The text of a log line, isolated from its neighbours; the searched text is marked. */
export function LineText({ text, search = '' }: { text: string; search?: string }) {
  const parts = lineParts(text);
  return (
    <bdi>
      {parts.map((part, index) => {
        const key = `${index}`;
        if (part.mark) {
          return (
            <span key={key} className="text-hold" title="A character that is not shown as it is">
              {part.text}
            </span>
          );
        }
        const look = cx(part.color && colour[part.color], part.bold && 'font-semibold');
        const cuts = highlight(part.text, search);
        const inner = cuts.map((cut, at) =>
          cut.hit ? (
            <mark
              // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no other identity
              key={`${at}`}
              className="rounded-[2px] bg-[color-mix(in_oklab,var(--warn-fill)_26%,transparent)] px-px text-text"
            >
              {cut.text}
            </mark>
          ) : (
            cut.text
          ),
        );
        return look === '' ? (
          <span key={key}>{inner}</span>
        ) : (
          <span key={key} className={look}>
            {inner}
          </span>
        );
      })}
    </bdi>
  );
}
