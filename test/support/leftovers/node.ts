import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testPlatform } from '@signalbox/testing'

void test('leaves a platform behind', async () => {
  const { url } = await testPlatform()
  assert.equal((await fetch(url)).status, 200)
})
