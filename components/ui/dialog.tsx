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
};

/** A question that blocks. Cancel has the focus and is never red; closing changes nothing. */
export function Dialog({ open, onOpenChange, title, description, children, action }: DialogProps) {
  const cancel = useRef<HTMLButtonElement>(null);
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-50 bg-bg/70" />
        <Primitive.Content
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            cancel.current?.focus();
          }}
          className="-translate-x-1/2 fixed top-[12vh] left-1/2 z-50 grid max-h-[80vh] w-[min(520px,calc(100vw-32px))] gap-4 overflow-auto rounded-dialog bg-surface p-5 shadow-float"
        >
          <div className="grid gap-1">
            <Primitive.Title className="font-medium text-section">{title}</Primitive.Title>
            <Primitive.Description asChild>
              <div className="text-text-2">{description}</div>
            </Primitive.Description>
          </div>
          {children}
          <div className="flex flex-wrap justify-end gap-2">
            <Primitive.Close asChild>
              <Button ref={cancel}>Cancel</Button>
            </Primitive.Close>
            {action}
          </div>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
