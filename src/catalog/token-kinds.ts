/** The kinds of tokens that models.dev knows prices of. Each token is of one kind only. */
export const TOKEN_KINDS = [
  'input',
  'output',
  'cache_read',
  'cache_write',
  'reasoning',
  'input_audio',
  'output_audio',
] as const

export type TokenKind = (typeof TOKEN_KINDS)[number]
