import type { BrowseQuery } from '../catalog/browse-params.ts'

/** Those of the catalog, which takes long to load. */
export const SORTS: readonly BrowseQuery['sort'][] = [
  'relevance',
  'newest',
  'name',
  'price',
  '-price',
  'context',
  '-context',
]

export const EXPORT_FORMATS = ['api.json', 'models.json', 'catalog.json', 'litellm', 'csv', 'ndjson'] as const
