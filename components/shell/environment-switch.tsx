'use client';

import { useQueryClient } from '@tanstack/react-query';
import { usePathname, useRouter } from 'next/navigation';
import type { Me } from '@/lib/access/contract';
import { useEnvironment } from './environment';
import { keepPreference } from './preferences';

/** Which environment every page shows; kept in a cookie so that the server's first answer is right. */
export function EnvironmentSwitch({ me }: { me: Me }) {
  const environment = useEnvironment();
  const router = useRouter();
  const pathname = usePathname();
  const queries = useQueryClient();
  const choose = (value: string) => {
    keepPreference('environment', value);
    queries.clear();
    router.replace(pathname);
    router.refresh();
  };
  return (
    <label className="ml-auto">
      <span className="sr-only">Environment</span>
      <select
        value={environment}
        onChange={(event) => choose(event.target.value)}
        className="mono h-6 max-w-28 rounded-control border border-line-strong bg-surface px-1 text-[11px] text-text-2 max-sm:h-11 max-sm:text-[16px]"
      >
        {me.environments.map((each) => (
          <option key={each.id} value={each.id}>
            {each.id}
          </option>
        ))}
      </select>
    </label>
  );
}
