// Prints lines at a steady rate: printLines.js <lines a second> <lines>. A plain script, so that any node runs it.
const [perSecond, count] = process.argv.slice(2).map(Number)
const start = performance.now()
let printed = 0

const timer = setInterval(() => {
  const due = Math.min(count, Math.floor(((performance.now() - start) / 1000) * perSecond))
  let text = ''
  while (printed < due)
    text += `measurement ${++printed} of the pressure in the third tank: ${printed * 7} Pa\n`
  process.stdout.write(text)
  if (printed === count) clearInterval(timer)
}, 10)
