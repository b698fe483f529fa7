/** One file of a client. */
export interface GeneratedFile {
  readonly name: string
  readonly text: string
}

/** How a file of the client imports another: `./core.js`, `./core.ts` or `./core`. */
export type ImportExtension = 'js' | 'ts' | 'none'
