import { errorOf } from '../http/errorOf.ts'
import { timeoutOf } from '../http/withDeadline.ts'
import type { TokenSource } from '../session/keepTokens.ts'
import { isSignalboxError, SignalboxError } from '../SignalboxError.ts'
import type { Doubt } from './Connection.ts'
import type { FeedPosition, Standing } from './feedPosition.ts'
import type { OpenSocket } from './OpenSocket.ts'

/** One connection, from its making to its end. */
export interface Link {
  /** Resolves with the answer to a command; rejects with the platform’s refusal. */
  call<T>(command: string, input: unknown): Promise<T>
  /** Ends it without a word. */
  close(error: SignalboxError): void
}

export interface LinkOptions {
  /** The address of the platform, its base path included, without a slash at the end. */
  readonly url: string
  readonly io: OpenSocket
  readonly tokens: TokenSource
  readonly token: string | undefined
  readonly position: FeedPosition
  /** Hears every event, each change once. */
  readonly onEvent: (event: string, payload: unknown) => void
  readonly onReset: (doubt: Doubt) => void
  /** It is made, and what was missed is told. */
  readonly onReady: () => void
  /** It broke, or could not be made; `unauthorized` is that its token is not taken. */
  readonly onEnd: (error: SignalboxError) => void
}

/** How long it may take to be made, and to be told what was missed. What was told by then is not told again. */
const patienceMs = 60_000

export function openLink(options: LinkOptions): Link {
  const { tokens, position, onEvent, onReset, onReady } = options
  let { token } = options
  let isOver = false
  /** What was asked and is not answered yet. */
  const waiting = new Set<(error: SignalboxError) => void>()
  const { origin, pathname: path } = new URL(`${options.url}/socket.io`)
  const socket = options.io(origin, {
    path,
    auth: { token },
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    reconnection: false,
    forceNew: true
  })

  const timer = setTimeout(() => end(timeoutOf('connecting', patienceMs)), patienceMs)
  const call = <T>(command: string, input: unknown): Promise<T> =>
    new Promise((resolve, reject) => {
      waiting.add(reject)
      const answered = (error: { code: number; message: string } | null, result: T): void => {
        waiting.delete(reject)
        if (error) reject(errorOf(error.code, error))
        else resolve(result)
      }
      socket.emit(command, ...(input === undefined ? [] : [input]), answered)
    })
  const close = (error: SignalboxError): void => {
    isOver = true
    clearTimeout(timer)
    socket.off()
    socket.offAny()
    socket.disconnect()
    for (const reject of waiting) reject(error)
  }
  const end = (error: SignalboxError): void => {
    if (isOver) return
    close(error)
    options.onEnd(error)
  }
  const catchUp = async (standing: Standing): Promise<void> => {
    try {
      const leftOff = position.greet(standing)
      if (leftOff) position.resumed(await call('resume', leftOff))
      clearTimeout(timer)
      onReady()
    } catch (error) {
      // Where it left off makes no sense to the platform: it begins anew.
      if (isSignalboxError(error, 'invalid')) {
        position.forget()
        onReset({})
      }
      end(error as SignalboxError)
    }
  }
  /** The token runs out: gives the platform the next one, and goes on. */
  const renew = async (): Promise<void> => {
    try {
      const accessToken = await tokens.refresh(token ?? '')
      if (!accessToken || isOver) return
      await call('auth:refresh', { accessToken })
      token = accessToken
    } catch (error) {
      end(error as SignalboxError)
    }
  }

  socket.on('connect_error', ({ message }: Error) =>
    end(message === 'Unauthorized' ? errorOf(401, { message: 'Sign in first.' }) : broken(message))
  )
  socket.on('disconnect', (reason: string) => end(broken(reason)))
  socket.onAny((event, payload) => {
    const tell = (): void => onEvent(event, payload)
    if (event === 'hello') void catchUp(payload as Standing)
    if (event === 'auth:expiring') void renew()
    if (event === 'reset') {
      position.reset(payload)
      onReset(payload)
    }
    if (event.endsWith('-changed') && payload?.seq) position.change(payload.seq, tell)
    else tell()
  })
  return { call, close }
}

function broken(reason: string): SignalboxError {
  return new SignalboxError('unreachable', `Not connected: ${reason}`)
}
