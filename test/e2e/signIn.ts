/** Calls `/api` + path with JSON. */
export type Call = (method: string, path: string, body?: unknown) => Promise<{ status: number; body: any }>

/** Signs in over HTTP at a platform that runs in a process of its own. */
export async function signIn(url: string, email: string, password: string): Promise<Call> {
  const { status, body } = await callWith(url, {})('POST', '/auth/login', { email, password })
  if (status !== 200) throw new Error(`log-in of ${email}: ${status} ${JSON.stringify(body)}`)
  return callWith(url, { authorization: `Bearer ${body.accessToken}` })
}

function callWith(url: string, headers: Readonly<Record<string, string>>): Call {
  return async (method, path, body) => {
    const response = await fetch(`${url}/api${path}`, {
      method,
      // A socket that is kept alive would hold the test run open.
      headers: {
        ...headers,
        connection: 'close',
        ...(body !== undefined && { 'content-type': 'application/json' })
      },
      ...(body !== undefined && { body: JSON.stringify(body) })
    })
    return { status: response.status, body: await response.json() }
  }
}
