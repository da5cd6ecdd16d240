// The first example of the README and the example programs run.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { watch } from 'sspr'

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

test('a log is watched, and another run tells nothing twice', async () => {
  const state = join(here, 'watch.json')
  await new watch.WatchState(new Date('2026-11-01T00:00:00Z')).save(state)
  const told = () => example('watch_log', LOG, state, '1').stdout
  assert.match(told(), /^2026-\S+ failure \S+@contoso\.com: \S/m)
  assert.doesNotMatch(told(), / failure /)
  assert.equal(example('watch_log', LOG, '', '1').status, 0)
})

test('the other examples of the README run', async () => {
  const [, ...programs] = readFileSync(join(require.resolve('sspr'), '../README.md'), 'utf8').matchAll(/^```js\n([^]*?)```/gm)
  assert.equal(programs.length, 2)
  const folder = mkdtempSync(join(here, 'readme-'))
  mkdirSync(join(folder, 'logs'))
  copyFileSync(LOG, join(folder, 'logs/application.evtx'))
  copyFileSync(join(CONTOSO, 'graph/directoryAudits.json'), join(folder, 'audit.json'))
  await new watch.WatchState(new Date('2026-11-01T00:00:00Z')).save(join(folder, 'watch.json'))
  const said = programs.map(([, program], number) => {
    writeFileSync(join(folder, `${number}.mjs`), program)
    const done = spawnSync(process.execPath, [`${number}.mjs`], { cwd: folder, encoding: 'utf8' })
    assert.equal(done.stderr, '')
    return done.stdout
  })
  assert.match(said[0], /^[\d.]+ Grant the [^]*SSPR writeback: one operation for support/)
  assert.match(said[1], /^failure \S/m)
})
