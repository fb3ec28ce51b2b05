import { AppError } from '../errors.ts'
import { readProgramFile } from '../program/files.ts'
import { PAGE_POLICY, securityHeaders } from './common-headers.ts'
import type { Handler } from './context.ts'
import { secureBy } from './exchange.ts'
import { fileSender, type ServedFile } from './served-file.ts'

export const DOCS_PATH = '/docs'

/** Where Swagger UI is: in a checkout, and in what is built of it. */
const FOLDERS = ['node_modules/swagger-ui-dist', 'dist/swagger-ui']

/** Addresses are relative: a proxy may serve the page under a path of its own. */
const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>modeldex API</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="icon" href="data:,">
<div id="api"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
`

/** Without a validator: that would ask swagger.io. */
const START = `SwaggerUIBundle({ url: 'openapi.json', dom_id: '#api', deepLinking: true, validatorUrl: null })
`

const HTML = 'text/html; charset=utf-8'
const JAVASCRIPT = 'text/javascript; charset=utf-8'

/** The page that shows the API, and what it is made of, by path. */
export function docsPage(): [path: string, handler: Handler][] {
  const security = securityHeaders(PAGE_POLICY)
  const files: [path: string, read: () => Promise<ServedFile>][] = [
    [DOCS_PATH, async () => ({ text: PAGE, contentType: HTML })],
    [`${DOCS_PATH}/start.js`, async () => ({ text: START, contentType: JAVASCRIPT })],
    [`${DOCS_PATH}/swagger-ui-bundle.js`, () => readSwagger('swagger-ui-bundle.js', JAVASCRIPT)],
    [`${DOCS_PATH}/swagger-ui.css`, () => readSwagger('swagger-ui.css', 'text/css; charset=utf-8')],
  ]
  return files.map(([path, read]) => {
    const send = fileSender(read)
    const handler: Handler = (_request, response) => {
      const { exchange } = response.locals
      secureBy(exchange, security)
      return send(exchange)
    }
    return [path, handler]
  })
}

/** @throws AppError `not_found` where it was left out when packages were installed */
async function readSwagger(name: string, contentType: string): Promise<ServedFile> {
  let cause: unknown
  for (const folder of FOLDERS) {
    try {
      return { text: readProgramFile(`${folder}/${name}`).toString(), contentType }
    } catch (error) {
      cause = error
    }
  }
  throw new AppError('not_found', 'Swagger UI is not installed: npm ci without --omit=dev brings it', {
    cause,
  })
}
