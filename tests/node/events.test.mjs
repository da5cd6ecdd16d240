// Logs as arrays of rows.
import assert from 'node:assert/strict'
import { createReadStream, readFileSync } from 'node:fs'
import { test } from 'node:test'

import { SsprError, events, roundtrip } from 'sspr'

import { LOG, all } from './support.mjs'

const xml = (count) =>
  Array.from(
    { length: count },
    (_, index) =>
      `<Event><System><Provider Name='PasswordResetService'/><EventID>31002</EventID>` +
      `<TimeCreated SystemTime='2026-11-20T08:00:00Z'/><EventRecordID>${index + 1}</EventRecordID></System>` +
      `<EventData><Data>PasswordResetSuccess</Data></EventData></Event>\n`,
  ).join('')

test('events come in arrays, by the filter', async () => {
  const own = await all(events.read(LOG))
  assert.ok(own.length > 100)
  assert.ok(own.every(({ provider, time }) => provider === 'PasswordResetService' && time instanceof Date))
  const everything = await all(events.read(LOG, { providers: [] }))
  assert.ok(everything.length > own.length)
  const failures = await all(events.read(LOG, { ids: [33004] }))
  assert.deepEqual(new Set(failures.map(({ id }) => id)), new Set([33004]))
  const since = new Date('2026-11-18T00:00:00Z')
  const late = await all(events.read(LOG, { since }))
  assert.deepEqual(late, own.filter(({ time }) => time >= since))
  assert.deepEqual(await all(events.read(LOG, { until: since })), own.filter(({ time }) => time < since))
})

test('bytes and streams give the same events as the file', async () => {
  const own = await all(events.read(LOG))
  assert.deepEqual(await all(events.read(readFileSync(LOG))), own)
  assert.deepEqual(await all(events.read({ name: 'log', data: createReadStream(LOG) })), own)
})

test('a long log comes in many arrays, and a break stops it', async () => {
  assert.equal((await all(events.read(Buffer.from(xml(12_345))))).length, 12_345)
  let cancelled = false
  const endless = new ReadableStream({
    pull: (controller) => controller.enqueue(new TextEncoder().encode(xml(500))),
    cancel: () => {
      cancelled = true
    },
  })
  let count = 0
  for await (const some of events.read({ name: 'endless', data: endless })) {
    count += some.length
    if (count > 5_000) break
  }
  await new Promise((resolve) => setTimeout(resolve, 50))
  assert.ok(cancelled)
})

test('nothing is read ahead of the caller but a little', async () => {
  let pulled = 0
  const slow = new ReadableStream({
    pull: (controller) => {
      pulled += 1
      controller.enqueue(new TextEncoder().encode(xml(1_000)))
    },
  })
  for await (const _ of events.read({ name: 'slow', data: slow })) {
    await new Promise((resolve) => setTimeout(resolve, 200))
    break
  }
  assert.ok(pulled < 40, `${pulled} thousand events were pulled for one`)
})

test('what could not be read is counted and located', async () => {
  const broken = xml(1) + '<Event><System><Provider Name="x"/><EventID>no number</EventID></System></Event>' + xml(1)
  const stream = events.read(Buffer.from(broken), { providers: [] })
  assert.equal(stream.lost, 0)
  await all(stream)
  assert.ok(stream.lost > 0)
  assert.equal(typeof stream.faults[0].error.place, 'string')
})

test('what is no log is an error, and a log is read once', async () => {
  await assert.rejects(all(events.read(Buffer.from('nothing of the kind'))), { name: 'SsprError', code: 'unrecognised' })
  await assert.rejects(all(events.read('/there/is/no/such/file')), SsprError)
  const stream = events.read(LOG)
  await all(stream)
  await assert.rejects(all(stream), { name: 'TypeError' })
})

test('aborting ends an iteration with the reason', async () => {
  const control = new AbortController()
  const stream = events.read(Buffer.from(xml(20_000)), { signal: control.signal })
  await assert.rejects(async () => {
    for await (const _ of stream) control.abort()
  }, { name: 'AbortError' })
})

test('operations are joined, of a log and of events at hand', async () => {
  const found = await all(roundtrip.operations(LOG))
  assert.ok(found.some(({ outcome }) => outcome === 'written'))
  const denied = found.find(({ cause }) => cause?.key === 'accessDenied')
  assert.ok(denied.start instanceof Date && denied.chain.length > 1)
  assert.equal(roundtrip.operations(await all(events.read(LOG))).length, found.length)
})

test('an event tells its meaning and its cause', async () => {
  const [event] = await all(events.read(LOG, { ids: [33004] }))
  assert.equal(events.cause(event).key, 'accessDenied')
  assert.equal(events.lookUp(event.provider, event.id).symbol, 'ADPermissionsError')
  assert.equal(events.lookUp('nobody', 1), null)
  assert.equal(events.cause({ ...event, provider: 'nobody' }), null)
})

test('Arrow is an IPC stream', async () => {
  for (const table of [await events.readArrow(LOG), await roundtrip.readArrow(createReadStream(LOG))]) {
    assert.ok(Buffer.isBuffer(table))
    assert.equal(table.readUInt32LE(0), 0xffffffff)
    assert.equal(table.readUInt32LE(table.length - 4), 0)
  }
  await assert.rejects(events.readArrow(Buffer.from('nothing of the kind')), { code: 'unrecognised' })
})
