/** What an error says, for a status page: a database’s words carry SQL and values, so only their code is told. */
export function errorSentence(error: unknown): string {
  const { message, severity, code } = (error ?? {}) as { message?: string; severity?: string; code?: string }
  if (severity !== undefined && code !== undefined)
    return `The database refused a statement (${code}); the log says more.`
  return message ?? String(error)
}
