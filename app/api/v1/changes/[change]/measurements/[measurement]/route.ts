import { MeasurementEvidence, MeasurementParams } from '@/lib/change/measured-contract';
import { viewEvidence } from '@/lib/change/view-evidence';
import { route } from '@/lib/http/route';

export const GET = route({
  summary: 'One reading with the query that was asked and the raw answer',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  params: MeasurementParams,
  output: MeasurementEvidence,
  handler: ({ params }) => viewEvidence(params.change, params.measurement),
});
