// The same evidence gives the same report as in Rust, byte for byte.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'

import { assess, Report, readiness, Snapshot } from 'sspr'

import { AS_OF, CONTOSO, ROOT, cases, stored } from './support.mjs'

const date = (text) => (text === null ? undefined : new Date(text))

test('every shared case gives the report of Rust, byte for byte', async () => {
  for (const { rule, name, asOf, observedAt, config, evidence, report } of cases()) {
    const given = evidence.map(({ name, text }) => ({ name, data: text }))
    const found = await assess(given, { asOf: date(asOf), observedAt: date(observedAt), config })
    assert.equal(found.json(), report, `${rule} / ${name}`)
  }
})

test('the invented tenants give the report of Rust in every form', async () => {
  for (const tenant of ['contoso', 'fabrikam']) {
    const report = await assess(join(ROOT, 'examples', tenant), { asOf: AS_OF })
    assert.equal(report.json(), stored(`${tenant}.json`))
    assert.equal(report.markdown(true), stored(`${tenant}.md`))
    assert.equal(report.html(), stored(`${tenant}.html`))
    assert.equal(report.text(), stored(`${tenant}.txt`))
  }
})

test('reading and judging apart give the same report', async () => {
  const snapshot = await Snapshot.read(CONTOSO)
  const report = await readiness.assess(snapshot, { asOf: AS_OF })
  assert.equal(report.json(), stored('contoso.json'))
})

test('the order of the evidence does not matter', async () => {
  const parts = ['aadc01', 'aadc02.zip', 'attested.toml', 'dc01', 'graph', 'portal'].map((part) => `${CONTOSO}/${part}`)
  const [one, other] = await Promise.all([
    assess(parts, { asOf: AS_OF }),
    assess(parts.toReversed(), { asOf: AS_OF }),
  ])
  assert.equal(one.json(), other.json())
})

test('a report is what its JSON says, with dates', async () => {
  const report = await assess(CONTOSO, { asOf: AS_OF })
  const stored = JSON.parse(report.json())
  assert.deepEqual(report.toJSON(), stored)
  assert.equal(`${JSON.stringify(report, null, 2)}\n`, report.json())
  for (const [name, value] of Object.entries(stored)) {
    assert.deepEqual(JSON.parse(JSON.stringify(report[name])), withMilliseconds(value), name)
  }
  assert.ok(report.asOf instanceof Date)
  assert.equal(report.asOf.getTime(), AS_OF.getTime())
  assert.ok(report.lastProof.at instanceof Date)
  assert.equal(report.finding('sspr801').verdict, 'fail')
  assert.equal(report.finding('SSPR000'), null)
  assert.equal(report.findings, report.findings, 'a field is made once')
})

test('a stored report is read again', async () => {
  const report = Report.fromJson(stored('contoso.json'))
  assert.equal(report.json(), stored('contoso.json'))
  assert.throws(() => Report.fromJson('{"schema":"other/1"}'), { name: 'SsprError' })
})

test('text takes a width, colours and details', async () => {
  const report = Report.fromJson(stored('contoso.json'))
  const lines = report.text({ width: 60 }).split('\n')
  assert.ok(lines.filter((line) => !/Import-Module|Set-AD/.test(line)).every((line) => line.length <= 60))
  assert.match(report.text({ color: true }), /\u001b\[/)
  assert.ok(report.text({ details: true }).length > report.text().length)
})

test('without a time the verdict is for now', async () => {
  const before = Date.now() - 1000
  const report = await assess({ name: 'empty', data: '' })
  assert.ok(report.asOf.getTime() >= before && report.asOf.getTime() <= Date.now())
  assert.equal(report.asOf.getMilliseconds(), 0)
})

/** Times as `Date` spells them; measured values are JSON as it is. */
function withMilliseconds(value) {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return new Date(value).toISOString()
  if (Array.isArray(value)) return value.map(withMilliseconds)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, key === 'values' ? inner : withMilliseconds(inner)]))
}
