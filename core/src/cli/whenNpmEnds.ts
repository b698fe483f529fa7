const everyMs = 250

/**
 * Calls back, once, when the shell in which `npm start` or `npx` runs this process is gone. npm passes a signal on to
 * that shell, which dies of it and leaves the process behind.
 */
export function whenNpmEnds(callback: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined) return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    callback()
  }, everyMs)
  timer.unref()
}
