// Fills core/assets, from which a deployment serves its pages offline: the document viewers' browser bundles, copied out
// of their packages so that nobody installs the viewers' own dependency trees, and the page at the root, bundled from
// core/page.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const require = createRequire(import.meta.url)
const core = join(dirname(fileURLToPath(import.meta.url)), '..')
const assets = join(core, 'assets')
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

await build({
  entryPoints: { page: join(core, 'page/main.ts') },
  outdir: assets,
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  conditions: ['source', 'browser'],
  legalComments: 'none',
  logLevel: 'warning'
})
