// The command is the one of Rust.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'

import { CONTOSO, require, stored } from './support.mjs'

const bin = join(require.resolve('sspr/package.json'), '..', require('sspr/package.json').bin.sspr)
const sspr = (args, options) => spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8', ...options })

test('the command assesses, with its exit codes', () => {
  const done = sspr(['assess', CONTOSO, '--as-of', '2026-11-20T12:00:00Z', '--format', 'json'])
  assert.equal(done.status, 1)
  assert.equal(done.stdout, stored('contoso.json'))
  assert.equal(done.stderr, '')
  assert.equal(sspr(['no-such-command']).status, 2)
  assert.match(sspr(['--version']).stdout, /^sspr \d/)
})

test('the command reads standard input', () => {
  const done = sspr(['explain', '-'], { input: 'Event ID: 33004' })
  assert.equal(done.status, 0)
  assert.match(done.stdout, /^33004/)
})
