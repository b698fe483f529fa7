import { errorKinds, type ErrorKind } from '@signalbox/plugin'
import { keysOf } from './keysOf.ts'
import { schemaRef } from './schemaNames.ts'

const json = 'application/json'

const sentences: Readonly<Record<ErrorKind, string>> = {
  invalid: 'The request is not well formed; `errors` names the fields',
  unauthorized: 'Not signed in',
  forbidden: 'Signed in, but without the permission',
  notFound: 'Not there, or not for this caller',
  methodNotAllowed: 'The path does not answer this verb',
  conflict: 'A duplicate, a stale version or the wrong state',
  tooLarge: 'The body is too large',
  unsupportedMediaType: 'The body is not JSON',
  refused: 'Refused by a peer, or by a rule that only it knows',
  locked: 'The account is locked',
  tooManyRequests: 'Too many requests',
  internal: 'Something went wrong on the server',
  unavailable: 'A peer, or the platform itself, is not there'
}

/** Content of the media type that all answers have. */
export function jsonContent(schema: unknown): Readonly<Record<string, unknown>> {
  return { [json]: { schema } }
}

const errorContent = jsonContent(schemaRef('Error'))

/** The error answers by Feathers name, all of one form; `OtherError` is any that an operation does not list. */
export const errorResponses = {
  ...Object.fromEntries(
    keysOf(errorKinds).map((kind) => [
      errorKinds[kind].name,
      {
        description: sentences[kind],
        ...(kind === 'tooManyRequests' && {
          headers: { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } }
        }),
        content: errorContent
      }
    ])
  ),
  OtherError: { description: 'Any other error', content: errorContent }
}

export const headers = {
  ETag: {
    description: 'The version of the record, in quotes',
    schema: { type: 'string', examples: ['"3"'] }
  },
  Location: { description: 'Where the new record is', schema: { type: 'string' } },
  Link: {
    description: 'Where a list was cut off: the rest of it, `rel="next"`',
    schema: { type: 'string' }
  },
  TotalCount: {
    description: 'The number of all records, where nothing was cut off a plain list',
    schema: { type: 'integer' }
  },
  RetryAfter: { description: 'Seconds to wait', schema: { type: 'integer' } }
}

export const parameters = {
  Id: { name: 'id', in: 'path', required: true, description: 'The record', schema: { type: 'string' } },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    description: 'The `ETag` that the change is meant for; a stale one is a 409',
    schema: { type: 'string' }
  },
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description: 'For a day, a call with the same key gets the first answer again',
    schema: { type: 'string', minLength: 1, maxLength: 200 }
  }
}

export const securitySchemes = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'The `accessToken` of `POST /auth/login`'
  }
}
