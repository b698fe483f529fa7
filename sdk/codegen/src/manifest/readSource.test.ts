import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { temporaryDirectory } from '../../../../test/support/temporaryDirectory.ts'
import { manifest } from '../testManifest.test.ts'
import { readSource } from './readSource.ts'

/** Serves while `act` runs, which is given the address. */
async function serving(answer: RequestListener, act: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    await act(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

describe('the source of a manifest', () => {
  it('is a deployment, with or without its base path, a slash at the end or the whole address', async () => {
    const asked: string[] = []
    const answer: RequestListener = ({ url = '' }, response) => {
      asked.push(url)
      response.end(JSON.stringify(manifest()))
    }
    await serving(answer, async (url) => {
      for (const place of ['', '/', '/site', '/site/', '/.well-known/signalbox.json', '/files/manifest.json'])
        assert.equal((await readSource(url + place)).hash, 'abc123')
    })
    const known = '/.well-known/signalbox.json'
    assert.deepEqual(asked, [known, known, `/site${known}`, `/site${known}`, known, '/files/manifest.json'])
  })

  it('says what was answered in its place', async () => {
    const answers: [status: number, body: string, sentence: RegExp][] = [
      [404, 'nothing', /^http:\/\/127\.0\.0\.1:\d+\/\.well-known\/signalbox\.json answers 404 Not Found\.$/],
      [503, '', /answers 503 Service Unavailable\.$/],
      [200, '<!doctype html>', /signalbox\.json is no JSON, and so no manifest\.$/],
      [200, '{"swagger":"2.0"}', /is no manifest of a Signalbox deployment\.$/],
      [200, 'null', /is no manifest of a Signalbox deployment\.$/]
    ]
    for (const [status, body, message] of answers) {
      const answer: RequestListener = (_, response) => void response.writeHead(status).end(body)
      await serving(answer, (url) => assert.rejects(readSource(url), { message }))
    }
    let gone = ''
    await serving(
      () => {},
      async (url) => void (gone = url)
    )
    await assert.rejects(readSource(gone), { message: /cannot be reached: ECONNREFUSED\.$/ })
  })

  it('does not take a password in an address, and does not tell it on', async () => {
    await assert.rejects(readSource('https://me:s3cret@site.example/'), ({ message }: Error) => {
      assert.match(message, /^Leave the user name and the password out of the URL of site\.example/)
      return !message.includes('s3cret')
    })
    await assert.rejects(readSource('http://'), { message: 'http:// is no URL.' })
  })

  it('is a file, whose manifest is whole and of the format that is known', async () => {
    const directory = await temporaryDirectory()
    try {
      const file = join(directory.path, 'manifest.json')
      const cases: [content: object, sentence: RegExp][] = [
        [
          { ...manifest(), $type: 'signalbox/manifest@2' },
          /of the format signalbox\/manifest@2, and this .* install the version/
        ],
        [{ ...manifest(), commands: undefined }, /manifest\.json is not whole: it has no commands\.$/],
        [{ ...manifest(), hash: undefined }, /is not whole: it has no hash\.$/],
        [
          { ...manifest(), hash: 'x\nprocess.exit()' },
          /has the hash "x\\nprocess\.exit\(\)", which is none\.$/
        ],
        [
          { ...manifest(), plugins: [{ name: 'x', version: '1.0.0', short: '../x' }] },
          /has a plugin with the short name "\.\.\/x", which is none\.$/
        ]
      ]
      for (const [content, message] of cases) {
        await writeFile(file, JSON.stringify(content))
        await assert.rejects(readSource(file), { message })
      }
      await writeFile(file, JSON.stringify(manifest()))
      assert.deepEqual(await readSource(file), manifest())
      const absent = join(directory.path, 'absent.json')
      await assert.rejects(readSource(absent), {
        message: `${absent} cannot be read: there is no such file.`
      })
      await assert.rejects(readSource(directory.path), { message: /cannot be read: EISDIR\.$/ })
    } finally {
      await directory.remove()
    }
  })
})
