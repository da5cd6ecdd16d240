// Streams as evidence, progress, and work that is stopped.
import assert from 'node:assert/strict'
import { createReadStream, readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { test } from 'node:test'

import { SsprError, assess, Snapshot } from 'sspr'

import { AS_OF, CONTOSO, LOG } from './support.mjs'

const report = async (data) => (await assess({ name: 'log', data }, { asOf: AS_OF })).json()

test('bytes, text and streams of every kind are the same evidence', async () => {
  const bytes = readFileSync(LOG)
  const expected = await report(bytes)
  assert.equal(await report(new Uint8Array(bytes)), expected)
  assert.equal(await report(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)), expected)
  assert.equal(await report(createReadStream(LOG)), expected)
  assert.equal(await report(createReadStream(LOG, { highWaterMark: 100 })), expected)
  assert.equal(await report(Readable.toWeb(createReadStream(LOG))), expected)
  assert.equal(await report(new Blob([bytes]).stream()), expected)
  assert.equal(await report(Readable.from([bytes.subarray(0, 10), new Uint8Array(0), bytes.subarray(10)])), expected)
  const toml = readFileSync(`${CONTOSO}/attested.toml`, 'utf8')
  assert.equal(await report(toml), await report(Readable.from([toml.slice(0, 50), toml.slice(50)])))
})

test('a path may be a file URL', async () => {
  const snapshot = await Snapshot.read(pathToFileURL(LOG))
  assert.equal(snapshot.evidence.length, 1)
})

test('several streams are read at once, and nothing waits for another', { timeout: 60_000 }, async () => {
  const all = Array.from({ length: 8 }, () => report(createReadStream(LOG)))
  assert.equal(new Set(await Promise.all(all)).size, 1)
  const many = Array.from({ length: 8 }, (_, index) => ({ name: `log${index}`, data: createReadStream(LOG) }))
  assert.equal((await Snapshot.read(many)).evidence.length, 8)
})

test('a stream that fails half way is an error that names it and keeps the cause', async () => {
  const cause = new Error('the disk is gone')
  async function* broken() {
    yield 'abc'
    throw cause
  }
  for (const data of [Readable.from(broken()), broken()]) {
    await assert.rejects(assess({ name: 'graph.json', data }), (error) => {
      assert.ok(error instanceof SsprError)
      assert.deepEqual([error.code, error.place, error.cause], ['io', 'graph.json', cause])
      return true
    })
  }
  const web = new ReadableStream({ start: (controller) => controller.error(cause) })
  await assert.rejects(assess({ name: 'graph.json', data: web }), { name: 'SsprError', code: 'io' })
})

test('a stream that is closed already is an error', async () => {
  const closed = createReadStream(LOG)
  closed.destroy()
  await assert.rejects(assess({ name: 'log', data: closed }), { name: 'SsprError', code: 'io' })
  const locked = new Blob(['x']).stream()
  locked.getReader()
  await assert.rejects(assess({ name: 'log', data: locked }), { name: 'TypeError' })
})

test('a stream of anything but text and bytes is a TypeError', async () => {
  await assert.rejects(assess({ name: 'log', data: Readable.from([1, 2]) }), { name: 'TypeError' })
})

test('progress names stages, inputs and bytes', async () => {
  const heard = []
  await assess(CONTOSO, { asOf: AS_OF, progress: (step) => heard.push(step) })
  assert.ok(heard.some(({ stage }) => stage === 'recognising'))
  const read = heard.find(({ stage, name }) => stage === 'reading' && name.endsWith('application.evtx'))
  assert.equal(typeof read.bytes, 'number')
})

test('an exception of the progress callback stops the work and comes out', async () => {
  const thrown = new RangeError('enough')
  const progress = () => {
    throw thrown
  }
  await assert.rejects(assess(CONTOSO, { progress }), (error) => error === thrown)
})

test('an aborted signal stops the work with its reason', async () => {
  const early = AbortSignal.abort(new Error('never mind'))
  await assert.rejects(assess(CONTOSO, { signal: early }), { message: 'never mind' })
  const control = new AbortController()
  const progress = () => control.abort()
  await assert.rejects(Snapshot.read(CONTOSO, { signal: control.signal, progress }), { name: 'AbortError' })
})

test('aborting ends work that waits for a stream that never ends', { timeout: 30_000 }, async () => {
  const event =
    "<Event><System><Provider Name='PasswordResetService'/><EventID>31002</EventID></System></Event>\n".repeat(500)
  let cancelled = false
  const endless = new ReadableStream({
    pull: (controller) => controller.enqueue(new TextEncoder().encode(event)),
    cancel: () => {
      cancelled = true
    },
  })
  const silent = new ReadableStream({})
  for (const data of [endless, silent]) {
    const signal = AbortSignal.timeout(100)
    await assert.rejects(assess({ name: 'endless', data }, { signal }), { name: 'TimeoutError' })
  }
  await new Promise((resolve) => setTimeout(resolve, 50))
  assert.ok(cancelled)
})

test('a stream that is no evidence is let go', { timeout: 30_000 }, async () => {
  const cancelled = Promise.withResolvers?.() ?? {}
  const noise = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
    cancel: () => cancelled.resolve?.(),
  })
  assert.equal((await Snapshot.read({ name: 'noise', data: noise })).skipped.length, 1)
  await cancelled.promise
})

test('limits bound what an input may cost', async () => {
  const snapshot = await Snapshot.read(CONTOSO, { limits: { files: 3 } })
  assert.equal(snapshot.skipped.length, 1)
  assert.equal(snapshot.skipped[0].reason.code, 'limit')
})
