import type { AppContext, Handler } from './context.ts'
import { fileSender } from './served-file.ts'

export const OPENAPI_PATH = '/openapi.json'

/** Answers what routes there are. It is made when somebody asks: no start waits for it. */
export function openApiHandler({ description }: AppContext): Handler {
  const send = fileSender(async () => ({
    text: await description(),
    contentType: 'application/json; charset=utf-8',
  }))
  return (_request, response) => send(response.locals.exchange)
}
