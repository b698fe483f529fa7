// Made by signalbox generate from manifest 9c5d3aee08fdecc2254371ab04daee2f; do not edit.
/* eslint-disable */
import { createClient as connect, type Client, type ClientOptions } from '@signalbox/client'
import { core, type CoreServices, type CoreCommands } from './core.js'
import { recorder, type RecorderServices, type RecorderCommands } from './recorder.js'

export * from './core.js'
export * from './recorder.js'

/** The hash of the manifest that this was made from. */
export const manifestHash = '9c5d3aee08fdecc2254371ab04daee2f'

/** A client of Signalbox 0.1.0, with @signalbox/core 0.1.0, @signalbox/recorder 0.1.0. */
export type Signalbox = Client<CoreServices & RecorderServices, CoreCommands & RecorderCommands>

/** Makes a client with everything that is installed there. */
export function createClient(options: Omit<ClientOptions, 'parts' | 'manifestHash'>): Signalbox {
  return connect({ ...options, parts: [core, recorder], manifestHash }) as unknown as Signalbox
}
