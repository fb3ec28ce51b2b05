import type { Failure } from './load.ts'
import type { Scene } from './scene.ts'

/** What shows that a fault happened, a line each; or why this machine does not let it happen. */
type Shown = string[] | { notRun: string }

/** One kind of harm that is done to the service while it is under load. */
export interface Fault {
  name: string
  /** @throws Error when the service does not bear it as it should */
  happen(scene: Scene): Promise<Shown>
  /** Whether this failed request is no more than what the fault costs; where left out, none may fail. */
  explains?(failure: Failure): boolean
}
