// What a watch tells, posted to a receiver.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { inspect } from 'node:util'

import { SsprError, watch } from 'sspr'

import { failing } from './support.mjs'

const { Post, Watch, WatchState } = watch

const root = mkdtempSync(join(tmpdir(), 'sspr-post-'))
after(() => rmSync(root, { recursive: true }))
const SINCE = new Date('2026-11-20T08:00:00Z')
const at = (minute) => new Date(SINCE.getTime() + minute * 60_000)
const TOKEN = 'Bearer contoso-example-token'
const PATH = '/hooks/contoso-example-path'
const log = join(root, 'application.xml')
writeFileSync(log, failing(1, 1))

/** A receiver that answers as it is told, and with 200 otherwise. Nothing is answered by null. */
async function receiver(context, ...answers) {
  const requests = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    requests.push({ url: request.url, method: request.method, headers: request.headers, body })
    server.emit('received')
    const answer = answers.length ? answers.shift() : [200]
    if (answer !== null) response.writeHead(answer[0], answer[1]).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  context.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const host = `127.0.0.1:${server.address().port}`
  return { server, requests, host, url: `http://${host}${PATH}` }
}

async function looked() {
  const seen = new Watch(log, { since: SINCE })
  await seen.look({ now: at(2) })
  assert.equal(seen.untold.length, 1)
  return seen
}

test('notices are posted as JSON lines, and crossed out', async (context) => {
  const { url, host, requests } = await receiver(context)
  const seen = await looked()
  const [notice] = seen.untold
  const post = new Post({ url: new URL(url), headers: { Authorization: TOKEN, 'X-Source': 'sspr' }, timeout: 5_000 })
  assert.equal(post.host, host)
  assert.deepEqual(await post.send(seen, { now: at(2) }), { taken: 1, until: null, why: null })
  assert.deepEqual(seen.untold, [])
  const [{ headers, body, ...line }] = requests
  assert.deepEqual(line, { url: PATH, method: 'POST' })
  assert.deepEqual([headers.authorization, headers['x-source'], headers['content-type']], [TOKEN, 'sspr', 'application/x-ndjson'])
  assert.equal(JSON.parse(body).id, notice.id)
  // With nothing to tell nobody is spoken to.
  assert.equal((await post.send(seen)).taken, 0)
  assert.equal(requests.length, 1)
})

test('what is not taken is kept and posted again', async (context) => {
  const { url, requests } = await receiver(context, [503], [429, { 'Retry-After': '120' }], [403])
  const seen = await looked()
  const post = new Post({ url })
  const first = await post.send(seen, { now: at(2) })
  assert.deepEqual([first.taken, first.until, first.why.code], [0, at(2), 'connection'])
  assert.ok(first.why instanceof SsprError)
  const second = await post.send(seen, { now: at(2) })
  assert.deepEqual(second.until, at(4))
  assert.deepEqual(await post.send(seen, { now: at(3) }), { taken: 0, until: at(4), why: null })
  assert.equal(requests.length, 2)
  // The state keeps what the receiver asked for.
  const other = new Watch(log, { state: WatchState.fromJson(seen.state.toJson()) })
  assert.deepEqual((await new Post({ url }).send(other, { now: at(3) })).until, at(4))
  const { why } = await post.send(seen, { now: at(5) })
  assert.deepEqual([why.code, seen.untold.length], ['refused', 1])
  assert.match(why.message, /403/)
  assert.ok(why.help)
  assert.equal((await post.send(seen, { now: at(60) })).taken, 1)
})

