/** What a model may be able to do, in the service's order. */
export const CAPABILITIES = [
  'attachment',
  'reasoning',
  'tool_call',
  'structured_output',
  'temperature',
  'interleaved',
] as const
