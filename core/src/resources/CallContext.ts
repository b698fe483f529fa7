import type { HookContext } from '@feathersjs/feathers'
import type { CallParams } from './CallParams.ts'

/** One call on its way: the Feathers hook context with the platform's params. */
export interface CallContext extends HookContext {
  params: CallParams
}
