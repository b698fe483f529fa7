import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createAsyncApi } from './asyncapi.ts'
import type { DocumentsInput } from './DocumentsInput.ts'
import { createManifest } from './manifest.ts'
import { createOpenApi } from './openapi.ts'
import { redoc, swaggerUi, viewerPage, viewerScripts, type Viewer } from './viewers.ts'
import { welcomeCsp, welcomeFiles, welcomePage } from './welcomePage.ts'

/** A document or a page, ready to be sent. */
export interface DocumentPage {
  readonly type: string
  readonly body: string | Buffer
  /** Changes when the body does; without quotes. */
  readonly etag: string
  /** How long it may be kept without asking again. Undefined: it must be asked for each time. */
  readonly cacheSeconds?: number
  /** Whether it is there for all even where the documents are not: the page at the root, and its files. */
  readonly isWelcome?: true
  /** The `Content-Security-Policy` of a page. */
  readonly csp?: string
}

export interface DocumentPages {
  /** What is at this path, base path included; undefined where no document is. */
  get(path: string): DocumentPage | undefined
}

/** `core/assets`, seen from both `core/src/documents` and `core/lib/documents`. */
const assetDirectory = new URL('../../assets/', import.meta.url)
const assetSeconds = 86_400

/** The documents and the pages that show them. Each is written when it is first asked for, and then kept. */
export function createDocumentPages(input: DocumentsInput): DocumentPages {
  const writers = pageWriters(input)
  const written = new Map<string, DocumentPage>()
  return {
    get: (path) => {
      const place = path.length > 1 ? path.replace(/\/$/, '') : path
      const known = written.get(place)
      if (known) return known
      const page = writers.get(place)?.()
      if (page) written.set(place, page)
      return page
    }
  }
}

type Writer = () => DocumentPage

function pageWriters(input: DocumentsInput): ReadonlyMap<string, Writer> {
  const { name, version, basePath } = input
  const api = `${basePath}/api`
  const assets = `${api}/docs/assets`
  const welcomeAssets = `${basePath}/assets`
  const viewer = (one: Viewer): DocumentPage =>
    htmlPage(viewerPage(one, { name, assets, document: `${api}/openapi.json` }), one.csp)
  const links = [
    { href: `${api}/docs`, text: 'REST API, to try out' },
    { href: `${api}/redoc`, text: 'REST API, to read' },
    { href: `${api}/openapi.json`, text: 'OpenAPI' },
    { href: `${api}/asyncapi.json`, text: 'AsyncAPI (Socket.IO)' },
    { href: `${basePath}/.well-known/signalbox.json`, text: 'Manifest' },
    { href: `${api}/health`, text: 'Health' }
  ]
  const pages: Readonly<Record<string, Writer>> = {
    [basePath || '/']: () => ({
      ...htmlPage(welcomePage({ name, version, assets: welcomeAssets, links }), welcomeCsp),
      isWelcome: true
    }),
    [`${api}/docs`]: () => viewer(swaggerUi),
    [`${api}/redoc`]: () => viewer(redoc),
    [`${api}/openapi.json`]: () => jsonPage(createOpenApi(input)),
    [`${api}/asyncapi.json`]: () => jsonPage(createAsyncApi(input)),
    [`${basePath}/.well-known/signalbox.json`]: () => {
      const manifest = createManifest(input)
      return { ...jsonPage(manifest), etag: manifest.hash }
    }
  }
  const files = [swaggerUi, redoc].flatMap(({ scripts, styles }) => [...scripts, ...styles])
  return new Map([
    ...Object.entries(pages),
    ...welcomeFiles.map((file): [string, Writer] => [
      `${welcomeAssets}/${file}`,
      () => ({ ...assetPage(file), isWelcome: true })
    ]),
    ...files.map((file): [string, Writer] => [`${assets}/${file}`, () => assetPage(file)])
  ])
}

function htmlPage(body: string, csp: string): DocumentPage {
  return { type: 'text/html; charset=utf-8', body, csp, etag: digest(body) }
}

function jsonPage(document: object): DocumentPage {
  const body = JSON.stringify(document)
  return { type: 'application/json; charset=utf-8', body, etag: digest(body) }
}

function assetPage(file: string): DocumentPage {
  const type = file.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8'
  const body = viewerScripts[file] ?? readFileSync(new URL(file, assetDirectory))
  return { type, body, cacheSeconds: assetSeconds, etag: digest(body) }
}

function digest(body: string | Buffer): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 32)
}
