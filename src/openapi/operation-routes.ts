import { z } from 'zod'
import { METRICS_PATH } from '../http/metrics.ts'
import { HEALTH_PATH, healthSchema, READY_PATH, readySchema, unreadySchema } from '../http/probes.ts'
import { JSON_TYPE, momentaryAnswers, type Route } from './route.ts'

export const OPERATION_ROUTES: Route[] = [
  {
    method: 'get',
    path: HEALTH_PATH,
    id: 'getHealth',
    tag: 'service',
    summary: 'Whether it is alive',
    isUncounted: true,
    answers: momentaryAnswers({
      description: 'It is.',
      content: { [JSON_TYPE]: healthSchema },
      headers: [],
    }),
    example: { path: HEALTH_PATH },
  },
  {
    method: 'get',
    path: READY_PATH,
    id: 'getReadiness',
    tag: 'service',
    summary: 'Whether it is ready for requests',
    description: 'The catalog can be read, and is not older than is configured.',
    isUncounted: true,
    answers: {
      ...momentaryAnswers({ description: 'It is.', content: { [JSON_TYPE]: readySchema }, headers: [] }),
      503: {
        description: 'It is not; why.',
        content: { [JSON_TYPE]: unreadySchema },
        headers: ['Cache-Control', 'Vary'],
      },
    },
  },
  {
    method: 'get',
    path: METRICS_PATH,
    id: 'getMetrics',
    tag: 'service',
    summary: 'What is counted of the service',
    description: 'Needs no token where `MODELDEX_OPEN_METRICS` is set.',
    answers: momentaryAnswers({
      description: 'Metrics in the text format of Prometheus.',
      content: { 'text/plain': z.string() },
      headers: [],
    }),
  },
]
