import { Type, type Static } from 'typebox'

/** What a deployment says about its recorder. */
export const recorderConfig = Type.Object({
  ffmpegPath: Type.Optional(
    Type.String({ description: 'The ffmpeg to use; else the one on the PATH, else the packaged one' })
  ),
  storage: Type.String({
    default: 'recordings',
    description: 'Where recordings go; relative to the data directory'
  }),
  outputRoots: Type.Array(Type.String(), {
    default: [],
    description: 'Folders beside the storage that a job may write to'
  }),
  fileRoots: Type.Array(Type.String(), {
    default: [],
    description: 'Folders that file cameras may read from'
  }),
  networks: Type.Array(Type.String(), {
    default: [],
    description: 'Networks that cameras may be in, as CIDR; empty: any but link-local and metadata addresses'
  }),
  programs: Type.Array(Type.String(), {
    default: [],
    description: 'Absolute paths of the programs that a custom command may run; empty: none'
  })
})

export type RecorderConfig = Static<typeof recorderConfig>
