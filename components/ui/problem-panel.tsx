'use client';

import type { Problem } from '@/lib/http/client';
import { Button } from './button';
import { Copyable } from './copyable';
import { StateGlyph } from './state';

/** What was blocked, why, what to do; sized to its panel, never to the page. */
export function ProblemPanel({ problem, onRetry }: { problem: Problem; onRetry?: () => void }) {
  return (
    <div role="alert" className="flex gap-3 p-3 max-sm:px-4">
      <StateGlyph tone="crit" className="mt-0.5" />
      <div className="grid min-w-0 gap-1">
        <p className="font-medium">{problem.title}</p>
        <p className="text-text-2">{problem.detail}</p>
        {problem.fields.length > 0 ? (
          <ul className="list-disc pl-4 text-text-2">
            {problem.fields.map((field) => (
              <li key={`${field.path} ${field.message}`}>
                <code>{field.path}</code> {field.message}
              </li>
            ))}
          </ul>
        ) : null}
        {problem.next ? <p className="text-text-2">{problem.next}</p> : null}
        <div className="mt-1 flex flex-wrap items-center gap-3">
          {onRetry ? (
            <Button size="small" onClick={onRetry}>
              Try again
            </Button>
          ) : null}
          {problem.requestId ? (
            <span className="text-meta text-text-3">
              Request <Copyable text={problem.requestId} />
            </span>
          ) : null}
        </div>
      </div>
    </div>
  );
}
