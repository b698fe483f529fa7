import { escapeHtml } from './escapeHtml.ts'

export interface WelcomePageOptions {
  readonly name: string
  readonly version: string
  /** Where the page's own files are. */
  readonly assets: string
  readonly links: readonly { readonly href: string; readonly text: string }[]
}

/** The files of the page, in `core/assets`; `core/page` is what they are made from. */
export const welcomeFiles = ['page.js', 'page.css'] as const

/** Allows the page's own script, style and platform, and nothing else. */
export const welcomeCsp = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'"
].join('; ')

/**
 * What the root of the platform shows in a browser: how it does, its plugins and the last changes to who signs in, and
 * the way to its documents.
 */
export function welcomePage({ name, version, assets, links }: WelcomePageOptions): string {
  const title = escapeHtml(name)
  const [script, style] = welcomeFiles.map((file) => escapeHtml(`${assets}/${file}`))
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
<link rel="stylesheet" href="${style}">
<script type="module" src="${script}"></script>
</head>
<body>
<header>
<h1>${title}</h1>
<p>Version ${escapeHtml(version)}</p>
<p role="status" id="state"></p>
<p id="account" hidden><span id="who"></span> <button type="button" id="sign-out">Sign out</button></p>
</header>
<form id="sign-in" hidden>
<label>E-mail <input name="email" type="email" autocomplete="username" required></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
<button>Sign in</button>
<span id="message" role="alert"></span>
</form>
<section id="plugins" hidden>
<h2>Plugins</h2>
<div class="wide"><table>
<thead><tr><th>Name</th><th>Version</th><th>State</th><th></th></tr></thead>
<tbody id="plugin-rows"></tbody>
</table></div>
</section>
<section id="changes" hidden>
<h2>Changes <small id="connection"></small></h2>
<div class="wide"><table>
<thead><tr><th>No.</th><th>Time</th><th>Resource</th><th>Action</th><th>Record</th><th>By</th></tr></thead>
<tbody id="change-rows"></tbody>
</table></div>
</section>
<footer>
<h2>Documents</h2>
<ul>
${items.join('\n')}
</ul>
</footer>
</body>
</html>
`
}
