import assert from 'node:assert/strict'
import { testPlatform } from '@signalbox/testing'

describe('Leftovers', () => {
  let ofSuite: string
  let ofTest: string

  before(async () => {
    ofSuite = (await testPlatform()).url
  })

  it('are made', async () => {
    ofTest = (await testPlatform()).url
  })

  it('of a test are gone after it', async () => {
    await assert.rejects(fetch(ofTest))
  })

  it('of a suite are there until the end', async () => {
    assert.equal((await fetch(ofSuite)).status, 200)
  })
})
