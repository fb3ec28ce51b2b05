import { z } from 'zod'
import { DOCS_PATH } from '../http/docs-page.ts'
import { OPENAPI_PATH } from '../http/openapi.ts'
import { JSON_TYPE, keptAnswers, type Route } from './route.ts'

export const DESCRIPTION_ROUTES: Route[] = [
  {
    method: 'get',
    path: OPENAPI_PATH,
    id: 'describe',
    tag: 'description',
    summary: 'This description',
    answers: keptAnswers({
      description: 'OpenAPI 3.1.',
      content: { [JSON_TYPE]: z.looseObject({ openapi: z.literal('3.1.0') }) },
      headers: [],
    }),
  },
  {
    method: 'get',
    path: DOCS_PATH,
    id: 'showDescription',
    tag: 'description',
    summary: 'This description as a page to try it on',
    answers: keptAnswers({ description: 'The page.', content: { 'text/html': z.string() }, headers: [] }),
  },
  {
    method: 'get',
    path: `${DOCS_PATH}/{file}`,
    id: 'getPagePart',
    tag: 'description',
    summary: 'What the page is made of',
    parts: { file: { description: 'Its name.', example: 'start.js' } },
    answers: keptAnswers({
      description: 'A script or a style sheet.',
      content: { 'text/javascript': z.string(), 'text/css': z.string() },
      headers: [],
    }),
    errors: [404],
  },
]
