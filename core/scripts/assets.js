// Copies the document viewers' browser bundles out of their packages into core/assets, so that a
// deployment serves them offline without installing the viewers' own dependency trees.
import { copyFileSync, mkdirSync } from 'node:fs'
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
for (const bundle of bundles) copyFileSync(require.resolve(bundle), join(assets, bundle.split('/').at(-1)))
