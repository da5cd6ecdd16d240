// Logs while they are written.
import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'

import { SsprError, watch } from 'sspr'

import { REPORTS, failing, stored, timed } from './support.mjs'

const { Watch, WatchState } = watch

const root = mkdtempSync(join(tmpdir(), 'sspr-watch-'))
after(() => rmSync(root, { recursive: true }))
let folders = 0
const folder = () => mkdtempSync(join(root, `${(folders += 1)}-`))

const SINCE = new Date('2026-11-20T08:00:00Z')
const at = (minute) => new Date(SINCE.getTime() + minute * 60_000)

test('notices of a history are those of Rust', async () => {
  const expected = JSON.parse(stored('notices.json'))
  const seen = new Watch(join(REPORTS, 'history'), { refusals: true, since: new Date(expected.since) })
  const followed = await seen.look({ now: new Date(expected.now) })
  assert.ok(expected.notices.length > 5)
  assert.deepEqual(timed(seen.untold), timed(expected.notices))
  assert.deepEqual(seen.untold.map((notice) => watch.text(notice)), expected.texts)
  assert.deepEqual(timed(followed), timed(expected.followed))
  const [notice] = seen.untold
  assert.equal(watch.text(structuredClone(notice)), expected.texts[0])
  assert.equal(watch.text(JSON.stringify(notice), { width: 80 }), expected.texts[0])
  assert.ok(watch.text(notice, { color: true }).includes('\x1b['))
  for (const wrong of [undefined, null, 7]) assert.throws(() => watch.text(wrong), { name: 'TypeError' })
  assert.throws(() => watch.text({}), { name: 'SsprError' })
  assert.throws(() => watch.text(notice, { width: -1 }), { name: 'TypeError' })
})

test('a growing log tells each failure once, and a saved state goes on where it stopped', async () => {
  const place = folder()
  const log = join(place, 'application.xml')
  const kept = join(place, 'state.json')
  writeFileSync(log, failing(1, 1))
  let seen = new Watch(log, { since: SINCE, state: await WatchState.load(kept) })
  const followed = await seen.look({ now: at(2) })
  assert.deepEqual(followed, { files: 1, changed: [{ name: log, change: 'new' }], skipped: [] })
  const [notice, ...others] = seen.untold
  assert.deepEqual(others, [])
  assert.deepEqual([notice.kind, notice.weight, notice.user, notice.cause], ['failure', 'error', 'jdoe@contoso.com', 'accessDenied'])
  assert.ok(notice.at instanceof Date && notice.id && notice.message && notice.next)
  assert.deepEqual(seen.state.untold, [notice])
  seen.told(1)
  assert.deepEqual(seen.untold, [])
  await seen.state.save(kept)
  appendFileSync(log, failing(2, 3))
  seen = new Watch([pathToFileURL(log)], { state: await WatchState.load(kept) })
  assert.deepEqual(seen.state.since, SINCE)
  await seen.look({ now: at(4) })
  assert.deepEqual(seen.untold.map(({ trackingId }) => trackingId), ['11111111-2222-3333-4444-000000000002'])
  assert.equal(readFileSync(kept, 'utf8').includes('hunter2'), false)
})

test('a notice that is told while a look goes on does not come again', async () => {
  const log = join(folder(), 'application.xml')
  writeFileSync(log, failing(1, 1))
  const seen = new Watch(log, { since: SINCE })
  await seen.look({ now: at(2) })
  appendFileSync(log, failing(2, 3))
  const looks = seen.look({ now: at(4) })
  seen.told(1)
  await looks
  assert.deepEqual(seen.untold.map(({ trackingId }) => trackingId.slice(-1)), ['2'])
})

test('two looks at once are refused', async () => {
  const log = join(folder(), 'application.xml')
  writeFileSync(log, Array.from({ length: 3_000 }, (_, number) => failing(number, 1)).join(''))
  const seen = new Watch(log, { since: SINCE })
  const looks = [seen.look({ now: at(2) }), seen.look({ now: at(2) })]
  const [first, second] = await Promise.allSettled(looks)
  assert.equal(first.status, 'fulfilled')
  assert.ok(second.reason instanceof SsprError)
  assert.equal(seen.untold.filter(({ kind }) => kind === 'failure').length, 3_000)
})