test('secrets are never shown', async (context) => {
  const { url, host } = await receiver(context, [500], [302, { Location: `http://127.0.0.2${PATH}` }], [404])
  const seen = await looked()
  const post = new Post({ url, headers: { Authorization: TOKEN } })
  const deep = { depth: Infinity, showHidden: true }
  const shown = [inspect(post, deep), JSON.stringify(post), String(post)]
  for (const minute of [2, 62, 122]) {
    const posted = await post.send(seen, { now: at(minute) })
    assert.ok(posted.why)
    shown.push(inspect(posted, deep))
  }
  shown.push(seen.state.toJson(), inspect(seen, deep))
  for (const [wrong, code] of [
    [{ url: `ftp://${host}${PATH}` }, 'value'],
    [{ url: `http://alerts.contoso.com${PATH}` }, 'refused'],
    [{ url: PATH }, 'value'],
    [{ url, headers: { Authorization: `${TOKEN}\nx: y` } }, 'value'],
    [{ url, headers: { [TOKEN]: 'x' } }, 'value'],
    [{ url, headers: { Host: TOKEN } }, 'value'],
    [{ url, headers: { 'X-Source': '' } }, 'value'],
    [{ url, timeout: 0 }, 'range'],
    [{ url, timeout: 2 * 3600_000 }, 'range'],
    [{ url, caFile: '/there/is/no/such/file' }, 'io'],
  ]) {
    const refused = (error) => {
      shown.push(inspect(error, deep), error.stack)
      assert.ok(error instanceof SsprError)
      assert.equal(error.code, code)
      return true
    }
    assert.throws(() => new Post(wrong), refused, JSON.stringify(wrong))
  }
  for (const wrong of [
    undefined,
    null,
    url,
    {},
    { url: 7 },
    { url: { secret: TOKEN } },
    { url, headers: TOKEN },
    { url, headers: [TOKEN] },
    { url, headers: { Authorization: [TOKEN] } },
    { url, headers: { Authorization: `${TOKEN}\ud800` } },
    { url, timeout: '5' },
    { url, timeout: -1 },
    { url, timeout: Infinity },
    { url, caFile: { secret: TOKEN } },
  ]) {
    const refused = (error) => {
      shown.push(inspect(error, deep), error.stack)
      return error instanceof TypeError
    }
    assert.throws(() => new Post(wrong), refused, inspect(wrong))
  }
  const text = shown.join('\n')
  assert.ok(text.includes(host))
  for (const secret of [TOKEN, 'contoso-example-token', PATH, 'contoso-example-path']) assert.equal(text.includes(secret), false)
})

test('what is no watch and no time is refused', async (context) => {
  const { url, requests } = await receiver(context)
  const seen = await looked()
  const post = new Post({ url })
  for (const wrong of [undefined, null, 7, {}, seen.state, Object.create(Watch.prototype)]) {
    await assert.rejects(post.send(wrong), { name: 'TypeError' })
  }
  for (const wrong of [{ now: 7 }, { now: new Date(NaN) }, { now: new Date(8.64e15) }, { signal: 7 }, 7, null]) {
    await assert.rejects(post.send(seen, wrong), { name: 'TypeError' })
  }
  assert.deepEqual([requests.length, seen.untold.length], [0, 1])
  assert.throws(() => Post({ url }), { name: 'TypeError' })
})

test('a signal stops it, and the notices are kept', async (context) => {
  const { url, server } = await receiver(context, null)
  const seen = await looked()
  const post = new Post({ url })
  await assert.rejects(post.send(seen, { now: at(2), signal: AbortSignal.abort() }), { name: 'AbortError' })
  const control = new AbortController()
  const reason = new Error('enough')
  server.once('received', () => control.abort(reason))
  const started = Date.now()
  await assert.rejects(post.send(seen, { now: at(2), signal: control.signal }), reason)
  assert.ok(Date.now() - started < 10_000)
  assert.equal(seen.untold.length, 1)
  // And both go on afterwards.
  assert.equal((await post.send(seen, { now: at(2) })).taken, 1)
})

test('meanwhile the event loop goes on, and watch and post take nothing else', async (context) => {
  const { url, server, requests } = await receiver(context, null)
  const [seen, other] = [await looked(), await looked()]
  const post = new Post({ url, timeout: 1_000 })
  let ticks = 0
  const timer = setInterval(() => (ticks += 1), 5)
  context.after(() => clearInterval(timer))
  const sending = post.send(seen, { now: at(2) })
  await once(server, 'received')
  assert.throws(() => seen.told(1), { name: 'SsprError' })
  await assert.rejects(seen.look({ now: at(3) }), { name: 'SsprError' })
  await assert.rejects(new Post({ url }).send(seen, { now: at(3) }), { name: 'SsprError' })
  await assert.rejects(post.send(other, { now: at(3) }), { name: 'SsprError' })
  const posted = await sending
  assert.deepEqual([posted.taken, posted.why.code, requests.length], [0, 'connection', 1])
  assert.ok(ticks > 10)
  assert.deepEqual([seen.untold.length, other.untold.length], [1, 1])
  seen.told(1)
  assert.deepEqual(seen.untold, [])
  assert.equal((await post.send(other, { now: at(2) })).taken, 1)
})
