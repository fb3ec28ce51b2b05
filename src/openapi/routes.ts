import { CATALOG_ROUTES } from './catalog-routes.ts'
import { DESCRIPTION_ROUTES } from './description-routes.ts'
import { HISTORY_ROUTES } from './history-routes.ts'
import type { Route } from './route.ts'
import { SERVICE_ROUTES } from './service-routes.ts'

/** Every route that is served. */
export const ROUTES: readonly Route[] = [
  ...CATALOG_ROUTES,
  ...HISTORY_ROUTES,
  ...SERVICE_ROUTES,
  ...DESCRIPTION_ROUTES,
]
