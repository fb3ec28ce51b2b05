import { AGENT_ROUTES } from './agent-routes.ts'
import { BROWSE_ROUTES } from './browse-routes.ts'
import { CATALOG_ROUTES } from './catalog-routes.ts'
import { DESCRIPTION_ROUTES } from './description-routes.ts'
import { FORMAT_ROUTES } from './format-routes.ts'
import { HISTORY_ROUTES } from './history-routes.ts'
import { MODEL_ROUTES } from './model-routes.ts'
import { OPERATION_ROUTES } from './operation-routes.ts'
import type { Route } from './route.ts'
import { SERVICE_ROUTES } from './service-routes.ts'

/** Every route that is served. */
export const ROUTES: readonly Route[] = [
  ...CATALOG_ROUTES,
  ...BROWSE_ROUTES,
  ...MODEL_ROUTES,
  ...HISTORY_ROUTES,
  ...FORMAT_ROUTES,
  ...SERVICE_ROUTES,
  ...AGENT_ROUTES,
  ...OPERATION_ROUTES,
  ...DESCRIPTION_ROUTES,
]
