import type { ReactNode } from 'react';
import { PlanTextKeeper } from '@/components/change/plan-text';

/** What is typed stays while another kind of change is chosen. */
export default function PlanLayout({ children }: { children: ReactNode }) {
  return <PlanTextKeeper>{children}</PlanTextKeeper>;
}
