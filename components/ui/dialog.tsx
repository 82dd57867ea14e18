'use client';

import { Dialog as Primitive } from 'radix-ui';
import { type ReactNode, useRef } from 'react';
import { Button } from './button';

type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Verb and object: "Abort deploy of Architect Dashboard API". */
  title: string;
  description: ReactNode;
  children?: ReactNode;
  /** The acting button; it repeats the verb of the title. */
  action: ReactNode;
  /** What is missing before the acting button can be pressed; a finger sees no tooltip. */
  missing?: string | null | undefined;
  /** The word that leaves without doing anything. Another one where the act itself is to cancel something. */
  dismiss?: string | undefined;
};

/**
 * A question that blocks. Cancel has the focus and is never red; closing changes nothing. A click beside it does not
 * close it: that would lose a typed reason, and the second click of a double click on what opens it lands there.
 */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  children,
  action,
  missing = null,
  dismiss = 'Cancel',
}: DialogProps) {
  const cancel = useRef<HTMLButtonElement>(null);
  const opener = useRef<Element | null>(null);
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-50 bg-bg/70" />
        <Primitive.Content
          onPointerDownOutside={(event) => event.preventDefault()}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            opener.current = document.activeElement;
            cancel.current?.focus();
          }}
          // It is opened by state and has no trigger to return to: the keyboard goes on where it was, or at the page
          // where what opened it is gone.
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            const back = opener.current?.isConnected ? opener.current : document.querySelector('main');
            // It was in sight when it was pressed, and the page has stood still since.
            if (back instanceof HTMLElement) back.focus({ preventScroll: true });
          }}
          className="-translate-x-1/2 fixed top-[12vh] left-1/2 z-50 grid max-h-[80vh] w-[min(520px,calc(100vw-32px))] gap-4 overflow-auto rounded-dialog bg-surface px-5 pt-5 shadow-float max-sm:top-4 max-sm:max-h-[calc(100dvh-32px)]"
        >
          <div className="grid gap-1">
            <Primitive.Title className="font-medium text-section">{title}</Primitive.Title>
            <Primitive.Description asChild>
              <div className="grid gap-1.5 text-pretty text-text-2">{description}</div>
            </Primitive.Description>
          </div>
          {children}
          <div className="-mx-5 sticky bottom-0 flex flex-wrap items-center justify-end gap-2 bg-surface px-5 pb-5 max-sm:[&>button]:flex-1">
            {missing ? <p className="mr-auto text-meta text-text-2 max-sm:basis-full">{missing}</p> : null}
            <Primitive.Close asChild>
              <Button ref={cancel}>{dismiss}</Button>
            </Primitive.Close>
            {action}
          </div>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
