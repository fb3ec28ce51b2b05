/** The name of a model at its provider: all of its id behind the first slash. */
export function modelIdOf(id: string): string {
  return id.slice(id.indexOf('/') + 1)
}

/** A model's path behind a route: its slashes part of one segment, so that no `..` leads elsewhere. */
export function modelPath(id: string): string {
  const [provider = ''] = id.split('/', 1)
  return `${encodeURIComponent(provider)}/${encodeURIComponent(modelIdOf(id))}`
}
