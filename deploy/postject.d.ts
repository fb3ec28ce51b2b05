declare module 'postject' {
  /** Puts bytes into an executable file, as a resource that it finds by name. */
  export function inject(
    file: string,
    name: string,
    bytes: Buffer,
    options: { sentinelFuse: string },
  ): Promise<void>
}
