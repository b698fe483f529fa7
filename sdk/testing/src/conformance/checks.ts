import type { Check, DeclarationCheck } from './Check.ts'
import { describesAll } from './declaration/describesAll.ts'
import { namesThings } from './declaration/namesThings.ts'
import { prefixesTables } from './declaration/prefixesTables.ts'
import { guards } from './live/guards.ts'
import { hasPermissions } from './live/hasPermissions.ts'
import { isDocumented } from './live/isDocumented.ts'
import { keepsSecrets } from './live/keepsSecrets.ts'
import { livesAndDies } from './live/livesAndDies.ts'
import { namesFields } from './live/namesFields.ts'
import { runs } from './live/runs.ts'
import { tellsChanges } from './live/tellsChanges.ts'

export const declarationChecks: readonly DeclarationCheck[] = [describesAll, namesThings, prefixesTables]

export const liveChecks: readonly Check[] = [
  runs,
  isDocumented,
  hasPermissions,
  guards,
  livesAndDies,
  tellsChanges,
  keepsSecrets,
  namesFields
]
