import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { LockGate } from './LockGate.ts'
import { openTaskRepository } from './openTaskRepository.ts'
import { memoryLog } from './support.test.ts'

describe('openTaskRepository', () => {
  const gate = new LockGate({ lockMs: 1000, log: memoryLog(), runs: () => false })

  it('says so, soon, when no MongoDB answers, and does not repeat its password', async () => {
    const url = 'mongodb://signalbox:secret@127.0.0.1:1/tasks'
    await assert.rejects(openTaskRepository({ kind: 'mongo', url, timeoutMs: 300 }, gate), (error: Error) => {
      assert.match(error.message, /^The MongoDB of the tasks cannot be used \(.*\): see that it runs/)
      assert(!error.message.includes('secret'))
      return true
    })
  })

  it('names the packages to install when MongoDB is asked for without them', async () => {
    const hook = `
      export async function resolve(specifier, context, next) {
        if (specifier !== 'mongodb') return next(specifier, context)
        throw Object.assign(new Error('Cannot find package mongodb'), { code: 'ERR_MODULE_NOT_FOUND' })
      }`
    const script = `
      import { register } from 'node:module'
      register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hook)}))
      const { openTaskRepository } = await import(${JSON.stringify(new URL('openTaskRepository.ts', import.meta.url).href)})
      await openTaskRepository({ kind: 'mongo', url: 'mongodb://127.0.0.1/' }).catch((error) => console.log(error.message))`
    const flags = ['--import=tsx', '--conditions=source', '--input-type=module', '--eval', script]
    const { stdout } = await promisify(execFile)(process.execPath, flags)
    assert.equal(
      stdout.trim(),
      'Tasks in MongoDB need two more packages: npm install @agendajs/mongo-backend mongodb'
    )
  })
})
