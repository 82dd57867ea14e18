'use client';

import {
  createContext,
  type Dispatch,
  type ReactNode,
  type SetStateAction,
  useContext,
  useState,
} from 'react';
import type { PlanText } from './plan-form';

const empty: PlanText = { reason: '', ticket: '', runWhenApproved: true };
type State = [PlanText, Dispatch<SetStateAction<PlanText>>];
const Kept = createContext<State | null>(null);

/** Around the forms of every kind: who chooses another kind does not type the reason again. */
export const PlanTextKeeper = ({ children }: { children: ReactNode }) => (
  <Kept value={useState(empty)}>{children}</Kept>
);

/** Reason, ticket and how it starts. A typed name is not among what is kept: it is of one plan. */
export function usePlanText(): [PlanText, (text: PlanText) => void] {
  const own = useState(empty);
  const [kept, keep] = useContext(Kept) ?? own;
  const [confirmedName, setConfirmedName] = useState<string>();
  return [
    confirmedName === undefined ? kept : { ...kept, confirmedName },
    ({ confirmedName: name, ...text }) => {
      keep(text);
      setConfirmedName(name);
    },
  ];
}
