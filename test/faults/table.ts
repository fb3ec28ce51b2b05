import { NO_DESCRIPTORS } from './descriptors.ts'
import { FULL_DISK, FULL_QUOTA } from './disk.ts'
import type { Fault } from './fault.ts'
import { REPLACED, REPLACED_CARELESSLY, SPOILED_FILE, UNREADABLE } from './file.ts'
import { INGEST, KILLED_INGEST } from './ingests.ts'
import { HANGING_UPSTREAM } from './upstream.ts'
import { IRREPLACEABLE_WORKER, KILLED_WORKER } from './workers.ts'

/** What is done to the service, in this order. */
export const FAULTS: readonly Fault[] = [
  INGEST,
  KILLED_INGEST,
  KILLED_WORKER,
  IRREPLACEABLE_WORKER,
  FULL_DISK,
  FULL_QUOTA,
  REPLACED,
  REPLACED_CARELESSLY,
  ...SPOILED_FILE,
  UNREADABLE,
  NO_DESCRIPTORS,
  HANGING_UPSTREAM,
]
