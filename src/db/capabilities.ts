/** In the order of the contract's `capabilities`; the place is the bit in `entry.capabilities`. */
export const CAPABILITIES = [
  'attachment',
  'reasoning',
  'tool_call',
  'structured_output',
  'temperature',
  'interleaved',
] as const
