'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Problem, toProblem } from '@/lib/http/client';

/**
 * One intention of a person: its idempotency key is made once and renewed only after an answer, so a double
 * click or a retry after a lost reply is the same request.
 */
export function useAct<Input, Answer>(
  send: (input: Input, key: string) => Promise<Answer>,
  onDone: (answer: Answer) => void,
) {
  const queries = useQueryClient();
  const [key, setKey] = useState(() => crypto.randomUUID());
  const [problem, setProblem] = useState<Problem | null>(null);
  const mutation = useMutation({
    mutationFn: (input: Input) => send(input, key),
    onMutate: () => setProblem(null),
    onSuccess: (answer) => {
      setKey(crypto.randomUUID());
      void queries.invalidateQueries();
      onDone(answer);
    },
    onError: (error) => {
      const shown = toProblem(error);
      // No answer means the request may have arrived: keep the key so that trying again is the same request.
      if (shown.status !== 0 && shown.status !== 503) setKey(crypto.randomUUID());
      setProblem(shown);
      void queries.invalidateQueries();
    },
  });
  return { run: mutation.mutate, busy: mutation.isPending, problem, reset: () => setProblem(null) };
}
