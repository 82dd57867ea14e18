'use client';

import { type RefObject, useEffect, useRef } from 'react';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

type Keys = {
  field: RefObject<HTMLInputElement | null>;
  list: RefObject<HTMLDivElement | null>;
  onShift: (direction: -1 | 1) => void;
  onRefresh: () => void;
};

/** `/` goes to the text, `j` and `k` into the list, `[` and `]` move the range, `r` asks again. */
export function useLogKeys({ field, list, onShift, onRefresh }: Keys): void {
  const acts = useRef({ onShift, onRefresh });
  acts.current = { onShift, onRefresh };
  // External system: the keyboard.
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
        return;
      if (event.key === '/' && field.current) {
        event.preventDefault();
        field.current.focus();
        field.current.select();
      } else if (
        (event.key === 'j' || event.key === 'k') &&
        list.current &&
        !list.current.contains(document.activeElement)
      ) {
        event.preventDefault();
        list.current.focus();
      } else if (event.key === '[') acts.current.onShift(-1);
      else if (event.key === ']') acts.current.onShift(1);
      else if (event.key === 'r') acts.current.onRefresh();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [field, list]);
}
