import assert from 'node:assert/strict'
import { cameraUrl } from './cameraUrl.ts'

const camera = { id: 'c', name: 'c', protocol: 'rtsp', url: 'rtsp://cam:554/live?ch=1' } as const

describe('cameraUrl', () => {
  it('is the URL itself where there are no credentials', () => {
    assert.equal(cameraUrl(camera), 'rtsp://cam:554/live?ch=1')
  })

  it('encodes credentials so that they read back the same', () => {
    const password = "p@ss/w:r'd$& é"
    const url = cameraUrl({ ...camera, username: 'ad@min', password })
    assert.ok(!url.includes("'") && !url.includes(' '))
    assert.equal(decodeURIComponent(new URL(url).password), password)
    assert.equal(decodeURIComponent(new URL(url).username), 'ad@min')
    assert.equal(new URL(url).host, 'cam:554')
  })

  it('replaces credentials that the URL brings', () => {
    assert.equal(
      cameraUrl({ ...camera, url: 'rtsp://a:b@cam/x', username: 'u', password: 'p' }),
      'rtsp://u:p@cam/x'
    )
  })

  it('lets nothing break out of single quotes or of its line', () => {
    const url = cameraUrl({ ...camera, url: "rtsp://cam/'\nfile '/etc/passwd" })
    assert.ok(!/['\s]/.test(url), url)
  })
})
