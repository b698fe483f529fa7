import './page.css'
import { isSignalboxError } from '@signalbox/client'
import { byId, show } from './elements.ts'
import { connect } from './platform.ts'
import { changeEvents, showFeed } from './showFeed.ts'
import { showState } from './showState.ts'

const base = new URL('.', import.meta.url).pathname.replace(/\/assets\/$/, '')
const platform = connect(`${location.origin}${base}`)
const form = byId<HTMLFormElement>('sign-in')
const message = byId('message')
let isOpen = false

const refresh = showState(platform, () => isOpen || platform.session.user !== undefined)

function enter(): void {
  const user = platform.session.user as { readonly email?: string } | undefined
  const isIn = isOpen || user !== undefined
  show(form, !isIn)
  show(byId('account'), user !== undefined)
  show(byId('changes'), isIn)
  byId('who').textContent = user?.email ?? ''
  refresh()
  if (isIn) void platform.connection.connect().catch(() => {})
  else platform.connection.close()
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  const { email, password } = Object.fromEntries(new FormData(form)) as { email: string; password: string }
  message.textContent = ''
  platform.signIn({ email, password }).then(
    () => form.reset(),
    (error: unknown) => (message.textContent = isSignalboxError(error) ? error.message : String(error))
  )
})
byId('sign-out').addEventListener('click', () => void platform.signOut().catch(() => {}))

const health = await platform.health.find().catch(() => undefined)
isOpen = health?.auth === 'open'
showFeed(platform, await changeEvents(`${location.origin}${base}`))
platform.session.onChange(enter)
await platform.session.load().catch(enter)
