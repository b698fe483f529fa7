import { errorKinds } from '@signalbox/plugin'
import { closedObject, type JsonSchema } from './JsonSchema.ts'

const kinds = Object.values(errorKinds)
const text = { type: 'string' }

/** An error, at every door but that of the named socket commands. */
export const errorSchema: JsonSchema = closedObject(
  {
    name: { type: 'string', enum: kinds.map(({ name }) => name) },
    message: { type: 'string', description: 'What happened, and the way out' },
    code: { type: 'integer', enum: kinds.map(({ status }) => status), description: 'The HTTP status' },
    className: { type: 'string', enum: kinds.map(({ className }) => className) },
    data: { type: 'object', description: 'Facts a program can act on' },
    errors: {
      type: 'array',
      description: 'The fields at fault, by dotted path',
      items: closedObject({ field: text, message: text })
    }
  },
  ['name', 'message', 'code', 'className']
)

/** What a method answers that declares no answer of its own. */
export const successSchema: JsonSchema = closedObject({ success: { const: true } })
