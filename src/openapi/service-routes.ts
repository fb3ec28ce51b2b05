import { DATASET_PATH, datasetSchema } from '../http/dataset.ts'
import { REFRESH_PATH, refreshSchema } from '../http/refresh.ts'
import { MANIFEST_PATH, manifestSchema, SNAPSHOT_PATH } from '../http/snapshot.ts'
import { SQL_PATH, sqlAnswerSchema, statementSchema } from '../http/sql.ts'
import type { HeaderName } from './headers.ts'
import { type Answer, JSON_TYPE, keptAnswers, momentaryAnswers, NO_QUERY, type Route } from './route.ts'

const FILE: Record<string, undefined> = { 'application/vnd.sqlite3': undefined }
const FILE_HEADERS: HeaderName[] = ['ETag', 'Accept-Ranges', 'Cache-Control', 'X-Dataset-Version']
const WHOLE: Answer = {
  description: 'The file.',
  content: FILE,
  headers: [...FILE_HEADERS, 'Content-Disposition', 'Repr-Digest'],
}

export const SERVICE_ROUTES: Route[] = [
  {
    method: 'get',
    path: DATASET_PATH,
    id: 'getDataset',
    tag: 'service',
    summary: 'What is served, and how old it is',
    query: NO_QUERY,
    answers: keptAnswers({
      description: 'Where the catalog is from, and how the last refresh went.',
      content: { [JSON_TYPE]: datasetSchema },
      headers: ['X-Dataset-Version'],
    }),
    example: { path: DATASET_PATH },
  },
  {
    method: 'post',
    path: REFRESH_PATH,
    id: 'refresh',
    tag: 'service',
    summary: 'Bring the catalog up to date',
    description:
      'From the source that is configured. It answers when it is done, and goes on when the client does not wait.',
    query: NO_QUERY,
    answers: momentaryAnswers({
      description: 'What it did.',
      content: { [JSON_TYPE]: refreshSchema },
      headers: ['X-Dataset-Version'],
    }),
    errors: [409, 502, 504],
  },
  {
    method: 'get',
    path: SNAPSHOT_PATH,
    id: 'getSnapshot',
    tag: 'service',
    summary: 'The catalog as one file',
    description:
      'An SQLite file. `Range`, `If-Range`, `If-Match` and `If-None-Match` work as RFC 9110 has them.',
    query: NO_QUERY,
    answers: {
      200: WHOLE,
      206: { ...WHOLE, description: 'A part of it.', headers: [...WHOLE.headers, 'Content-Range'] },
      304: { description: 'What `If-None-Match` names is still right; no body.', headers: FILE_HEADERS },
      412: { description: '`If-Match` names another file; no body.', headers: FILE_HEADERS },
      416: { description: 'No such part; no body.', headers: [...FILE_HEADERS, 'Content-Range'] },
    },
  },
  {
    method: 'get',
    path: MANIFEST_PATH,
    id: 'getSnapshotManifest',
    tag: 'service',
    summary: 'What the file is',
    query: NO_QUERY,
    answers: keptAnswers({
      description: 'Its digests and counts.',
      content: { [JSON_TYPE]: manifestSchema },
      headers: ['X-Dataset-Version'],
    }),
  },
  {
    method: 'post',
    path: SQL_PATH,
    id: 'runSql',
    tag: 'service',
    summary: 'A question in SQL',
    description: 'One statement that reads. A 404 unless the service was started with `--sql`.',
    query: NO_QUERY,
    body: statementSchema,
    answers: momentaryAnswers({
      description: 'Its rows.',
      content: { [JSON_TYPE]: sqlAnswerSchema },
      headers: ['X-Dataset-Version'],
    }),
    errors: [404],
    example: {
      path: SQL_PATH,
      body: { sql: 'SELECT id, output_usd FROM v_model WHERE id = ?', params: ['openai/gpt-5.6'] },
    },
  },
]
