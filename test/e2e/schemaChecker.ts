import { Ajv } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'

/** Says in what a value is not of a schema of the document; undefined where it is. */
export type CheckSchema = (schema: object, value: unknown) => string | undefined

/** Checks values by the schemas of a document, in the dialect that its kind of document has. */
export function schemaChecker(document: object, dialect: 'draft-07' | '2020-12'): CheckSchema {
  const options = { strict: false, validateFormats: false, allErrors: true }
  const ajv = dialect === '2020-12' ? new Ajv2020(options) : new Ajv(options)
  ajv.addSchema({ ...document, $id: 'document' })
  return (schema, value) => {
    // References of the document are to itself, by the name that it has here.
    const whole = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/'))
    if (ajv.validate(whole, value)) return undefined
    return `${ajv.errorsText(ajv.errors)} in ${JSON.stringify(value)?.slice(0, 1000)}`
  }
}
