import { isSignalboxError } from '@signalbox/client'
import { byId, row, show } from './elements.ts'
import type { Platform } from './platform.ts'

const everyMs = 5000

/** Shows how the platform does and, to those who may know, its plugins, for as long as the page is open. */
export function showState(platform: Platform, mayAsk: () => boolean): () => void {
  const refresh = async (): Promise<void> => {
    await Promise.all([showHealth(platform), showPlugins(platform, mayAsk())])
  }
  setInterval(() => document.hidden || void refresh(), everyMs)
  return () => void refresh()
}

async function showHealth(platform: Platform): Promise<void> {
  const { status, reasons } = await platform.health
    .find({ timeoutMs: everyMs })
    .catch(() => ({ status: 'unreachable', reasons: [] }))
  const state = byId('state')
  state.textContent = status
  state.className = status
  state.title = reasons.join('\n')
}

async function showPlugins(platform: Platform, mayAsk: boolean): Promise<void> {
  const section = byId('plugins')
  if (!mayAsk) return show(section, false)
  try {
    const { plugins } = await platform.status.find({ timeoutMs: everyMs })
    const rows = Object.entries(plugins).map(([name, { version, state, error = '' }]) =>
      row(name, version, state, error)
    )
    byId('plugin-rows').replaceChildren(...rows)
    show(section, true)
  } catch (error) {
    // What was shown stays while the platform is away.
    if (isSignalboxError(error, 'forbidden') || isSignalboxError(error, 'unauthorized')) show(section, false)
  }
}
