import { AppError } from '../errors.ts'

/**
 * The model that a decoded path names behind a prefix: the provider up to the first slash, all else is the model ID.
 * @throws AppError `not_found`
 */
export function modelOf(path: string, prefix: string): [provider: string, modelId: string] {
  const id = path.slice(prefix.length + 1)
  const slash = id.indexOf('/')
  if (slash < 1 || slash === id.length - 1) {
    const route = prefix.slice(prefix.lastIndexOf('/'))
    throw new AppError('not_found', `No such route: a model is ${route}/{provider}/{model_id}`)
  }
  return [id.slice(0, slash), id.slice(slash + 1)]
}
