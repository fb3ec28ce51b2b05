import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

export interface FileFingerprint {
  bytes: number
  /** In hex. */
  sha256: string
}

export async function fingerprintOfFile(file: string): Promise<FileFingerprint> {
  const sha256 = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength
    sha256.update(chunk)
  }
  return { bytes, sha256: sha256.digest('hex') }
}
