import { listeners, type Listeners } from '../events/listeners.ts'
import { backOff } from '../http/backOff.ts'
import { follow } from '../events/follow.ts'
import { withDeadline } from '../http/withDeadline.ts'
import type { CallOptions } from '../ResourceClient.ts'
import { identityOf } from '../session/identityOf.ts'
import type { TokenSource } from '../session/keepTokens.ts'
import { closedError } from '../closedError.ts'
import type { SignalboxError } from '../SignalboxError.ts'
import type { Connection, ConnectionState, Doubt } from './Connection.ts'
import { feedPosition } from './feedPosition.ts'
import { openLink, type Link } from './openLink.ts'
import type { OpenSocket } from './OpenSocket.ts'

/** The one connection of a client, as the rest of the client uses it. */
export interface Realtime {
  readonly connection: Connection
  /** Hears an event, and sees that there is a connection. */
  hear(event: string, listener: (payload: any) => unknown): () => void
  /** Makes it, where that was not done. */
  wake(): void
  /** Asks the platform over the socket, as soon as there is one. */
  send(command: string, input: unknown, options?: CallOptions): Promise<any>
  /** Whether nothing that happens from now on is missed, be the connection away or not. */
  isKnown(): boolean
  /** Somebody signed in or out. */
  turn(): void
}

export interface RealtimeOptions {
  /** The address of the platform, its base path included, without a slash at the end. */
  readonly url: string
  /** Called when a connection is first needed. */
  readonly io: () => Promise<OpenSocket>
  readonly tokens: TokenSource
  readonly timeoutMs: number
  readonly closing: AbortSignal
}

/** A connection that held for so long was a good one: the next pause is a short one again. */
const steadyMs = 10_000
/** Another tab may sign in, and a key that sleeps may wake up. */
const refusedMs = 60_000

/** Makes the connection when it is needed, and again whenever it breaks. */
export function openRealtime({ url, io, tokens, timeoutMs: usualMs, closing }: RealtimeOptions): Realtime {
  const position = feedPosition()
  const events = new Map<string, Listeners<any>>()
  const states = listeners<ConnectionState>()
  const resets = listeners<Doubt>()
  let state: ConnectionState = 'idle'
  let error: SignalboxError | undefined
  let link: Link | undefined
  /** Grows with each attempt: what an earlier one waited for is of no interest any more. */
  let attempts = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let tries = 0
  /** Whether the token of this attempt is as new as can be. */
  let isRefreshed = false
  let who: string | undefined

  const enter = (next: ConnectionState, why?: SignalboxError): void => {
    error = why
    if (state === next) return
    state = next
    states.tell(state)
  }
  const leave = (): void => {
    attempts++
    clearTimeout(timer)
    link?.close(closedError('connection'))
    link = undefined
  }
  /** It broke, or could not be made: it is tried again after a pause. */
  const lose = (why: SignalboxError): void => {
    leave()
    timer = setTimeout(open, backOff(tries++))
    enter('waiting', why)
  }
  const giveUp = (why: SignalboxError): void => {
    leave()
    timer = setTimeout(open, refusedMs * (0.5 + Math.random()))
    enter('refused', why)
  }
  const meet = (token: string | undefined): void => {
    const before = who
    who = identityOf(token)
    if (before === undefined || before === who) return
    position.forget()
    resets.tell({ isStranger: true })
  }
  const open = (): void => {
    if (closing.aborted) return
    leave()
    enter('connecting', error)
    const attempt = attempts
    attach(() => attempt === attempts).catch((why: SignalboxError) => attempt === attempts && lose(why))
  }
  const attach = async (isOn: () => boolean): Promise<void> => {
    const [openSocket, token] = await Promise.all([io(), tokens.token()])
    if (!isOn()) return
    meet(token)
    const why = await new Promise<SignalboxError>((onEnd) => {
      link = openLink({
        url,
        io: openSocket,
        tokens,
        token,
        position,
        onEvent: (event, payload) => events.get(event)?.tell(payload),
        onReset: resets.tell,
        onReady: () => {
          isRefreshed = false
          timer = setTimeout(() => (tries = 0), steadyMs)
          enter('connected')
        },
        onEnd
      })
    })
    if (why.code !== 'unauthorized') throw why
    // Nobody is let in with this token; there may be a next one.
    enter('connecting', why)
    const next = token && (await tokens.refresh(token))
    if (!isOn()) return
    if (!next) return giveUp(why)
    if (isRefreshed) throw why
    isRefreshed = true
    open()
  }
  const wake = (): void => {
    if (state === 'idle') open()
  }
  const whenMade = <T>(
    what: string,
    { timeoutMs = usualMs, signal }: CallOptions = {},
    act: (made: Link) => Promise<T>
  ): Promise<T> => {
    let stop = (): void => {}
    const made = (): Promise<Link> =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (link && state === 'connected') resolve(link)
          else if (state === 'refused') reject(error as SignalboxError)
        }
        stop = states.add(look)
        wake()
        look()
      })
    return withDeadline({ what, timeoutMs, signals: [closing, signal], why: () => error }, () =>
      made().then(act)
    ).finally(() => stop())
  }
  const close = (): void => {
    leave()
    enter('idle')
  }
  follow(closing, close)

  return {
    connection: {
      get state() {
        return state
      },
      get error() {
        return error
      },
      onChange: states.add,
      onReset: resets.add,
      connect(options) {
        if (state === 'waiting' || state === 'refused') open()
        return whenMade('connecting', options, async () => {})
      },
      close
    },
    hear(event, listener) {
      const heard = events.get(event) ?? listeners()
      events.set(event, heard)
      wake()
      return heard.add(listener)
    },
    wake,
    send: (command, input, options) => whenMade(command, options, (made) => made.call(command, input)),
    isKnown: position.isKnown,
    turn() {
      tries = 0
      if (state === 'idle') resets.tell({ isStranger: true })
      else open()
    }
  }
}
