'use client';

import { Search } from 'lucide-react';
import { type FormEvent, type ReactNode, type RefObject, useId, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Kbd } from '@/components/ui/chip';
import { cx } from '@/components/ui/class-names';
import { levels } from '@/lib/logs/contract';
import { emptyUrl, type LogUrl } from './log-url';

export type QueryBarProps = {
  url: LogUrl;
  services: { id: string; name: string }[];
  regions: { id: string; name: string }[];
  /** LogQL that the server made of the form; null before the first answer. */
  logql: string | null;
  /** What the server said about the query, to stand at its field. */
  error: string | null;
  field: RefObject<HTMLInputElement | null>;
  onUrl: (part: Partial<LogUrl>) => void;
};

/** The search as a form, or as the LogQL it stands for. */
export function QueryBar(props: QueryBarProps) {
  const { url, logql, onUrl } = props;
  const [editing, setEditing] = useState(false);
  const asQuery = url.query !== '' || editing;
  const toForm = () => {
    setEditing(false);
    onUrl({ query: '', line: '' });
  };
  if (asQuery)
    return (
      <LogqlForm
        {...props}
        start={url.query || logql || ''}
        onForm={toForm}
        onDone={() => setEditing(false)}
      />
    );
  return (
    <>
      <PartsForm key={url.text} {...props} />
      <p className="mono mt-1.5 flex min-h-6 flex-wrap items-center gap-x-3 text-meta text-text-3">
        <code className="min-w-0 truncate text-text-2 max-sm:hidden">{logql ?? ''}</code>
        <button
          type="button"
          className="min-h-6 font-sans text-accent hover:underline max-sm:min-h-11"
          onClick={() => setEditing(true)}
        >
          Edit LogQL
        </button>
      </p>
    </>
  );
}

function PartsForm({ url, services, regions, error, field, onUrl }: QueryBarProps) {
  const [text, setText] = useState(url.text);
  const errorId = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onUrl({ text: text.trim(), line: '' });
  };
  const active = url.service !== '' || url.region !== '' || url.level !== '' || url.text !== '';
  return (
    <form onSubmit={submit} className="grid grid-cols-3 gap-2 md:flex md:flex-wrap md:items-center">
      <BarSelect
        label="service"
        value={url.service}
        onChange={(service) => onUrl({ service, text: text.trim(), line: '' })}
        choices={services}
        all="all"
      />
      <BarSelect
        label="region"
        value={url.region}
        onChange={(region) => onUrl({ region, text: text.trim(), line: '' })}
        choices={regions}
        all="all"
      />
      <BarSelect
        label="level"
        value={url.level}
        onChange={(value) =>
          onUrl({ level: levels.find((level) => level === value) ?? '', text: text.trim(), line: '' })
        }
        choices={levels.map((level) => ({ id: level, name: level }))}
        all="all"
      />
      <div className={cx('relative min-w-0 flex-1 md:min-w-40', active ? 'col-span-3' : 'col-span-2')}>
        <Search aria-hidden className="-translate-y-1/2 absolute top-1/2 left-2.5 size-4 text-text-3" />
        <input
          ref={field}
          value={text}
          maxLength={500}
          onChange={(event) => setText(event.target.value)}
          placeholder="Text in the line"
          aria-label="Text in the line"
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? errorId : undefined}
          enterKeyHint="search"
          className="h-9 w-full rounded-control border border-control bg-surface pr-9 pl-8.5 text-body placeholder:text-text-3 aria-invalid:border-crit max-sm:h-11 max-sm:text-[16px]"
        />
        <span aria-hidden className="-translate-y-1/2 absolute top-1/2 right-2.5 max-sm:hidden">
          <Kbd>/</Kbd>
        </span>
      </div>
      <div className={cx('flex gap-2', active && 'col-span-3')}>
        <Button type="submit" className="h-9 max-sm:flex-1">
          Search
        </Button>
        {active ? (
          <Button
            kind="quiet"
            className="h-9"
            onClick={() => onUrl({ service: '', region: '', level: '', text: '', line: '' })}
          >
            Clear
          </Button>
        ) : null}
      </div>
      {error ? <FieldError id={errorId}>{error}</FieldError> : null}
    </form>
  );
}

const FieldError = ({ id, children }: { id: string; children: ReactNode }) => (
  <p id={id} role="alert" className="col-span-3 text-meta text-crit [overflow-wrap:anywhere] md:basis-full">
    {children}
  </p>
);

type BarSelectProps = {
  label: string;
  value: string;
  all: string;
  choices: { id: string; name: string }[];
  onChange: (value: string) => void;
};

/** A choice with its name inside its frame; one that is set stands out from those that are not. */
function BarSelect({ label, value, all, choices, onChange }: BarSelectProps) {
  const known = value === '' || choices.some(({ id }) => id === value);
  return (
    <label
      className={cx(
        'flex h-9 min-w-0 items-center gap-1 rounded-control border border-control pl-2.5 focus-within:outline-2 focus-within:outline-focus max-sm:h-12 max-sm:flex-col max-sm:items-start max-sm:justify-center max-sm:gap-0',
        value === '' ? 'bg-surface' : 'bg-raised',
      )}
    >
      <span className="mono flex-none text-meta text-text-3">{label}</span>
      <select
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="field-sizing-content h-full min-w-0 max-w-44 bg-transparent pr-1 text-text outline-none max-sm:h-6 max-sm:w-full max-sm:text-[16px] [&>option]:bg-surface"
      >
        <option value="">{all}</option>
        {choices.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
        {known ? null : <option value={value}>{value}</option>}
      </select>
    </label>
  );
}

type LogqlFormProps = QueryBarProps & { start: string; onForm: () => void; onDone: () => void };

function LogqlForm({ start, error, onUrl, onForm, onDone }: LogqlFormProps) {
  const [query, setQuery] = useState(start);
  const id = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (query.trim() === '') return;
    onUrl({ ...parts, query: query.trim() });
    onDone();
  };
  return (
    <form onSubmit={submit} className="grid gap-1.5">
      <div className="flex items-baseline justify-between gap-2">
        <label htmlFor={id} className="font-medium">
          LogQL
        </label>
        <button
          type="button"
          onClick={onForm}
          className="min-h-6 text-accent hover:underline max-sm:min-h-11"
        >
          Use the form
        </button>
      </div>
      <div className="flex items-start gap-2 max-sm:flex-col max-sm:items-stretch">
        <textarea
          id={id}
          // The field appears because the person asked to write in it.
          // biome-ignore lint/a11y/noAutofocus: see above
          autoFocus={start !== '' && error === null}
          rows={2}
          spellCheck={false}
          value={query}
          maxLength={4000}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey) return;
            event.preventDefault();
            event.currentTarget.form?.requestSubmit();
          }}
          aria-invalid={error ? true : undefined}
          aria-describedby={`${id}-note`}
          className="mono w-full rounded-control border border-control bg-surface px-2.5 py-1.5 text-body aria-invalid:border-crit max-sm:text-[16px]"
        />
        <Button type="submit" className="h-9">
          Run query
        </Button>
      </div>
      <p
        id={`${id}-note`}
        role={error ? 'alert' : undefined}
        className={cx('text-meta [overflow-wrap:anywhere]', error ? 'text-crit' : 'text-text-3')}
      >
        {error ?? 'Enter runs it, Shift Enter starts a new line.'}
      </p>
    </form>
  );
}

const parts = { service: '', region: '', level: emptyUrl.level, text: '', line: '' };
