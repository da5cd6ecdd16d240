// Bad input is normal input: an error in JavaScript's own manner, never the end of the process.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { Worker } from 'node:worker_threads'

import * as sspr from 'sspr'

import { CONTOSO, LOG, addon, require } from './support.mjs'

const { SsprError, assess, directory, events, explain, policy, readiness, Snapshot, writeback } = sspr

const PACKAGE = JSON.stringify(require.resolve('sspr'))
const typeError = { name: 'TypeError' }
const own = (code, place) => (error) => {
  assert.ok(error instanceof SsprError && error instanceof Error)
  assert.equal(error.name, 'SsprError')
  assert.equal(error.code, code)
  if (place) assert.equal(error.place, place)
  assert.ok(error.message.length > 0 && !error.message.includes('sspr:'))
  assert.match(error.stack, /bad\.test\.mjs/)
  return true
}

test('wrong types are TypeErrors', async () => {
  for (const wrong of [undefined, null, 7, true, Symbol('x'), 7n, {}, [], () => {}]) {
    assert.throws(() => explain(wrong), typeError)
    assert.throws(() => policy.checkUpn(wrong), typeError)
    assert.throws(() => directory.SecurityDescriptor.fromBytes(wrong), typeError)
  }
  for (const wrong of [undefined, null, 7, {}, [7], [null], { name: 1, data: '' }, { name: 'x', data: 1 }]) {
    if (!(Array.isArray(wrong) && wrong.length === 0)) await assert.rejects(assess(wrong), typeError)
  }
  for (const options of [null, 7, { asOf: '2026' }, { asOf: 7 }, { signal: {} }, { progress: 1 }, { config: {} }]) {
    await assert.rejects(assess([], options), typeError)
  }
  await assert.rejects(readiness.assess({}), typeError)
  assert.throws(() => directory.check({}, {}, 'Reset Password'), typeError)
  assert.throws(() => policy.SsprPolicy({}), typeError)
  assert.throws(() => sspr.main('assess'), typeError)
  assert.throws(() => events.read(7), typeError)
  assert.throws(() => Object.getOwnPropertyDescriptor(Snapshot.prototype, 'size').get.call({}), typeError)
})

test('wrong shapes are SsprErrors that name the place', () => {
  assert.throws(() => new policy.SsprPolicy({ scop: 'all' }), own('value', 'line 1'))
  assert.throws(() => new policy.SsprPolicy('{"scope":'), own('syntax', 'line 1'))
  assert.throws(() => readiness.Configuration.parse('off = []\n[thresholds]\nwrong = 1\n'), own('syntax', 'line 3'))
  assert.throws(() => directory.SecurityDescriptor.fromBytes(new Uint8Array(3)), own('truncated'))
  assert.throws(() => new directory.Sid('S-1'), SsprError)
  assert.throws(() => policy.parseAuthorizationPolicy('[]'), own('value'))
  assert.throws(() => events.parseEvent('<Event>'), SsprError)
  assert.throws(() => sspr.schema('nothing'), own('value'))
  assert.throws(() => sspr.licensing.entitlement('{'), own('truncated'))
})

test('a draft with several faults lists them all', () => {
  assert.throws(
    () => new policy.SsprPolicy({ scope: { scope: 'all' }, methodsRequired: 3, reconfirmDays: 900 }),
    (error) => {
      assert.deepEqual(error.faults.map(({ field }) => field), ['methodsRequired', 'reconfirmDays'])
      return own('value')(error)
    },
  )
  assert.throws(
    () => new writeback.Server({ host: 'https://aadc01', version: '0.1' }),
    (error) => error.faults.map(({ place }) => place).join() === '/host,/version',
  )
  assert.throws(() => new directory.PasswordPolicy({ minimumLength: 999 }), own('value'))
})

test('lone surrogates are refused and not replaced', async () => {
  for (const text of ['\ud800', 'a\udc00b']) {
    assert.throws(() => explain(text), typeError)
    await assert.rejects(assess({ name: text, data: '' }), typeError)
    await assert.rejects(assess(text), typeError)
    assert.throws(() => new policy.SsprPolicy({ helpdeskLink: text }), typeError)
    assert.throws(() => directory.Token.exact('S-1-5-18', [text]), typeError)
  }
  assert.ok(explain('a pair 😀').asked)
})

