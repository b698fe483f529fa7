import { createClient, isSignalboxError } from '@signalbox/client'
import { recorder } from '../signalbox/recorder.js'

// Only the part that the page uses: what other plugins have is not in its bundle.
const url = new URLSearchParams(location.search).get('platform') ?? 'http://127.0.0.1:3030'
const client = createClient({ url, parts: [recorder] })

const form = document.querySelector('form') as HTMLFormElement
const status = document.querySelector('[role=status]') as HTMLElement
const list = document.querySelector('ul') as HTMLElement

form.addEventListener('submit', (event) => {
  event.preventDefault()
  const { email, password } = Object.fromEntries(new FormData(form)) as { email: string; password: string }
  client.signIn({ email, password }).then(showCameras, showFailure)
})

function showCameras(): void {
  form.hidden = true
  const cameras = client.cameras.live({ $sort: { name: 1 } })
  cameras.subscribe(() => {
    status.textContent = cameras.current ? `${cameras.records.length} cameras` : 'catching up …'
    list.replaceChildren(
      ...cameras.records.map(({ name, enabled }) => item(enabled ? name : `${name} (off)`))
    )
  })
}

function showFailure(error: unknown): void {
  status.textContent = isSignalboxError(error, 'unauthorized') ? 'That is not right.' : String(error)
}

function item(text: string): HTMLElement {
  const made = document.createElement('li')
  made.textContent = text
  return made
}
