// Copies the document viewers' browser bundles out of their packages into core/assets, so that a
// deployment serves them offline without installing the viewers' own dependency trees.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)
const assets = join(dirname(fileURLToPath(import.meta.url)), '..', 'assets')
const bundles = [
  'swagger-ui-dist/swagger-ui.css',
  'swagger-ui-dist/swagger-ui-bundle.js',
  'redoc/bundles/redoc.standalone.js'
]

mkdirSync(assets, { recursive: true })
for (const bundle of bundles) {
  const text = readFileSync(require.resolve(bundle), 'utf8')
  // Redoc draws its maker's logo from a CDN; a page of the platform loads nothing from elsewhere.
  writeFileSync(
    join(assets, bundle.split('/').at(-1)),
    text.replaceAll(/https:\/\/cdn\.redoc\.ly\/[\w./-]+/g, 'data:,')
  )
}