test('huge, negative, broken and wrapped numbers are refused', async () => {
  for (const wrong of [-1, 1.5, NaN, Infinity, 2 ** 32, 2 ** 64, 2n ** 64n, -1n, '5', new Number(5)]) {
    assert.throws(() => events.lookUp('PasswordResetService', wrong), typeError)
    assert.throws(() => writeback.dotnetFit(wrong), typeError)
  }
  assert.equal(events.lookUp('PasswordResetService', 33004n).id, 33004)
  await assert.rejects(Snapshot.read(LOG, { limits: { itemBytes: 2 ** 60 } }), typeError)
})

test('invalid dates are refused', async () => {
  await assert.rejects(assess([], { asOf: new Date(NaN) }), typeError)
  assert.throws(() => writeback.standing('2.5.79.0', new Date('yesterday')), typeError)
})

test('values that have no JSON are refused', () => {
  const cycle = {}
  cycle.self = cycle
  assert.throws(() => new policy.SsprPolicy(cycle), typeError)
  assert.throws(() => new policy.SsprPolicy({ methodsRequired: 2n }), typeError)
  assert.throws(() => new policy.SsprPolicy({ toJSON: () => undefined }), typeError)
})

test('random bytes are skipped with a reason', async () => {
  const snapshot = await Snapshot.read({ name: 'random', data: new Uint8Array([0x9a, 1, 0xfe, 0, 0x13, 0x37]) })
  assert.equal(snapshot.evidence.length, 0)
  assert.equal(snapshot.skipped[0].reason.code, 'unrecognised')
  const missing = await Snapshot.read('/there/is/no/such/file')
  assert.equal(missing.skipped[0].reason.code, 'io')
})

test('a panic is an error and the process goes on', () => {
  const { panicNow } = addon().loader
  if (!panicNow) return // a release build has no such function
  assert.throws(() => panicNow(), /"code":"panic".*on purpose/)
})

test('a process ends by itself, whatever was left unfinished', () => {
  const program = `
    const { assess, events, roundtrip, Snapshot, watch } = require('sspr')
    globalThis.kept = [new roundtrip.Correlator(), new watch.Watch(${JSON.stringify(CONTOSO)})]
    kept[0].pushEvent({ provider: 'PasswordResetService', id: 31002, data: [] })
    kept[1].look().catch(() => {})
    const stream = events.read(${JSON.stringify(LOG)})
    const begun = stream[Symbol.asyncIterator]()
    begun.next().then(() => {
      events.read({ name: 'never', data: new ReadableStream({}) })
      assess(${JSON.stringify(CONTOSO)}, { signal: AbortSignal.timeout(1) }).catch(() => {})
      Snapshot.read(${JSON.stringify(CONTOSO)}).then((snapshot) => console.log(snapshot.size))
    })`
  const out = execFileSync(process.execPath, ['-e', program], { cwd: import.meta.dirname, timeout: 60_000 })
  assert.equal(out.toString(), '123\n')
})

test('worker threads load the addon and end', async () => {
  const program = `
    const { parentPort } = require('node:worker_threads')
    require(${PACKAGE}).assess(${JSON.stringify(CONTOSO)}).then((report) => parentPort.postMessage(report.people))`
  const ended = Array.from({ length: 3 }, () => {
    const worker = new Worker(program, { eval: true })
    return new Promise((resolve, reject) => {
      let people
      worker.on('message', (found) => {
        people = found
      })
      worker.on('error', reject)
      worker.on('exit', () => resolve(people))
    })
  })
  for (const people of await Promise.all(ended)) assert.equal(people.inScope, 93)
})

test('a worker that is ended in the middle of its work does not take the process along', async () => {
  const program = `
    const { assess } = require(${PACKAGE})
    assess({ name: 'x', data: new ReadableStream({}) })
    require('node:worker_threads').parentPort.postMessage('begun')`
  const worker = new Worker(program, { eval: true })
  await new Promise((resolve) => worker.once('message', resolve))
  await worker.terminate()
})

test('without an addon the error says so', () => {
  const program = `
    const Module = require('node:module')
    const load = Module._load
    Module._load = (file, ...rest) => { if (file.endsWith('.node')) { const e = new Error('gone'); e.code = 'MODULE_NOT_FOUND'; throw e } return load(file, ...rest) }
    require('sspr')`
  const done = spawnSync(process.execPath, ['-e', program], { cwd: import.meta.dirname })
  assert.notEqual(done.status, 0)
  assert.match(done.stderr.toString(), /no addon that loads on/)
})
