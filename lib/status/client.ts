import { queryOptions } from '@tanstack/react-query';
import * as z from 'zod/mini';
import { api } from '@/lib/core/paths';
import { getJson, sendJson } from '@/lib/http/client';
import { type PublishMessage, StatusAdminView, type UpdateMessage } from './contract';

/** What the public sees, what measurement proposes, and the messages. */
export const statusAdminQuery = () =>
  queryOptions({
    queryKey: ['status'],
    queryFn: ({ signal }) => getJson(StatusAdminView, api.status(), signal),
    refetchInterval: 15_000,
  });

/** The page reads the messages again afterwards, so the answer's body is not needed. */
export const publishMessage = (input: PublishMessage, key: string) =>
  sendJson(z.unknown(), api.statusMessages(), input, key);
export const updateMessage = (id: string, input: UpdateMessage, key: string) =>
  sendJson(z.unknown(), api.statusMessage(id), input, key);
