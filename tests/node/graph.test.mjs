// A tenant that is read through Graph, from a server that behaves as Graph does.
import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import { SsprError, assess, graph } from 'sspr'

import { AS_OF, stored } from './support.mjs'

const GRAPH = JSON.parse(stored('graph.json'))
const WHERE = { root: GRAPH.root, caFile: GRAPH.authority }
const APPLICATION = { ...WHERE, authority: GRAPH.root, tenant: 'contoso.onmicrosoft.com', clientId: GRAPH.clientId }
const TOKEN = { token: GRAPH.token }
const place = () => join(mkdtempSync(join(tmpdir(), 'sspr-')), 'graph')

test('what is collected is evidence', async () => {
  const folder = place()
  const steps = []
  const collected = await graph.collect({ ...APPLICATION, folder }, { clientSecret: GRAPH.clientSecret }, {
    progress: (step) => steps.push(step),
  })
  assert.equal(collected.complete, true)
  assert.equal(collected.initialDomain, 'contoso.onmicrosoft.com')
  assert.ok(collected.people > 90 && steps.length > 0)
  const report = await assess(folder, { asOf: AS_OF })
  assert.equal(report.findings.find((finding) => finding.code === 'SSPR701').verdict, 'pass')
})

test('an aborted run is resumed', async () => {
  const folder = place()
  const stop = new AbortController()
  const reason = new Error('enough')
  const run = graph.collect({ ...WHERE, folder }, TOKEN, { signal: stop.signal, progress: () => stop.abort(reason) })
  await assert.rejects(run, reason)
  assert.equal((await graph.collect({ ...WHERE, folder, resume: true }, TOKEN)).complete, true)
})

test('a provider gives tokens, and what it throws is what the promise is rejected with', async () => {
  const asked = []
  const provider = async (claims) => {
    asked.push(claims)
    return { token: GRAPH.token, expires: new Date('2100-01-01T00:00:00Z') }
  }
  assert.equal((await graph.collect({ ...WHERE, folder: place() }, { provider })).complete, true)
  assert.deepEqual(asked, [null])
  const away = new Error('the broker is away')
  const failing = graph.collect({ ...WHERE, folder: place() }, { provider: () => Promise.reject(away) })
  await assert.rejects(failing, (error) => error === away)
  await assert.rejects(graph.collect({ ...WHERE, folder: place() }, { provider: () => 5 }), TypeError)
})

test('ways to sign in are checked, and no secret is shown', async () => {
  for (const signIn of [null, {}, { token: 5 }, { token: 'a', clientSecret: 'b' }, { password: 'x' }, { provider: 1 }]) {
    await assert.rejects(graph.collect({ ...WHERE, folder: place() }, signIn), TypeError)
  }
  const secret = { clientSecret: 'Example-Secret-1' }
  await assert.rejects(graph.collect({ ...APPLICATION, folder: place() }, secret), (error) => {
    assert.ok(error instanceof SsprError && !`${error.stack}`.includes('Example-Secret-1'))
    return true
  })
})

test('a client gives answers, pages and batches', async () => {
  const client = new graph.Client(WHERE, TOKEN)
  assert.equal((await client.get('/v1.0/organization')).value.length, 1)
  const pages = await client.pages('/v1.0/users?$select=id&$top=50')
  const ids = pages.flatMap((page) => page.value.map((user) => user.id))
  assert.ok(pages.length > 1)
  assert.equal(new Set(ids).size, ids.length)
  const [first, missing] = await client.batch(['/v1.0/organization', '/v1.0/nothing'])
  assert.ok(first.value)
  assert.ok(missing instanceof SsprError)
  await assert.rejects(client.get('/v1.0/organization', { signal: AbortSignal.abort(new Error('no')) }), /no/)
})

test('every request is told without asking anybody', () => {
  const requests = graph.plan({ folder: 'evidence' })
  assert.equal(requests.find((request) => request.part === 'users').permission, 'User.Read.All')
  assert.ok(requests.every((request) => request.url.startsWith('https://graph.microsoft.com/')))
  assert.throws(() => graph.plan({ folder: 'e', root: 'http://graph.contoso.com' }), { name: 'SsprError' })
  assert.throws(() => graph.plan({ folder: 'e', secret: 'x' }), { name: 'SsprError' })
  assert.ok(graph.elsewhere().every((one) => one.how))
})
