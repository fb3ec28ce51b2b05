/** As many as stand side by side and can still be read. */
export const MAX_COMPARED = 6
export const MIN_COMPARED = 2

/** The choice with a model in it or, where it was in it, without; as it is where it is full. */
export function toggled(chosen: readonly string[], id: string): readonly string[] {
  if (chosen.includes(id)) return chosen.filter((other) => other !== id)
  return chosen.length < MAX_COMPARED ? [...chosen, id] : chosen
}
