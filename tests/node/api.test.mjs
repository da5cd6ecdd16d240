// The table of names and the package hold each other, in both directions.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import sspr from 'sspr'

import { require, stored } from './support.mjs'

const table = JSON.parse(stored('api.json')).map((name) => name.replace(/^sspr\./, ''))

/** Every name that is there at run time: of the package, and of each module in it. */
function atRunTime() {
  const names = []
  for (const [name, value] of Object.entries(sspr)) {
    const isModule = typeof value === 'object' && value !== null
    if (!isModule) names.push(name)
    if (isModule || ['explain', 'schema'].includes(name)) names.push(...Object.keys(value).map((inner) => `${name}.${inner}`))
  }
  return names
}

/** Every name that the types declare. */
function declared() {
  const names = new Set()
  let space = ''
  for (const line of readFileSync(join(require.resolve('sspr'), '../index.d.ts'), 'utf8').split('\n')) {
    if (line === '}') space = ''
    const opened = line.match(/^export namespace (\w+)/)
    if (opened) space = `${opened[1]}.`
    const found = line.match(/^( {2})?(?:export )?(?:interface|type|class|function|const|import) (\w+)/)
    if (found && (found[1] || line.startsWith('export'))) names.add((found[1] ? space : '') + found[2])
  }
  return names
}

test('every name of the table is in the package or its types', () => {
  const there = new Set([...atRunTime(), ...declared()])
  assert.deepEqual(table.filter((name) => !there.has(name)), [])
})

test('every name of the package and its types is in the table', () => {
  const listed = new Set(table)
  assert.deepEqual([...new Set([...atRunTime(), ...declared()])].filter((name) => !listed.has(name)), [])
})

test('what is there at run time is declared', () => {
  const types = declared()
  assert.deepEqual(atRunTime().filter((name) => !types.has(name)), [])
})
