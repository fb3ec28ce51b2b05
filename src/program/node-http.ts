/**
 * What Node's own module of that name has. An import statement reads all its members at once, `WebSocket` among them, and with it
 * loads the whole of `fetch`: a tenth of the time in which a service starts.
 */
export const { IncomingMessage, STATUS_CODES, ServerResponse, createServer, get } =
  process.getBuiltinModule('node:http')
