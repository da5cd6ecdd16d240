// Operations: of several logs at once, and of what callers bring.
import assert from 'node:assert/strict'
import { createReadStream, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'

import { SsprError, events, roundtrip, snapshot } from 'sspr'

import { CONTOSO, LOG, REPORTS, all, roundTrip, stored, timed } from './support.mjs'

const { Correlator } = roundtrip
const { readOperations, readSupport, story } = snapshot

/** An operation as the core's own JSON has it. */
const bare = ({ time, milliseconds, decisive, ...operation }) => operation
const HISTORY = join(REPORTS, 'history')

/** Whether the event loop went on while something was awaited. */
async function whileTicking(work) {
  let ticks = 0
  const timer = setInterval(() => (ticks += 1), 1)
  try {
    return [await work(), () => ticks]
  } finally {
    clearInterval(timer)
  }
}

for (const name of ['contoso', 'history']) {
  test(`operations, summary and statistics of ${name} are those of Rust`, async () => {
    const expected = roundTrip(name)
    const read = await readOperations(expected.path)
    assert.ok(read.operations.length > 100)
    for (const part of ['summary', 'statistics', 'logs']) assert.deepEqual(timed(read[part]), timed(expected[part]), part)
    assert.deepEqual(timed(read.operations.map(bare)), timed(expected.operations))
    for (const { time, start, end, milliseconds, chain, decisive } of read.operations) {
      assert.ok(time === null || time instanceof Date)
      if (start && end) assert.ok(Math.abs(milliseconds - (end - start)) <= 1)
      assert.ok(decisive === null || chain.some((link) => link.time?.getTime() === decisive.time?.getTime()))
    }
    const bundle = await readSupport(expected.path, read.operations[expected.support.place])
    assert.equal(bundle.text(), expected.support.text)
    assert.deepEqual(bundle.operation, read.operations[expected.support.place])
    assert.deepEqual(timed(bundle.events), timed(expected.support.events))
    assert.equal(typeof bundle.leftOut, 'number')
  })
}

for (const name of ['contoso', 'history']) {
  test(`texts and stories of ${name} are those of Rust`, async () => {
    const { path, texts } = roundTrip(name)
    const read = await readOperations(path)
    assert.equal(roundtrip.text(read.statistics), texts.statistics)
    assert.equal(roundtrip.text(read.summary, { width: 80 }), texts.summary)
    for (const { user, text } of texts.stories) assert.equal(story(read, user === null ? {} : { user }), text)
    const [person, nobody] = texts.stories
    assert.equal(story(read, { user: person.user.toUpperCase() }), person.text)
    assert.match(nobody.text, /^No password operation of nobody@contoso.com/)
    const operation = read.operations.find(({ trackingId: id, person: whose }) => id && whose.user)
    const { trackingId } = operation
    assert.equal(story(read, { trackingId }), roundtrip.text(operation))
    assert.equal(story(read, { trackingId, user: operation.person.user, width: 80 }), roundtrip.text(operation))
    assert.ok(story(read, { user: person.user, color: true }).includes('\x1b['))
  })
}

test('some operations are counted', async () => {
  const read = await readOperations(HISTORY)
  assert.deepEqual(roundtrip.statistics(read.operations), read.statistics)
  assert.equal(roundtrip.text(roundtrip.statistics(read.operations)), roundtrip.text(read.statistics))
  const failed = read.operations.filter(({ kind, outcome }) => outcome === 'failed' && ['reset', 'change'].includes(kind))
  const counted = roundtrip.statistics(new Set(failed))
  assert.deepEqual([counted.operations, counted.outcomes], [failed.length, { failed: failed.length }])
  const correlator = new Correlator()
  correlator.pushEvent(event(31002, 2, 'PasswordResetSuccess'))
  const found = await correlator.finish()
  assert.equal(roundtrip.statistics([...failed, ...found.operations]).operations, failed.length + 1)
  assert.equal(story(found), roundtrip.text(found.operations[0]))
  assert.equal(story(found, { user: 'x' }).startsWith('No password operation of x in these logs.'), true)
  assert.deepEqual([roundtrip.statistics([]).operations, roundtrip.text(found.summary)], [0, ''])
})

test('texts are told of what was given, and of no copy', async () => {
  const read = await readOperations(LOG)
  for (const wrong of [undefined, null, 7, 'x', {}, structuredClone(read.operations[0]), read, read.logs, structuredClone(read.summary)]) {
    assert.throws(() => roundtrip.text(wrong), { name: 'TypeError' })
    assert.throws(() => roundtrip.statistics([wrong]), { name: 'TypeError' })
  }
  for (const wrong of [undefined, null, 7, {}]) assert.throws(() => roundtrip.statistics(wrong), { name: 'TypeError' })
  for (const wrong of [undefined, null, 7, {}, { ...read }, read.operations[0]]) assert.throws(() => story(wrong), { name: 'TypeError' })
  for (const wrong of [null, 7, { user: 7 }, { trackingId: 7 }, { width: 'wide' }, { color: 1 }]) {
    assert.throws(() => story(read, wrong), { name: 'TypeError' }, JSON.stringify(wrong))
  }
  assert.throws(() => story(read, { trackingId: 'five' }), { name: 'SsprError', code: 'value' })
  for (const style of [{ width: -1 }, { color: 'red' }]) {
    for (const thing of [read.operations[0], read.statistics, read.summary]) {
      assert.throws(() => roundtrip.text(thing, style), { name: 'TypeError' })
    }
  }
})

test('several threads, all of a log and a stream give the same operations', async () => {
  const expected = timed(roundTrip('history').operations)
  const many = await readOperations(HISTORY, { jobs: 4, verify: true })
  assert.deepEqual(timed(many.operations.map(bare)), expected)
  const streams = readdirSync(HISTORY).map((name) => ({ name: join(HISTORY, name), data: createReadStream(join(HISTORY, name)) }))
  assert.deepEqual(timed((await readOperations(streams)).operations.map(bare)), expected)
  const [url] = (await readOperations([pathToFileURL(LOG)])).logs.logs
  assert.equal(url.name, LOG)
})

test('one log gives the same operations as it is read', async () => {
  const { operations } = await readOperations(LOG)
  assert.deepEqual(await all(roundtrip.operations(LOG)), operations)
  assert.deepEqual(await all(roundtrip.operations(LOG, { hold: 5_000_000, jobs: 2 })), operations)
  // The audit log alone tells of operations too.
  const audit = join(CONTOSO, 'graph/directoryAudits.json')
  assert.deepEqual(await all(roundtrip.operations(audit)), (await readOperations(audit)).operations)
  await assert.rejects(all(roundtrip.operations(LOG, { skew: -1 })), { name: 'SsprError', code: 'value' })
  const bounded = await roundtrip.readArrow(LOG, { since: new Date('2026-11-18T00:00:00Z') })
  assert.ok(bounded.length < (await roundtrip.readArrow(LOG)).length)
})

test('the event loop goes on while logs are read and joined', async () => {
  const steps = []
  const [read, ticks] = await whileTicking(() => readOperations(HISTORY, { progress: (step) => steps.push(step) }))
  assert.ok(read.operations.length > 200 && ticks() > 2)
  assert.ok(steps.some(({ stage }) => stage === 'reading'))
})

test('since, until and providers choose what is joined', async () => {
  const whole = await readOperations(LOG)
  const middle = whole.operations[Math.floor(whole.operations.length / 2)].time
  const late = await readOperations(LOG, { since: middle })
  assert.ok(late.operations.length < whole.operations.length && late.operations.every(({ time }) => time >= middle))
  const early = await readOperations(LOG, { until: middle })
  assert.ok(early.operations.every(({ time }) => time <= middle))
  const nothing = await readOperations(LOG, { providers: ['nobody'] })
  assert.deepEqual([nothing.operations, nothing.statistics.operations, nothing.logs.logs[0].events], [[], 0, 0])
})

test('what is no log is skipped with a reason', async () => {
  const read = await readOperations([{ name: 'notes.txt', data: 'nothing of the kind' }, '/there/is/no/such/file'])
  assert.deepEqual(read.logs.skipped.map(({ reason }) => reason.code), ['io', 'unrecognised'])
  assert.deepEqual([read.operations, read.logs.logs], [[], []])
})

test('work that is stopped ends with the reason of its caller', async () => {
  await assert.rejects(readOperations(HISTORY, { signal: AbortSignal.abort() }), { name: 'AbortError' })
  const reason = new Error('enough')
  const control = new AbortController()
  const progress = () => control.abort(reason)
  await assert.rejects(readOperations(HISTORY, { signal: control.signal, progress }), reason)
  const thrown = new Error('a callback')
  const throws = () => {
    throw thrown
  }
  await assert.rejects(readOperations(HISTORY, { progress: throws }), thrown)
})

test('support is told of an operation that was read, and of no copy', async () => {
  const { operations } = await readOperations(LOG)
  for (const wrong of [undefined, null, 7, {}, 'x', structuredClone(operations[0])]) {
    await assert.rejects(readSupport(LOG, wrong), { name: 'TypeError' })
  }
  await assert.rejects(readSupport(LOG, operations[0], { signal: AbortSignal.abort() }), { name: 'AbortError' })
})

test('wrong options are refused', async () => {
  for (const zone of ['Mars/Olympus', '', 'W. Europe Standard Time']) {
    const unknown = (error) => {
      assert.ok(error instanceof SsprError)
      assert.match(error.message, /IANA/)
      return error.code === 'value'
    }
    await assert.rejects(readOperations(LOG, { timeZone: zone }), unknown)
    await assert.rejects(all(events.read(LOG, { timeZone: zone })), unknown)
    await assert.rejects(events.readAuditArrow(LOG, { timeZone: zone }), unknown)
    await assert.rejects(snapshot.Snapshot.read(LOG, { timeZone: zone }), unknown)
  }
  for (const options of [{ jobs: 0 }, { jobs: 256 }, { jobs: 1.5 }, { jobs: '4' }, { verify: 1 }, { timeZone: 1 }, { since: 1 }]) {
    await assert.rejects(readOperations(LOG, options), { name: 'TypeError' }, JSON.stringify(options))
    await assert.rejects(all(events.read(LOG, options)), { name: 'TypeError' }, JSON.stringify(options))
  }
  for (const settings of [{ skew: -1 }, { follow: 'long' }, { people: 7 }, { people: [{ user: 7 }] }, { holds: 1 }]) {
    assert.throws(() => new Correlator(settings), { name: 'SsprError', code: 'value' }, JSON.stringify(settings))
  }
  assert.throws(() => new Correlator({ skew: Number.MAX_SAFE_INTEGER }), { name: 'TypeError' })
  assert.throws(() => new Correlator(null), { name: 'TypeError' })
  assert.throws(() => Correlator(), { name: 'TypeError' })
})

test('a local time is of the zone that was stated', async () => {
  const text =
    'Level,Date and Time,Source,Event ID,Task Category\n' +
    'Information,11/20/2026 9:00:01 AM,PasswordResetService,31002,None,PasswordResetSuccess\n'
  const csv = (options) => all(events.read(Buffer.from(text), options))
  const [unstated] = await csv()
  assert.deepEqual([unstated.localTime, unstated.time], [true, new Date('2026-11-20T09:00:01Z')])
  const [stated] = await csv({ timeZone: 'europe/berlin' })
  assert.deepEqual([stated.localTime ?? false, stated.time], [false, new Date('2026-11-20T08:00:01Z')])
})

/** The shared history, event by event, and which times the Application logs cover. */
async function pushAll(correlator) {
  for (const [source, { name, first, last }] of roundTrip('history').logs.logs.entries()) {
    if (name.endsWith('.json')) {
      for (const record of await all(events.readAudit(name))) correlator.pushAudit(record, source)
      continue
    }
    const hosts = new Set()
    for (const event of await all(events.read(name, { providers: [] }))) {
      correlator.pushEvent(event, source)
      if (event.channel === 'Application') hosts.add(event.computer)
    }
    if (hosts.size === 1) correlator.pushSpan(...hosts, new Date(first), new Date(last))
  }
}

const told = ({ kind, outcome, person, trackingId, chain }) => [kind, outcome, person.user, trackingId, chain.length]

test('events and records that callers bring are joined as those of logs', async () => {
  const expected = roundTrip('history')
  const correlator = new Correlator()
  await pushAll(correlator)
  assert.deepEqual(await correlator.ready(), [])
  const [found, ticks] = await whileTicking(() => correlator.finish())
  assert.ok(ticks() > 0)
  const sorted = (operations) => operations.map((one) => JSON.stringify(told(one))).sort()
  assert.deepEqual(sorted(found.operations), sorted(expected.operations))
  assert.deepEqual(found.statistics.outcomes, expected.statistics.outcomes)
  assert.equal(found.summary.repeated, expected.summary.repeated)
  assert.deepEqual(found.summary.connectors, expected.summary.connectors)
  assert.ok(found.operations.some(({ chain }) => new Set(chain.map(({ from }) => from.source)).size > 1))
  const bundle = await readSupport(HISTORY, found.operations.find(({ outcome }) => outcome === 'failed'))
  assert.match(bundle.text(), /one operation for support/)
  // It begins anew.
  assert.deepEqual((await correlator.finish()).operations, [])
})

test('beyond what may be held operations leave early', async () => {
  const correlator = new Correlator({ hold: 500 })
  await pushAll(correlator)
  const early = await correlator.ready()
  assert.ok(early.length > 0)
  const rest = await correlator.finish()
  assert.ok(early.length + rest.operations.length > 200)
})

const event = (id, second, text, more = {}) => ({
  provider: 'PasswordResetService',
  id,
  time: new Date(Date.UTC(2026, 10, 20, 8, 0, second)),
  computer: 'aadc01.contoso.com',
  data: [{ name: null, value: `TrackingId: 11111111-2222-3333-4444-555555555555, ${text}` }],
  ...more,
})

test('what is known of people and of the connector account makes joins', async () => {
  const set = {
    provider: 'Microsoft-Windows-Security-Auditing',
    id: 4724,
    time: new Date('2026-11-20T08:00:01.500Z'),
    computer: 'dc01.contoso.com',
    data: [
      { name: 'TargetUserName', value: 'jd1' },
      { name: 'TargetDomainName', value: 'CONTOSO' },
      { name: 'SubjectUserName', value: 'svc-writeback' },
      { name: 'SubjectDomainName', value: 'CONTOSO' },
    ],
  }
  const flow = [
    event(31001, 0, 'PasswordResetRequestStart, Details: jdoe@contoso.com'),
    event(31002, 2, 'PasswordResetSuccess, Details: Context: UserPrincipalName: jdoe@contoso.com'),
  ]
  const settings = {
    people: [{ user: 'jdoe@contoso.com', account: 'jd1', domain: 'CONTOSO' }],
    connectors: [{ name: 'svc-writeback', domain: 'CONTOSO' }],
  }
  const joined = async (known) => {
    const correlator = new Correlator(known)
    for (const one of [...flow, set]) correlator.pushEvent(one)
    return correlator.finish()
  }
  const without = await joined()
  assert.deepEqual([without.operations[0].chain.length, without.summary.outside.length], [2, 1])
  const known = await joined(settings)
  assert.deepEqual([known.operations[0].chain.length, known.summary.outside.length], [3, 0])
  assert.equal(known.summary.connectors[0].known, 'stated')
  const atHand = roundtrip.operations([...flow, set], settings)
  assert.deepEqual(atHand, known.operations)
})

test('a password set and the span of a log are taken', async () => {
  const correlator = new Correlator()
  const first = new Date('2026-11-20T00:00:00Z')
  correlator.pushSpan('aadc01.contoso.com', first, new Date('2026-11-21T00:00:00Z'))
  correlator.pushEvent(event(31002, 2, 'PasswordResetSuccess'))
  correlator.pushPasswordSet({ user: 'anoe@contoso.com', account: 'anoe', at: new Date('2026-11-20T12:00:00Z') }, 3)
  const { summary } = await correlator.finish()
  assert.deepEqual(summary.outside.map(({ user, event: id, from }) => [user, id, from.source]), [['anoe@contoso.com', null, 3]])
})

test('times that no clock shows count as none', async () => {
  const correlator = new Correlator()
  correlator.pushEvent({ ...event(31001, 0, 'PasswordResetRequestStart'), time: '-262143-01-01T00:00:00Z' })
  correlator.pushEvent({ ...event(31002, 0, 'PasswordResetSuccess'), time: '+262142-12-31T23:59:59Z' })
  const { operations } = await correlator.finish()
  assert.deepEqual(operations.map(({ outcome, start, end }) => [outcome, start, end]), [['written', null, null]])
  const bundle = await readSupport(LOG, operations[0])
  assert.deepEqual(bundle.events, [])
})

test('what is no event, record or time is refused, and the rest is joined', async () => {
  const correlator = new Correlator()
  for (const wrong of [undefined, null, 7, true, () => {}]) {
    assert.throws(() => correlator.pushEvent(wrong), { name: 'TypeError' })
    assert.throws(() => correlator.pushAudit(wrong), { name: 'TypeError' })
  }
  assert.throws(() => correlator.pushEvent({ provider: 'x' }), { name: 'SsprError', code: 'value' })
  assert.throws(() => correlator.pushEvent({ ...event(1, 0, ''), time: new Date(NaN) }), { name: 'TypeError' })
  assert.throws(() => correlator.pushEvent(event(1, 0, ''), -1), { name: 'TypeError' })
  assert.throws(() => correlator.pushAudit({ activity: 'reset' }), { name: 'SsprError' })
  assert.throws(() => correlator.pushPasswordSet({ user: 'x' }), { name: 'SsprError' })
  assert.throws(() => correlator.pushSpan('x', 'yesterday', new Date()), { name: 'TypeError' })
  correlator.pushEvent(event(31002, 2, 'PasswordResetSuccess'))
  assert.equal((await correlator.finish()).operations.length, 1)
})

test('records of the audit log of a history are those of Rust', async () => {
  const expected = JSON.parse(stored('audit.json'))
  assert.ok(expected.length > 100)
  assert.deepEqual(timed(await all(events.readAudit(join(HISTORY, 'audit.json')))), timed(expected))
})

test('records of the audit log come in arrays, and as Arrow', async () => {
  const path = join(CONTOSO, 'graph/directoryAudits.json')
  const records = await all(events.readAudit(path))
  assert.ok(records.length > 5)
  assert.ok(records.every(({ time, activity, result }) => time instanceof Date && activity && result))
  const since = records[3].time
  assert.deepEqual(await all(events.readAudit(path, { since })), records.filter(({ time }) => time >= since))
  // Providers and ids are not asked for, and nothing else than records comes.
  assert.deepEqual(await all(events.readAudit(path, { ids: [7], providers: ['x'] })), records)
  assert.deepEqual(await all(events.readAudit(LOG)), [])
  const table = await events.readAuditArrow(path)
  assert.equal(table.readUInt32LE(0), 0xffffffff)
  await assert.rejects(all(events.readAudit(Buffer.from('nothing of the kind'))), { code: 'unrecognised' })
})