test('a look that is stopped changes nothing', async () => {
  const log = join(folder(), 'application.xml')
  writeFileSync(log, failing(1, 1))
  const seen = new Watch(log, { since: SINCE })
  const before = seen.state.toJson()
  await assert.rejects(seen.look({ now: at(2), signal: AbortSignal.abort() }), { name: 'AbortError' })
  const reason = new Error('enough')
  const progress = () => {
    throw reason
  }
  await assert.rejects(seen.look({ now: at(2), progress }), reason)
  await seen.look({ now: at(2) })
  assert.equal(seen.untold.length, 1)
  assert.notEqual(seen.state.toJson(), before)
})

test('silence is told after the time that was stated, and never for ever', async () => {
  const log = join(folder(), 'application.xml')
  writeFileSync(log, failing(1, 1))
  const kinds = async (options) => {
    const seen = new Watch(log, { since: at(2), ...options })
    await seen.look({ now: at(3) })
    await seen.look({ now: at(45) })
    return seen.untold.map(({ kind }) => kind)
  }
  assert.deepEqual(await kinds(), [])
  assert.deepEqual(await kinds({ silence: 30 * 60_000 }), ['silence'])
  assert.deepEqual(await kinds({ silence: Infinity }), [])
})

test('a burst and refusals are told as they are asked for', async () => {
  const log = join(folder(), 'application.xml')
  writeFileSync(log, failing(1, 1) + failing(2, 2) + failing(3, 3))
  const kinds = async (options) => {
    const seen = new Watch(log, { since: SINCE, ...options })
    await seen.look({ now: at(5) })
    return new Set(seen.untold.map(({ kind }) => kind))
  }
  assert.deepEqual(await kinds({ refusals: true }), new Set(['failure']))
  assert.ok((await kinds({ burst: 2 })).has('failure'))
})

test('files that are not there or no logs are skipped with a reason', async () => {
  const notes = join(folder(), 'notes.txt')
  writeFileSync(notes, 'nothing of the kind')
  const seen = new Watch([notes, '/there/is/no/such/file'], { since: SINCE })
  const { skipped } = await seen.look({ now: at(1) })
  assert.deepEqual(skipped.map(({ reason }) => reason.code).sort(), ['io', 'unrecognised'])
})

test('a state is JSON, and what is damaged is refused', async () => {
  const place = folder()
  assert.equal(await WatchState.load(join(place, 'none.json')), null)
  const state = new WatchState(SINCE)
  assert.equal(WatchState.fromJson(state.toJson()).toJson(), state.toJson())
  for (const json of ['', '{', '[]', state.toJson().slice(0, -3), '{"schema":"sspr-watch/1"}']) {
    assert.throws(() => WatchState.fromJson(json), { name: 'SsprError', code: 'syntax' })
  }
  assert.throws(() => WatchState.fromJson(state.toJson().replace('watch/1', 'watch/9')), { name: 'SsprError', code: 'unsupported' })
  const damaged = join(place, 'damaged.json')
  writeFileSync(damaged, '{"schema"')
  await assert.rejects(WatchState.load(damaged), (error) => error instanceof SsprError && error.place.includes('damaged.json'))
  await assert.rejects(state.save(join(place, 'no/such/folder/state.json')), { name: 'SsprError', code: 'io' })
})

test('wrong arguments are TypeErrors', async () => {
  for (const wrong of [7, null, undefined, {}, [7]]) assert.throws(() => new Watch(wrong), { name: 'TypeError' })
  for (const wrong of [{ burst: -1 }, { burst: '9' }, { silence: 1.5 }, { since: 'now' }, { state: {} }, { refusals: 1 }, 7, null]) {
    assert.throws(() => new Watch(root, wrong), { name: 'TypeError' }, JSON.stringify(wrong))
  }
  const seen = new Watch(root)
  assert.throws(() => seen.told(-1), { name: 'TypeError' })
  await assert.rejects(seen.look({ now: 7 }), { name: 'TypeError' })
  for (const far of [-8.64e15, -8_334_601_228_799_999, 8_210_266_876_799_999, 8.64e15].map((time) => new Date(time))) {
    assert.throws(() => new WatchState(far), { name: 'TypeError' })
    assert.throws(() => new Watch(root, { since: far }), { name: 'TypeError' })
    await assert.rejects(seen.look({ now: far }), { name: 'TypeError' })
  }
  assert.throws(() => new WatchState('now'), { name: 'TypeError' })
  assert.throws(() => WatchState.fromJson({}), { name: 'TypeError' })
})
