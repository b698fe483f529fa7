import { createHash } from 'node:crypto'
import { escapeHtml } from './escapeHtml.ts'

export interface WelcomePageOptions {
  readonly name: string
  readonly version: string
  readonly links: readonly { readonly href: string; readonly text: string }[]
}

const style = `:root { color-scheme: light dark }
body { font: 1rem/1.6 system-ui, sans-serif; max-width: 36rem; margin: 4rem auto; padding: 0 1rem }
h1 { margin-bottom: 0 }
h1 + p { margin-top: 0; opacity: .7 }`

const styleHash = createHash('sha256').update(style).digest('base64')

/** Allows the page's one style, and nothing else. */
export const welcomeCsp = [
  "default-src 'none'",
  `style-src 'sha256-${styleHash}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'"
].join('; ')

/** What the root of the platform shows in a browser: what it is, and the way to its documents. */
export function welcomePage({ name, version, links }: WelcomePageOptions): string {
  const title = escapeHtml(name)
  const items = links.map(
    ({ href, text }) => `<li><a href="${escapeHtml(href)}">${escapeHtml(text)}</a></li>`
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<h1>${title}</h1>
<p>Version ${escapeHtml(version)}</p>
<ul>
${items.join('\n')}
</ul>
</body>
</html>
`
}
