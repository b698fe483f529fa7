import assert from 'node:assert/strict'
import { PlatformError } from '@signalbox/plugin'
import { encodeError, toPlatformError } from './encodeError.ts'

describe('An error on the wire', () => {
  it('keeps its kind when another copy of the class made it', () => {
    const { $type, kind, code, name, className } = new PlatformError('forbidden', 'Not yours.')
    const foreign = Object.assign(new Error('Not yours.'), { $type, kind, code, name, className })
    assert.equal(toPlatformError(foreign), foreign)
    assert.deepEqual(encodeError(toPlatformError(foreign)), {
      name: 'Forbidden',
      message: 'Not yours.',
      code: 403,
      className: 'forbidden'
    })
  })

  it('keeps the status of a Feathers error, whichever copy of Feathers made it', () => {
    const feathers = Object.assign(new Error('Gone fishing.'), {
      type: 'FeathersError',
      code: 403,
      name: 'Forbidden'
    })
    assert.equal(toPlatformError(feathers).code, 403)
    assert.equal(toPlatformError(Object.assign(feathers, { code: 500 })).kind, 'internal')
    assert.equal(toPlatformError(Object.assign(feathers, { code: 418 })).kind, 'internal')
  })

  it('says nothing of what is not meant for a caller, but the id under which the log has it', () => {
    for (const thrown of [
      new Error('select secret'),
      'secret',
      null,
      undefined,
      5,
      { message: 'secret', code: 403 }
    ]) {
      const { message, ...rest } = encodeError(toPlatformError(thrown, 'r-1'))
      assert.equal(message, 'Something went wrong on the server. Its request id is r-1.')
      assert.deepEqual(rest, { name: 'GeneralError', code: 500, className: 'general-error' })
    }
  })
})
