import { z } from 'zod';

/** A JSON object, as a manifest is one. */
export const JsonObject = z.record(z.string(), z.json());
