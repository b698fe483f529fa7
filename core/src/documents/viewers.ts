import { escapeHtml } from './escapeHtml.ts'

/** A page that shows the OpenAPI document. */
export interface Viewer {
  readonly title: string
  /** The files it needs, in `core/assets` or among `viewerScripts`. */
  readonly scripts: readonly string[]
  readonly styles: readonly string[]
  readonly csp: string
}

const common = [
  "default-src 'none'",
  "script-src 'self'",
  // Both viewers set styles on elements while they draw.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'"
]

export const swaggerUi: Viewer = {
  title: 'REST API',
  scripts: ['swagger-ui-bundle.js', 'swagger-init.js'],
  styles: ['swagger-ui.css'],
  csp: common.join('; ')
}

/** Redoc searches in a worker that it makes itself. */
export const redoc: Viewer = {
  title: 'REST API reference',
  scripts: ['redoc.standalone.js', 'redoc-init.js'],
  styles: [],
  csp: [...common, 'worker-src blob:'].join('; ')
}

/** What starts the viewers: files of their own, because the pages allow no script inside them. */
export const viewerScripts: Readonly<Record<string, string>> = {
  'swagger-init.js': `const viewer = document.getElementById('viewer')
SwaggerUIBundle({
  url: viewer.dataset.document,
  domNode: viewer,
  deepLinking: true,
  displayOperationId: true,
  validatorUrl: null
})
`,
  'redoc-init.js': `const viewer = document.getElementById('viewer')
Redoc.init(viewer.dataset.document, {}, viewer)
`
}

export interface ViewerPageOptions {
  /** The name of the platform. */
  readonly name: string
  /** Where the viewers' files are. */
  readonly assets: string
  /** Where the OpenAPI document is. */
  readonly document: string
}

/** The page of a viewer. */
export function viewerPage(viewer: Viewer, { name, assets, document }: ViewerPageOptions): string {
  const base = escapeHtml(assets)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(`${name}: ${viewer.title}`)}</title>
<link rel="icon" href="data:,">
${viewer.styles.map((file) => `<link rel="stylesheet" href="${base}/${file}">`).join('\n')}
</head>
<body>
<div id="viewer" data-document="${escapeHtml(document)}"></div>
${viewer.scripts.map((file) => `<script src="${base}/${file}"></script>`).join('\n')}
</body>
</html>
`
}
