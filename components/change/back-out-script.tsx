'use client';

import { Download } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { ScrollX } from '@/components/ui/scroll-x';

/** The way back as kubectl commands: for when neither the console nor its database answers. */
export function BackOutScript({ script, name }: { script: string; name: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(script);
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  const save = () => {
    const url = URL.createObjectURL(new Blob([script], { type: 'text/x-shellscript' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <details className="group/script border-line border-t">
      <summary className="flex min-h-10 cursor-pointer items-center px-3 text-text-2 hover:text-text max-sm:min-h-12 max-sm:px-4">
        Back out by hand, with kubectl
      </summary>
      <div className="grid gap-2 px-3 pb-3 max-sm:px-4">
        <p className="text-meta text-text-3">
          For when this console does not answer. It puts back what this plan writes, in the order of the way
          back.
        </p>
        <ScrollX
          label="Back-out script"
          className="max-h-96 overflow-y-auto rounded-control border border-line bg-bg"
        >
          <pre className="mono p-2.5 text-meta">{script}</pre>
        </ScrollX>
        <div className="flex flex-wrap gap-2">
          <Button size="small" onClick={copy}>
            {copied ? 'Copied' : 'Copy'}
          </Button>
          <Button size="small" onClick={save}>
            <Download aria-hidden className="size-3.5" />
            Download {name}
          </Button>
        </div>
      </div>
    </details>
  );
}
