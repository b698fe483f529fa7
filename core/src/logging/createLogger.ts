import { pino, type Logger as Pino } from 'pino'
import { currentRequest } from './requestContext.ts'

export interface LoggerOptions {
  readonly level: string
  readonly file?: string | undefined
  /** Values that must not appear anywhere in a log, whatever field they stand in. */
  readonly secretValues?: readonly string[]
}

const hiddenFields = ['password', 'secret', 'token', 'accessToken', 'refreshToken', 'authorization', 'cookie']

/** Structured logs: one JSON object a line, with the id of the request it was written for. */
export function createLogger({ level, file, secretValues = [] }: LoggerOptions): Pino {
  const secrets = secretValues.filter((value) => value.length >= 4)
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: () => {
        const { requestId } = currentRequest()
        return requestId === undefined ? {} : { requestId }
      },
      redact: {
        paths: hiddenFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
        censor: '[hidden]'
      },
      ...(secrets.length > 0 && { hooks: { streamWrite: (line: string) => hide(line, secrets) } })
    },
    pino.destination({ dest: file ?? 2, mkdir: true, sync: true })
  )
}

function hide(line: string, secrets: readonly string[]): string {
  let hidden = line
  for (const secret of secrets) hidden = hidden.replaceAll(JSON.stringify(secret).slice(1, -1), '[hidden]')
  return hidden
}
