import { createClient } from '@signalbox/client'
import { core, recorderPart } from '../support/clientParts.ts'

/** What the browser test opens: signs in, and shows the cameras as they are now. */
const url = new URLSearchParams(location.search).get('platform')
const client = createClient({
  url,
  parts: [core, recorderPart],
  session: {
    get: () => JSON.parse(localStorage.getItem('signalbox') ?? 'null') ?? undefined,
    set: (tokens) => localStorage.setItem('signalbox', JSON.stringify(tokens ?? null))
  }
})
const show = (id, text) => (document.getElementById(id).textContent = text)

document.getElementById('sign-in').addEventListener('submit', (event) => {
  event.preventDefault()
  const { email, password } = Object.fromEntries(new FormData(event.target))
  client.signIn({ email, password }).then(begin, ({ code }) => show('who', code))
})

function begin() {
  show('who', client.session.user?.email)
  const cameras = client.cameras.live({ enabled: true })
  const render = () => {
    const items = cameras.records.map(({ name }) =>
      Object.assign(document.createElement('li'), { textContent: name })
    )
    document.getElementById('cameras').replaceChildren(...items)
    show('state', cameras.current ? 'current' : 'behind')
  }
  cameras.subscribe(render)
  client.cameras.on('created', ({ name }) => show('newest', name))
}

void client.session.load().then((user) => (user ? begin() : show('who', 'nobody')))
