import { z } from 'zod'
import { DOCS_PATH } from '../http/docs-page.ts'
import { OPENAPI_PATH } from '../http/openapi.ts'
import { ASSETS_PATH, PAGE_PATH } from '../http/page.ts'
import { JSON_TYPE, keptAnswers, type Route } from './route.ts'

export const DESCRIPTION_ROUTES: Route[] = [
  {
    method: 'get',
    path: PAGE_PATH,
    id: 'showPage',
    tag: 'page',
    summary: 'The page to find, compare and choose models on',
    answers: keptAnswers({ description: 'The page.', content: { 'text/html': z.string() }, headers: [] }),
  },
  {
    method: 'get',
    path: `${ASSETS_PATH}/{file}`,
    id: 'getAsset',
    tag: 'page',
    summary: 'What that page is made of',
    parts: { file: { description: 'Its name.', example: 'page.js' } },
    answers: keptAnswers({
      description: 'A script, a style sheet or a picture.',
      content: { 'text/javascript': z.string(), 'text/css': z.string(), 'image/svg+xml': z.string() },
      headers: [],
    }),
    errors: [404],
  },
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
