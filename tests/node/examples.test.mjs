// The first example of the README and the example programs run.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { CONTOSO, LOG, ROOT, require } from './support.mjs'

const here = import.meta.dirname

/** Runs a program of `examples/` from here, where the package is found. */
function example(name, ...args) {
  const file = join(here, `${name}.mjs`)
  copyFileSync(join(ROOT, 'examples', `${name}.mjs`), file)
  const done = spawnSync(process.execPath, [file, ...args], { encoding: 'utf8', timeout: 60_000 })
  assert.equal(done.stderr, '')
  return done
}

test('the first example of the README runs', () => {
  const [, program] = readFileSync(join(require.resolve('sspr'), '../README.md'), 'utf8').match(/```js\n([^]*?)```/)
  const file = join(here, 'readme.mjs')
  writeFileSync(file, program)
  const done = spawnSync(process.execPath, [file], { encoding: 'utf8' })
  assert.equal(done.stderr, '')
  assert.match(done.stdout, /^fail\nSSPR101 /)
})

test('a tenant is judged', () => {
  const done = example('judge_tenant', CONTOSO, '2026-11-20T12:00:00Z')
  assert.equal(done.status, 1)
  assert.match(done.stdout, /^16 of 93 people cannot reset\n[^]*SSPR801 \(10\): Right to reset passwords\n {2}Import-Module/)
})

test('people without a licence are listed', () => {
  assert.match(example('unlicensed_people', CONTOSO).stdout, /^\S+@contoso\.com: no \S/m)
})

test('a denied reset is explained', () => {
  const done = example('denied_reset', LOG, 'epoe@contoso.com')
  assert.match(done.stdout, /^2026-\S+: reset failed\n[^]*rules: .*SSPR801/)
})

test('a log is watched', () => {
  assert.match(example('watch_log', LOG, '1').stdout, /^2026-\S+ 33004 \S+@contoso\.com: \S/m)
})
