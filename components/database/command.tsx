import { Copyable } from '@/components/ui/copyable';

/** A command for people: shown whole, copied when it is pressed, never run from here. */
export const Command = ({ text }: { text: string }) => (
  <Copyable
    text={text}
    className="w-full justify-between gap-2 bg-raised px-2 py-1 text-left wrap-anywhere whitespace-pre-wrap hover:text-text max-sm:min-h-11"
  />
);
